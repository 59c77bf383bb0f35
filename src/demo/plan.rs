//! How much there is, and which institution holds which part of it: arithmetic alone, so that any part can be made
//! without the parts before it.

use chrono::NaiveDate;

use super::{
    ids::{Ids, MARKS, PLACES},
    random::mixed,
};
use crate::platform::fault::{Outcome, Problems};

/// Sites of twenty institutions in a row: most have one.
const SITES: [u64; 20] = [1, 1, 2, 1, 1, 1, 1, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 4, 1, 1];
const SITES_SUM: u64 = 27;
/// Weights of sixteen labs in a row: few have long annexes.
const WEIGHTS: [u64; 16] = [3, 6, 2, 8, 4, 1, 16, 5, 3, 7, 2, 4, 40, 6, 1, 9];
const WEIGHTS_SUM: u64 = 117;

/// How much demonstration data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Labs, 1 to 1,000,000.
    pub labs: u32,
    /// Lines of annexes, at most 20,000 for each lab; some of them have two revisions.
    pub scope_lines: u64,
    /// The same seed makes the same data.
    pub seed: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self { labs: 300, scope_lines: 12_000, seed: 1 }
    }
}

/// A size on a date, divided among institutions.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    size: Size,
    today: NaiveDate,
}

impl Plan {
    /// Divides `size`; every date of the data is counted from `today`.
    ///
    /// # Errors
    /// `INVALID` where the size is out of its limits.
    pub fn new(size: Size, today: NaiveDate) -> Outcome<Self> {
        let mut problems = Problems::default();
        if !(1..=1_000_000).contains(&size.labs) {
            problems.add("labs", "OUT_OF_RANGE", "Ask for 1 to 1,000,000 labs.");
        }
        if size.scope_lines > u64::from(size.labs) * 20_000 {
            problems.add("scopeLines", "OUT_OF_RANGE", "Ask for at most 20,000 scope lines for each lab.");
        }
        problems.finish()?;
        Ok(Self { size, today })
    }

    /// What was asked for.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The date from which all others are counted.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// How many institutions run the labs.
    pub fn institutions(&self) -> u64 {
        let labs = u64::from(self.size.labs);
        let (whole, mut rest) = (labs / SITES_SUM, labs % SITES_SUM);
        let started = SITES.iter().take_while(|sites| {
            let more = rest > 0;
            rest = rest.saturating_sub(**sites);
            more
        });
        whole * SITES.len() as u64 + started.count() as u64
    }

    /// The labs of an institution, counted through the whole plan: from the first to before the second number.
    pub fn labs_of(&self, institution: u64) -> (u64, u64) {
        let end = u64::from(self.size.labs);
        (sites_before(institution).min(end), sites_before(institution + 1).min(end))
    }

    /// The lines of a lab, counted through the whole plan.
    pub fn lines_of(&self, lab: u64) -> (u64, u64) {
        (self.lines_before(lab), self.lines_before(lab + 1))
    }

    /// The ids of an institution's rows.
    pub fn ids(&self, institution: u64) -> Ids {
        Ids::new(self.mark(), institution)
    }

    /// A number that tells plans of different sizes and seeds apart.
    pub fn mark(&self) -> u64 {
        let Size { labs, scope_lines, seed } = self.size;
        mixed(mixed(mixed(seed).wrapping_add(u64::from(labs))).wrapping_add(scope_lines)) % MARKS
    }

    fn lines_before(&self, lab: u64) -> u64 {
        let total = weight_before(u64::from(self.size.labs));
        let share = u128::from(self.size.scope_lines) * u128::from(weight_before(lab)) / u128::from(total.max(1));
        u64::try_from(share).unwrap_or(u64::MAX)
    }
}

const _: () = assert!(1_000_000 < PLACES);

fn sites_before(institution: u64) -> u64 {
    cycled(&SITES, SITES_SUM, institution)
}

fn weight_before(lab: u64) -> u64 {
    cycled(&WEIGHTS, WEIGHTS_SUM, lab)
}

/// The sum of the first `count` numbers of a list that repeats for ever.
fn cycled(list: &[u64], sum: u64, count: u64) -> u64 {
    let length = list.len() as u64;
    let rest = usize::try_from(count % length).unwrap_or(0);
    count / length * sum + list[..rest].iter().sum::<u64>()
}
