//! A question in the index's own numbers: what was decided of each competence, holder and span before any line is read.

use std::sync::Arc;

use super::{
    available::{Availability, LineAt},
    offered::{OpenOffering, Terms},
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

/// What has to be looked up for each line: its links, and what is offered for it.
pub struct More {
    /// Items of equipment of the wanted class, by number.
    pub class: Option<Vec<bool>>,
    /// Whether it is available.
    pub available: Option<Arc<Availability>>,
    /// Whether lines that are not available are listed behind the others.
    pub could_if: bool,
    /// What is offered, by site.
    pub offered: Vec<Vec<OpenOffering>>,
    /// The longest turnaround in working days.
    pub turnaround: Option<u32>,
}

/// What was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// 0 where a line is available or nobody asked, 1 where it is not.
    pub tier: u32,
    /// What is offered for it.
    pub terms: Option<Terms>,
}

impl More {
    /// What there is to know of a line; `None` where it may not be listed.
    pub fn look(&self, register: &Register, at: LineAt<'_>, lab: u32) -> Option<Looked> {
        if let Some(class) = &self.class {
            let is_of = |packed: u64| class.get(Link::unpacked(packed).to as usize).copied().unwrap_or(false);
            if !at.segment.equipment(at.line).any(is_of) {
                return None;
            }
        }
        let field = register.competences.get(at.competence).map_or(0, |competence| competence.field);
        let offered = self.offered.get(lab as usize).map_or(&[][..], Vec::as_slice);
        let terms = OpenOffering::best(offered, register, (field, at.segment.line(at.line)));
        if self.turnaround.is_some_and(|most| terms.is_none_or(|terms| terms.turnaround > most)) {
            return None;
        }
        let is_free = self.available.as_ref().is_none_or(|all| terms.is_some() && all.is_free(register, at));
        match (is_free, self.could_if) {
            (true, _) => Some(Looked { tier: 0, terms }),
            (false, true) => Some(Looked { tier: 1, terms }),
            (false, false) => None,
        }
    }
}
