//! Points in time, as people give them.

use std::str::FromStr;

use heirloom_engine::{Connection, Engine};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::exit::{Failure, Result};

/// From when on.
#[derive(Clone, Debug)]
pub enum Since {
    /// From this time.
    At(Timestamp),
    /// For so long.
    Ago(Span),
    /// What the last whole sync noticed, and what came after it.
    LastSync,
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if text == "last-sync" {
            return Ok(Self::LastSync);
        }
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        // A whole day only: a time without its zone could be anybody's.
        if text.len() == "2026-11-14".len()
            && let Ok(day) = text.parse::<Date>()
            && let Ok(start) = day.to_zoned(TimeZone::UTC)
        {
            return Ok(Self::At(start.timestamp()));
        }
        match text.parse::<Span>() {
            Ok(span) if !span.is_zero() => Ok(Self::Ago(span.abs())),
            _ => Err("give a time such as 2026-11-14T09:00:00Z, a day such as 2026-11-14, a time \
                      ago such as 7d or 12h, or last-sync"
                .into()),
        }
    }
}

impl Since {
    /// The time itself.
    ///
    /// # Errors
    /// When there was no whole sync to count from, the time is yet to come, or nobody can count so
    /// far back.
    pub async fn resolve(&self, engine: &Engine, connection: &Connection) -> Result<Timestamp> {
        match self {
            Self::At(at) if *at > engine.now() => {
                Err(Failure::Usage(format!("--since: {at} is yet to come")))
            }
            Self::At(at) => Ok(*at),
            Self::Ago(span) => engine
                .now()
                .to_zoned(TimeZone::UTC)
                .checked_sub(*span)
                .map(|then| then.timestamp())
                .map_err(|error| Failure::Usage(format!("--since: {error}"))),
            Self::LastSync => match engine.last_sync(connection.id).await? {
                Some(run) => Ok(run.started_at),
                None => Err(Failure::Other(
                    "no whole sync has ended yet: heirloomctl sync makes one".into(),
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Since;

    #[test]
    fn times_days_and_lengths_are_told_apart() {
        for text in ["2026-11-14T09:00:00Z", "2026-11-14T09:00:00+02:00", "2026-11-14"] {
            assert!(matches!(text.parse(), Ok(Since::At(_))), "{text} is a time");
        }
        let Ok(Since::At(day)) = "2026-11-14".parse() else { panic!("a day") };
        assert_eq!(day.to_string(), "2026-11-14T00:00:00Z", "a day begins at midnight in UTC");
        for text in ["7d", "12h", "2w", "30 days", "1 month", "P7D", "7d ago"] {
            assert!(matches!(text.parse(), Ok(Since::Ago(_))), "{text} is a length");
        }
        assert!(matches!("last-sync".parse(), Ok(Since::LastSync)), "the last sync");
        for text in ["", "yesterday", "7", "0d", "2026-13-01", "2026-11-14T09:00:00"] {
            assert!(text.parse::<Since>().is_err(), "“{text}” is refused, not guessed at");
        }
    }
}
