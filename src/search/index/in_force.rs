//! Which lines of a part are in force on a date: a bit for each of them.

use std::sync::{Arc, PoisonError, RwLock};

use tantivy::columnar::ColumnValues;

use super::{
    by_holder::ByHolder,
    segment::{each_stretch, number},
};
use crate::search::register::{Day, Register};

/// Lines of one word.
const BITS: usize = 64;
/// Dates that are remembered.
const DATES: usize = 4;

/// A bit for each line.
pub struct InForce(Box<[u64]>);

impl InForce {
    /// In the order of the part.
    pub(super) fn of(spans: &dyn ColumnValues<u64>, lines: u32, register: &Register, on: Day) -> Self {
        let mut bits = vec![0; (lines as usize).div_ceil(BITS)];
        each(spans, lines, (register, on), |line| set(&mut bits, line));
        Self(bits.into())
    }

    /// In the order of the holders.
    pub(super) fn by_holder(
        spans: &dyn ColumnValues<u64>,
        (holders, by_holder): (&[u32], &ByHolder),
        (register, on): (&Register, Day),
    ) -> Self {
        let mut bits = vec![0; holders.len().div_ceil(BITS)];
        let mut places = by_holder.places();
        let mut at = 0;
        each(spans, number(holders.len() as u64), (register, on), |line| {
            for holder in &holders[at..line] {
                places.next(*holder);
            }
            set(&mut bits, places.next(holders[line]));
            at = line + 1;
        });
        Self(bits.into())
    }

    /// 1 where a line is in force, else 0.
    #[inline]
    pub fn is(&self, line: usize) -> u32 {
        let word = self.0.get(line / BITS).copied().unwrap_or(0);
        u32::from(word >> (line % BITS) & 1 == 1)
    }
}

fn set(bits: &mut [u64], at: usize) {
    bits[at / BITS] |= 1 << (at % BITS);
}

/// The lines that are in force, in order.
fn each(spans: &dyn ColumnValues<u64>, lines: u32, (register, on): (&Register, Day), mut act: impl FnMut(usize)) {
    let in_force: Vec<bool> = register.spans.iter().map(|(_, span)| span.from <= on && on < span.to).collect();
    each_stretch(spans, lines, |from, stretch| {
        for (line, span) in (from as usize..).zip(stretch.iter()) {
            if in_force.get(number(*span) as usize).copied().unwrap_or(false) {
                act(line);
            }
        }
    });
}

/// What was found out for the dates that were asked about last.
#[derive(Default)]
pub(super) struct OfDates(RwLock<Vec<(Day, Arc<InForce>)>>);

impl OfDates {
    /// What is known of a date, or what `make` makes to find it out.
    pub(super) fn get(&self, on: Day, make: impl FnOnce() -> InForce) -> Arc<InForce> {
        let known =
            |all: &[(Day, Arc<InForce>)]| all.iter().find(|(day, _)| *day == on).map(|(_, one)| Arc::clone(one));
        if let Some(known) = known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        // Two may make it at once; that is cheaper than to let all others wait.
        let made = Arc::new(make());
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known(&all) {
            return known;
        }
        if all.len() >= DATES {
            all.remove(0);
        }
        all.push((on, Arc::clone(&made)));
        made
    }
}
