//! The promised figures, and whether they were reached.

use std::fmt;

/// One promised figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is measured.
    pub what: String,
    /// What was measured; none = it could not be, here.
    pub measured: Option<f64>,
    /// What it has to be.
    pub bound: Bound,
}

/// On which side of a figure the promise lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Limit {
    /// A figure that must not be exceeded.
    pub fn at_most(what: impl Into<String>, measured: Option<f64>, most: f64) -> Self {
        Self { what: what.into(), measured, bound: Bound::AtMost(most) }
    }

    /// A figure that must be reached.
    pub fn at_least(what: impl Into<String>, measured: Option<f64>, least: f64) -> Self {
        Self { what: what.into(), measured, bound: Bound::AtLeast(least) }
    }

    /// Whether it was measured and missed.
    pub fn is_missed(&self) -> bool {
        match (self.measured, self.bound) {
            (None, _) => false,
            (Some(measured), Bound::AtMost(most)) => measured > most,
            (Some(measured), Bound::AtLeast(least)) => measured < least,
        }
    }

    /// `reached`, `missed`, or `not measured`.
    pub fn verdict(&self) -> &'static str {
        match self.measured {
            None => "not measured",
            Some(_) if self.is_missed() => "**missed**",
            Some(_) => "reached",
        }
    }

    /// What was measured, for a table.
    pub fn shown(&self) -> String {
        self.measured.map_or_else(|| "–".to_owned(), |measured| format!("{measured:.3}"))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, must be {}", self.what, self.shown(), self.bound)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::AtLeast(least) => write!(f, "≥ {least}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_reached_and_anything_beyond_is_missed() {
        assert!(!Limit::at_most("x", Some(1.02), 1.02).is_missed(), "exactly the most");
        assert!(Limit::at_most("x", Some(1.021), 1.02).is_missed(), "more than the most");
        assert!(!Limit::at_least("x", Some(3.0), 3.0).is_missed(), "exactly the least");
        assert!(Limit::at_least("x", Some(2.9), 3.0).is_missed(), "less than the least");
    }

    #[test]
    fn what_was_not_measured_is_never_called_reached() {
        let limit = Limit::at_most("x", None, 1.0);
        assert_eq!((limit.verdict(), limit.is_missed()), ("not measured", false), "neither");
    }
}
