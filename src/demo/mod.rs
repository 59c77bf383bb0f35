//! The demonstration data: synthetic, marked 演示数据, and the same for the same size and seed.
//!
//! [`Plan`] divides a [`Size`] among institutions by arithmetic alone, [`Plan::part`] makes everything of one
//! institution as rows, [`fill`] writes them, and [`samples`] names a few of them for queries worth trying. Divisions,
//! standard numbers and the shares of the fields are real; names, codes, numbers, points and who can test what are not.

mod calendar;
mod catalogue;
mod certificate;
mod equipment;
mod fill;
mod ids;
mod institution;
mod line;
mod naming;
mod offering;
mod part;
mod place;
mod plan;
mod random;
mod samples;
mod search;
mod signatory;
mod standard;

use crate::platform::fault::Outcome;

pub use fill::{FILL, Filled, Progress, fill};
pub use naming::{MARK_EN, MARK_ZH};
pub use part::Part;
pub use plan::{Plan, Size};
pub use samples::{Samples, samples};

/// How many (object, parameter, standard) triples the catalogue has, editions of one standard counted once.
pub fn triples() -> usize {
    catalogue::fields().iter().map(|field| field.entries.len()).sum()
}

/// Every standard number that the catalogue cites.
pub fn cited() -> Vec<&'static str> {
    let groups = catalogue::fields().iter().flat_map(|field| field.entries.iter().map(|entry| entry.group));
    let mut numbers: Vec<_> = groups.flat_map(|group| group.editions.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

impl Plan {
    /// The standards of the seed, as rows.
    ///
    /// # Errors
    /// `INTERNAL` where the shipped file is damaged.
    pub fn standards(&self) -> Outcome<Vec<entity::standard::Model>> {
        standard::all(self)
    }
}
