//! The lines of a part once more, in the order of who holds them: for questions that ask for sites rather than for what they
//! test, which so go through the lines of these sites only.

use std::ops::Range;

/// Lines in the order of their holders, and those of one holder in the order of the part, hence of their competences.
pub struct ByHolder {
    /// Where the lines of each holder begin, by number; the last one ends the part.
    starts: Box<[u32]>,
    /// The competence of each line.
    competences: Box<[u32]>,
}

impl ByHolder {
    pub(super) fn of(holders: &[u32], runs: &[(u32, u32)]) -> Self {
        let count = holders.iter().max().map_or(0, |last| *last as usize + 1);
        let mut starts = vec![0; count + 1];
        for holder in holders {
            starts[*holder as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut competences = vec![0; holders.len()];
        let mut places = Places::new(&starts);
        let ends = runs.iter().skip(1).map(|run| run.1 as usize).chain([holders.len()]);
        for ((competence, from), end) in runs.iter().zip(ends) {
            for holder in &holders[*from as usize..end] {
                competences[places.next(*holder)] = *competence;
            }
        }
        Self { starts: starts.into(), competences: competences.into() }
    }

    /// Where the lines of a holder stand.
    pub fn of_holder(&self, holder: u32) -> Range<usize> {
        let at = holder as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    /// The competence of each line, in this order.
    pub fn competences(&self) -> &[u32] {
        &self.competences
    }

    /// The place of each line, asked for in the order of the part.
    pub(super) fn places(&self) -> Places {
        Places::new(&self.starts)
    }

    /// Which of the lines of one holder and one competence stands at a place, counted from 0.
    pub(super) fn nth(&self, holder: u32, place: usize) -> usize {
        let of_holder = self.of_holder(holder);
        let competence = self.competences[place];
        place - of_holder.start - self.competences[of_holder].partition_point(|one| *one < competence)
    }

    /// The place of the first line of a holder and a competence.
    pub(super) fn first(&self, holder: u32, competence: u32) -> usize {
        let of_holder = self.of_holder(holder);
        of_holder.start + self.competences[of_holder].partition_point(|one| *one < competence)
    }
}

/// Hands out the places of lines.
pub(super) struct Places(Vec<u32>);

impl Places {
    fn new(starts: &[u32]) -> Self {
        Self(starts.to_vec())
    }

    /// The place of the next line of a holder.
    pub(super) fn next(&mut self, holder: u32) -> usize {
        let next = &mut self.0[holder as usize];
        *next += 1;
        *next as usize - 1
    }
}
