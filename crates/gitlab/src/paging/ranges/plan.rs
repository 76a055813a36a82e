//! Which stretches of ids are still to be read, and where to cut them.
//!
//! A list paged by the last id seen can only be walked page after page; but several stretches of
//! ids can be walked side by side. Nobody says how the ids lie, so stretches are cut as the pages
//! come: whenever a walker is free, the stretch with the most left is cut in half, if what its
//! last page spanned says that enough is left. Each cut costs about half a page, so that is rare.

use std::collections::BTreeSet;

use crate::dto::HIGHEST_ID;
use crate::paging::Sent;

/// Ids between two others, both excluded, that are still to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) after: u64,
    pub(super) before: u64,
    /// How many ids the last page of it spanned.
    span: u64,
}

impl Stretch {
    fn pages_left(&self) -> u64 {
        self.before.saturating_sub(self.after) / self.span.max(1)
    }
}

/// A stretch with fewer pages left than this is not worth a cut.
const WORTH_CUTTING: u64 = 5;

/// All stretches of a list.
#[derive(Debug, Default)]
pub(super) struct Plan {
    stretches: Vec<Option<Stretch>>,
    /// What a full page holds: the most that any held. A server may give fewer than asked for.
    full: usize,
}

impl Plan {
    /// Starts with everything below the last page of the list, the one with the highest ids.
    /// Gives the number of the first stretch, if there may be anything.
    pub(super) fn below(top: &Sent) -> (Self, Option<usize>) {
        let first = match (top.ids.iter().min(), top.ids.iter().max()) {
            (Some(low), Some(high)) => Stretch { after: 0, before: *low, span: high - low + 1 },
            _ if top.count == 0 => return (Self::default(), None),
            // Not one id of that page can be made out: the rest is looked for from the beginning.
            _ => Stretch { after: 0, before: HIGHEST_ID, span: HIGHEST_ID },
        };
        let is_open = first.before > 1;
        (Self { stretches: vec![Some(first)], full: top.count }, is_open.then_some(0))
    }

    /// The stretch as it is now.
    pub(super) fn get(&self, number: usize) -> Option<Stretch> {
        self.stretches.get(number).copied().flatten()
    }

    /// Cuts the stretch with the most left, if that is worth it: gives the new one's number.
    pub(super) fn cut(&mut self) -> Option<usize> {
        let longest = self.stretches.iter_mut().flatten().max_by_key(|it| it.pages_left())?;
        if longest.pages_left() < WORTH_CUTTING {
            return None;
        }
        let middle = longest.after + (longest.before - longest.after) / 2;
        let upper = Stretch { after: middle, ..*longest };
        longest.before = middle + 1;
        self.stretches.push(Some(upper));
        Some(self.stretches.len() - 1)
    }

    /// Takes a page of a stretch, its ids in ascending order: says below which id its items belong
    /// to it (the others are another's since a cut), and whether it goes on.
    ///
    /// Counted is what the server sent, also what nobody can make sense of: a page is as full with
    /// it. It goes on after the last id that can be made out.
    pub(super) fn page(&mut self, number: usize, sent: &Sent) -> (u64, bool) {
        let Some(stretch) = self.stretches.get_mut(number).and_then(Option::as_mut) else {
            return (0, false);
        };
        self.full = self.full.max(sent.count);
        let (after, before) = (stretch.after, stretch.before);
        let last = sent.ids.last().copied().unwrap_or(after);
        let goes_on = sent.count == self.full && last > after && last + 1 < before;
        if goes_on {
            stretch.span = last - after;
            stretch.after = last;
        } else {
            self.stretches[number] = None;
        }
        (before, goes_on)
    }
}

