//! Numbers of rows, one bit of knowledge each: over an estate, faster than a set.

/// Row numbers from 0 on; SQLite gives them out one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marked {
    is: Vec<bool>,
    n: usize,
}

impl Marked {
    /// Adds a number. Negative ones, which no row has, are passed over.
    pub(crate) fn insert(&mut self, number: i64) {
        let Ok(index) = usize::try_from(number) else { return };
        if self.is.len() <= index {
            self.is.resize(index + 1, false);
        }
        if let Some(is) = self.is.get_mut(index) {
            self.n += usize::from(!*is);
            *is = true;
        }
    }

    pub(crate) fn has(&self, number: i64) -> bool {
        usize::try_from(number).is_ok_and(|index| self.is.get(index) == Some(&true))
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.n
    }

    /// All of them, the least first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        (0..).zip(&self.is).filter(|(_, is)| **is).map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_set_of_what_was_inserted(
            numbers in proptest::collection::vec(0..200_i64, 0..60),
        ) {
            let (mut marked, mut set) = (Marked::default(), BTreeSet::new());
            for number in numbers {
                marked.insert(number);
                set.insert(number);
                prop_assert_eq!(marked.len(), set.len(), "twice counts once");
            }
            prop_assert_eq!(marked.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
            prop_assert!((0..250).all(|number| marked.has(number) == set.contains(&number)));
        }
    }
}
