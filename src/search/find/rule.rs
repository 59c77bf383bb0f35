//! A question in the index's own numbers: what was decided of each competence and holder before any line is read.

use std::sync::Arc;

use super::{
    available::{Availability, LineAt},
    holders::{self, Divided, Holders, LabWords, UNKNOWN},
    offered::{OpenOffering, Room, Terms},
    question::Question,
    rank::By,
};
use crate::search::{
    index::Snapshot,
    register::{Day, Link, Register},
};

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

/// A question in numbers.
pub struct Rule {
    /// In the order of their numbers.
    pub candidates: Vec<Candidate>,
    /// What was decided of holders.
    pub holders: Arc<Holders>,
    /// Which words sites answer.
    pub lab_words: LabWords,
    /// The holders divided by that; `None` where no site answers any.
    divided: Option<Divided>,
    /// The date on which lines must be in force.
    pub on: Day,
    /// How many words a line must answer, together with its site.
    pub words: u32,
    /// What has to be looked up for each line.
    pub more: Option<More>,
    /// The order.
    pub order: By,
}

impl Rule {
    /// Without candidates as yet.
    pub fn new(snapshot: &Snapshot, question: &Question, lab_words: LabWords, more: Option<More>) -> Self {
        let on = question.on.into();
        let (holders, order) = (holders::holders(snapshot, question), question.order);
        let divided = (!lab_words.words.is_empty()).then(|| lab_words.divide(&holders));
        Self { candidates: Vec::new(), holders, lab_words, divided, on, words: 0, more, order }
    }

    /// The same for a question that differs in where its lines may be, or from where they are measured.
    pub fn moved(&mut self, snapshot: &Snapshot, question: &Question) {
        self.holders = holders::holders(snapshot, question);
        self.divided = (!self.lab_words.words.is_empty()).then(|| self.lab_words.divide(&self.holders));
    }

    /// The class of each holder, by number; those of class 0 are not found.
    pub fn classes(&self) -> &[u32] {
        self.divided.as_ref().map_or(&self.holders.classes, |divided| &divided.classes)
    }

    /// What the sites of each class answer, and how well, from class 1 on.
    pub fn answered(&self) -> &[(u32, u32)] {
        self.divided.as_ref().map_or(&[(0, 0)], |divided| &divided.answered)
    }

    /// How far a site is, in metres; 0 where that was not asked.
    pub fn metres(&self, lab: u32) -> u32 {
        match self.holders.metres.is_empty() {
            true => 0,
            false => self.holders.metres.get(lab as usize).copied().unwrap_or(UNKNOWN),
        }
    }

    /// Whether all lines of one competence and class stand at the same place, but for what their site has drawn.
    pub fn is_plain(&self) -> bool {
        self.more.is_none() && self.holders.metres.is_empty()
    }
}

/// What has to be looked up for each line: its links, and what is offered for it.
pub struct More {
    /// Items of equipment of the wanted class, by number.
    pub class: Option<Vec<bool>>,
    /// Whether it is available.
    pub available: Option<Arc<Availability>>,
    /// Whether lines that are not available are listed behind the others.
    pub could_if: bool,
    /// Whether enough of what is offered is free; `None` where nobody asked.
    pub room: Option<Arc<Room>>,
    /// What is offered, by site.
    pub offered: Arc<Vec<Vec<OpenOffering>>>,
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
        let of_line = (field, at.segment.line(at.line));
        let with_room = self.room.as_ref().and_then(|room| {
            OpenOffering::best(offered.iter().filter(|one| room.has(register, one)), register, of_line)
        });
        let terms = with_room.or_else(|| OpenOffering::best(offered, register, of_line));
        if self.turnaround.is_some_and(|most| terms.is_none_or(|terms| terms.turnaround > most)) {
            return None;
        }
        let is_free = self.available.as_ref().is_none_or(|all| with_room.is_some() && all.is_free(register, at));
        match (is_free, self.could_if) {
            (true, _) => Some(Looked { tier: 0, terms }),
            (false, true) => Some(Looked { tier: 1, terms }),
            (false, false) => None,
        }
    }
}