/// How many requests a list of these ids takes, in full pages of so many: as many walkers as there
/// may be ask, and are answered one after the other. Which of them is faster can make a difference
/// of a few.
pub(super) fn requests(ids: &BTreeSet<u64>, per_page: usize, walkers: usize) -> usize {
    let sent = |ids: Vec<u64>| Sent { count: ids.len(), ids };
    let top = ids.iter().rev().take(per_page).copied().collect();
    let (mut plan, first) = Plan::below(&sent(top));
    let mut running: Vec<usize> = first.into_iter().collect();
    let mut requests = 1;
    while !running.is_empty() {
        while running.len() < walkers
            && let Some(number) = plan.cut()
        {
            running.push(number);
        }
        let asked: Vec<_> = running.iter().map(|it| (*it, plan.get(*it))).collect();
        for (number, stretch) in asked {
            requests += 1;
            let page = stretch.map_or_else(Vec::new, |it| {
                let inside = ids.range(it.after + 1..it.before.max(it.after + 1));
                inside.take(per_page).copied().collect()
            });
            if !plan.page(number, &sent(page)).1 {
                running.retain(|it| *it != number);
            }
        }
    }
    requests
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Plan, Sent};

    const SIDE_BY_SIDE: usize = 8;

    /// Reads a list of ids as the driver does, several pages at a time, and gives what was read
    /// and how many requests that took.
    fn read(ids: &BTreeSet<u64>, per_page: usize) -> (Vec<u64>, usize) {
        let page = |after: u64, before: u64| -> Vec<u64> {
            ids.range(after + 1..before.max(after + 1)).take(per_page).copied().collect()
        };
        let top: Vec<u64> = ids.iter().rev().take(per_page).copied().collect();
        let (mut found, mut requests) = (top.clone(), 1);
        let sent = |ids: &[u64]| Sent { count: ids.len(), ids: ids.to_vec() };
        let (mut plan, first) = Plan::below(&sent(&top));
        let mut running: Vec<usize> = first.into_iter().collect();
        while !running.is_empty() {
            while running.len() < SIDE_BY_SIDE
                && let Some(number) = plan.cut()
            {
                running.push(number);
            }
            // Asked all at once, answered one after the other: cuts come in between.
            let asked: Vec<_> =
                running.iter().map(|it| (*it, plan.get(*it).expect("open"))).collect();
            for (number, stretch) in asked {
                requests += 1;
                let answer = page(stretch.after, stretch.before);
                let (before, goes_on) = plan.page(number, &sent(&answer));
                found.extend(answer.iter().filter(|id| **id < before));
                if !goes_on {
                    running.retain(|it| *it != number);
                }
            }
        }
        (found, requests)
    }

    fn check(name: &str, ids: impl IntoIterator<Item = u64>, per_page: usize) -> (usize, usize) {
        let ids: BTreeSet<u64> = ids.into_iter().collect();
        let (mut found, requests) = read(&ids, per_page);
        found.sort_unstable();
        assert_eq!(super::requests(&ids, per_page, SIDE_BY_SIDE), requests, "{name}: as foretold");
        assert_eq!(found, ids.iter().copied().collect::<Vec<_>>(), "{name}: each id once");
        (requests, ids.len().div_ceil(per_page))
    }

    #[test]
    fn every_id_is_read_once_however_they_lie() {
        let worlds: [(&str, Vec<u64>); 8] = [
            ("none", vec![]),
            ("one", vec![1]),
            ("far away", vec![u64::MAX / 4]),
            ("dense", (1..=5_000).collect()),
            ("exactly full pages", (1..=800).collect()),
            ("with a gap", (1..=2_000).chain(9_000_000..9_002_000).collect()),
            ("thinning out", (1..=3_000).map(|n| n * n).collect()),
            ("thickening", (1..=3_000).map(|n| 9_000_000 - n * n / 2).collect()),
        ];
        for (name, ids) in worlds {
            for per_page in [1, 7, 100] {
                check(name, ids.clone(), per_page);
            }
        }
    }

    #[test]
    fn side_by_side_costs_few_more_pages_than_one_after_the_other() {
        for (name, ids, more) in [
            ("dense", (1..=5_000).collect::<Vec<u64>>(), 14),
            ("every third", (1..=5_000).map(|n| n * 3).collect(), 14),
            ("with a gap", (1..=2_500).chain(900_000..902_500).collect(), 60),
            ("large", (1..=100_000).collect(), 40),
        ] {
            let (requests, pages) = check(name, ids, 100);
            assert!(requests <= pages + more, "{name}: {requests} requests for {pages} pages");
        }
    }

    #[test]
    fn a_server_that_gives_smaller_pages_is_read_whole() {
        check("fifty a page", 1..=1_234, 50);
    }
}
