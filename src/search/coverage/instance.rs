//! The problem as the search sees it: usable offers only, one for each lab and item, distances in whole metres.

use super::model::{Preference, Problem};

/// A date that is not known: later than every known one.
pub(super) const UNKNOWN_DAY: i64 = i64::MAX;
/// No lab takes the item.
pub(super) const NOBODY: u32 = u32::MAX;

/// A figure of a plan that is made as small as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Labs,
    Quality,
    Metres,
    Latest,
}

/// The order of the figures. Dates come last even for the soonest plan, whose limit on dates is set before.
pub(super) fn order(preference: Preference) -> [Figure; 4] {
    use Figure::{Labs, Latest, Metres, Quality};
    match preference {
        Preference::FewestLabs | Preference::Soonest => [Labs, Quality, Metres, Latest],
        Preference::Nearest => [Metres, Labs, Quality, Latest],
    }
}

/// A lab's offer for an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) quality: u32,
    pub(super) ready: i64,
    pub(super) offer: usize,
}

/// Usable offers of one problem, up to one latest date.
pub(super) struct Instance {
    /// Number of coverable items; `item[i]` is the position in the problem.
    pub(super) item: Vec<usize>,
    pub(super) quantity: Vec<u64>,
    /// Positions in the problem of the labs with an offer, ascending.
    pub(super) lab: Vec<usize>,
    pub(super) metres: Vec<u64>,
    /// Units the lab can take; `u64::MAX` when everything it offers fits.
    pub(super) capacity: Vec<u64>,
    /// Items of each lab as bits.
    pub(super) mask: Vec<u128>,
    /// By lab and item: `lab * items + item`.
    pub(super) choice: Vec<Option<Choice>>,
}

impl Instance {
    /// Usable offers that are ready by `day`; items that some usable offer covers on any day are all kept.
    pub(super) fn new(problem: &Problem, day: i64) -> Self {
        let usable = usable(problem);
        let item = distinct(usable.iter().map(|o| o.0));
        let lab = distinct(usable.iter().map(|o| o.1));
        let n = item.len();
        let mut choice: Vec<Option<Choice>> = vec![None; n * lab.len()];
        let mut mask = vec![0u128; lab.len()];
        for (i, l, new) in usable.into_iter().filter(|o| o.2.ready <= day) {
            let (Ok(i), Ok(l)) = (item.binary_search(&i), lab.binary_search(&l)) else { continue };
            let old = &mut choice[l * n + i];
            mask[l] |= 1 << i;
            if old.is_none_or(|o| (new.quality, new.ready, new.offer) < (o.quality, o.ready, o.offer)) {
                *old = Some(new);
            }
        }
        let quantity: Vec<u64> = item.iter().map(|&i| u64::from(problem.quantities[i])).collect();
        let metres = metres(problem, &lab);
        let capacity = (0..lab.len()).map(|l| capacity(problem.labs[lab[l]].limit, mask[l], &quantity)).collect();
        Self { item, quantity, lab, metres, capacity, mask, choice }
    }

    pub(super) fn items(&self) -> usize {
        self.item.len()
    }

    pub(super) fn choice(&self, lab: usize, item: usize) -> Option<Choice> {
        self.choice[lab * self.items() + item]
    }

    /// All items as bits.
    pub(super) fn everything(&self) -> u128 {
        (0..self.items()).fold(0, |m, i| m | 1 << i)
    }

    /// Units a lab can contribute at most.
    pub(super) fn room(&self, lab: usize) -> u64 {
        if self.capacity[lab] != u64::MAX {
            return self.capacity[lab];
        }
        self.quantity.iter().enumerate().filter(|(i, _)| self.mask[lab] >> i & 1 == 1).map(|(_, q)| q).sum()
    }

    /// Units that must be placed when `skip` items may be left out.
    pub(super) fn load(&self, skip: usize) -> u64 {
        let mut quantity = self.quantity.clone();
        quantity.sort_unstable();
        quantity.iter().take(self.items() - skip).sum()
    }

    /// Labs that can be part of a plan past the first `plans` ones: those with at most `plans` dominators.
    /// A plan with a lab that has more is no better than `plans + 1` others, save for an earlier plan plus this
    /// lab, which the caller tries by itself.
    pub(super) fn undominated(&self, plans: usize) -> Vec<usize> {
        let all: Vec<usize> = (0..self.lab.len()).filter(|l| self.mask[*l] != 0).collect();
        let few = |l: &usize| all.iter().filter(|d| self.dominates(**d, *l)).take(plans + 1).count() <= plans;
        all.iter().copied().filter(few).collect()
    }

    /// True when `d` can stand for `l` in any plan, and the plan is better for it.
    fn dominates(&self, d: usize, l: usize) -> bool {
        let covers = self.mask[l] & !self.mask[d] == 0;
        if d == l || !covers || self.capacity[d] != u64::MAX || self.metres[d] > self.metres[l] {
            return false;
        }
        let mut always_finer = true;
        for i in 0..self.items() {
            let Some(theirs) = self.choice(l, i) else { continue };
            let Some(ours) = self.choice(d, i) else { return false };
            if ours.quality > theirs.quality || ours.ready > theirs.ready {
                return false;
            }
            always_finer &= ours.quality < theirs.quality;
        }
        d < l || self.metres[d] < self.metres[l] || always_finer
    }
}

/// Item, lab and terms of each offer that can carry its item.
fn usable(problem: &Problem) -> Vec<(usize, usize, Choice)> {
    let items = problem.quantities.len().min(super::MAX_ITEMS);
    let fits = |free: Option<u32>, quantity: u32| free.is_none_or(|f| f >= quantity);
    let mut out = Vec::with_capacity(problem.offers.len());
    for (offer, o) in problem.offers.iter().enumerate() {
        if o.item >= items || o.lab >= problem.labs.len() {
            continue;
        }
        let quantity = problem.quantities[o.item];
        if fits(o.free, quantity) && fits(problem.labs[o.lab].limit, quantity) {
            let ready = o.ready.map_or(UNKNOWN_DAY, i64::from);
            out.push((o.item, o.lab, Choice { quality: o.quality, ready, offer }));
        }
    }
    out
}

fn distinct(positions: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut list: Vec<usize> = positions.collect();
    list.sort_unstable();
    list.dedup();
    list
}

fn capacity(limit: Option<u32>, mask: u128, quantity: &[u64]) -> u64 {
    let all: u64 = quantity.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, q)| q).sum();
    limit.map(u64::from).filter(|l| *l < all).unwrap_or(u64::MAX)
}

/// The distance of a candidate if it is a distance.
pub(super) fn known_km(distance: Option<f64>) -> Option<f64> {
    distance.filter(|km| km.is_finite() && *km >= 0.0).map(|km| km.min(100_000.0))
}

fn metres(problem: &Problem, labs: &[usize]) -> Vec<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100,000 km")]
    let whole = |km: f64| (km * 1000.0).round() as u64;
    let known: Vec<Option<u64>> = labs.iter().map(|l| known_km(problem.labs[*l].distance_km).map(whole)).collect();
    let unknown = known.iter().flatten().max().map_or(10_000_000, |m| m + 1_000);
    known.into_iter().map(|m| m.unwrap_or(unknown)).collect()
}
