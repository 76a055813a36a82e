//! Who else a plan touches, as far as it takes to tell two such lists apart: counted and summed up,
//! so that neither needs to be kept.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use heirloom_store::Store;
use heirloom_store::app::journal::{RunId, Touch};

use crate::Result;

/// Scopes taken out of the journal at once.
const WINDOW: u32 = 5_000;

/// Those for whom something changes, or may. Who has settings of its own and keeps them is no
/// reason to look at a plan again.
const TOUCHED: [(Touch, &str); 4] = [
    (Touch::Change, "change"),
    (Touch::SwitchOn, "are switched on"),
    (Touch::Maybe, "may be switched on"),
    (Touch::Unseen, "cannot be seen"),
];

/// Scopes of one sort, in whatever order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Scopes {
    count: u64,
    sum: u64,
}

/// Who else a plan touches.
#[derive(Debug, Default)]
pub(super) struct Radius(BTreeMap<Touch, Scopes>);

impl Radius {
    /// Adds a scope by its path.
    pub(super) fn add(&mut self, how: Touch, path: &str) {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let scopes = self.0.entry(how).or_default();
        scopes.count += 1;
        scopes.sum = scopes.sum.wrapping_add(hasher.finish());
    }

    /// As it was written down with a plan.
    pub(super) fn of(store: &Store, run: RunId) -> Result<Self> {
        let mut radius = Self::default();
        for (how, _) in TOUCHED {
            let mut read = 0;
            loop {
                let (_, window) = store.touched(run, how, read, WINDOW)?;
                if window.is_empty() {
                    break;
                }
                read += WINDOW;
                window.iter().for_each(|it| radius.add(how, &it.path));
            }
        }
        Ok(radius)
    }

    /// In which way this is another one than was `said`; none: it is the same.
    pub(super) fn other_than(&self, said: &Self) -> Option<String> {
        let moved: Vec<String> = TOUCHED
            .into_iter()
            .filter_map(|(how, what)| {
                let of = |radius: &Self| radius.0.get(&how).copied().unwrap_or_default();
                let (now, then) = (of(self), of(said));
                match (now == then, now.count == then.count) {
                    (true, _) => None,
                    (false, true) => Some(format!("others {what}")),
                    (false, false) => Some(format!("{} {what}, not {}", now.count, then.count)),
                }
            })
            .collect();
        (!moved.is_empty()).then(|| moved.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn radius(scopes: &[(Touch, &str)]) -> Radius {
        let mut radius = Radius::default();
        scopes.iter().for_each(|(how, path)| radius.add(*how, path));
        radius
    }

    #[test]
    fn lists_are_told_apart_by_who_is_in_them_and_not_by_their_order() {
        let said = radius(&[(Touch::Change, "a"), (Touch::Change, "b"), (Touch::Keep, "c")]);
        let turned = radius(&[(Touch::Change, "b"), (Touch::Change, "a")]);
        assert_eq!(turned.other_than(&said), None, "the same scopes change");
        let others = radius(&[(Touch::Change, "a"), (Touch::Change, "d")]);
        assert_eq!(others.other_than(&said).as_deref(), Some("others change"), "as many");
        let more = radius(&[(Touch::Change, "a"), (Touch::SwitchOn, "b")]);
        assert_eq!(
            more.other_than(&said).as_deref(),
            Some("1 change, not 2; 1 are switched on, not 0"),
            "each sort that is another one is counted"
        );
    }
}
