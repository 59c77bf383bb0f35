//! A question in the index's own numbers: what was decided of each competence, holder and span before any line is read.

use super::{
    available::{Availability, LineAt},
    rank::By,
};
use crate::search::register::{Link, Register};

/// A competence that a question may mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub competence: u32,
    /// Which words of the question it answers.
    pub words: u32,
    /// How well.
    pub score: u32,
}

/// What a question says of a holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Whether its lines may be found at all.
    pub passes: bool,
    /// Which words of the question its site answers.
    pub words: u32,
    /// How well.
    pub score: u32,
    /// The site.
    pub lab: u32,
    /// How far the site is, in metres; the most where that is not known or was not asked.
    pub metres: u32,
    /// Turnaround in working days; the most where it is not known.
    pub days: u32,
    /// Day on which it would be done at the earliest; the most where it is not known.
    pub ready: u32,
    /// The number that the site has drawn.
    pub tie: u64,
}

/// A question in numbers.
pub struct Rule {
    /// In the order of their numbers.
    pub candidates: Vec<Candidate>,
    /// By number.
    pub holders: Vec<Held>,
    /// Whether lines of this span may be found, by number.
    pub spans: Vec<bool>,
    /// How many words a line must answer, together with its site.
    pub words: u32,
    /// The sites that may be meant, where they are few.
    pub few_labs: Option<Vec<u32>>,
    /// What has to be looked up for each line.
    pub more: Option<More>,
    /// The order.
    pub order: By,
}

/// What has to be looked up for each line: its links.
pub struct More {
    /// Items of equipment of the wanted class, by number.
    pub class: Option<Vec<bool>>,
    /// Whether it is available.
    pub available: Option<Availability>,
    /// Whether lines that are not available are listed behind the others.
    pub could_if: bool,
}

impl More {
    /// 0 where a line is available, 1 where it is not and may be listed all the same; `None` where it may not.
    pub fn tier(&self, register: &Register, at: LineAt<'_>) -> Option<u32> {
        if let Some(class) = &self.class {
            let is_of = |packed: u64| class.get(Link::unpacked(packed).to as usize).copied().unwrap_or(false);
            if !at.segment.equipment(at.line).any(is_of) {
                return None;
            }
        }
        match &self.available {
            Some(available) if !available.is_free(register, at) => self.could_if.then_some(1),
            _ => Some(0),
        }
    }
}
