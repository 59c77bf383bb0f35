//! How far the steps of a decision have come, and who may take the next.

use serde::{Deserialize, Serialize};

use super::rule::Step;

/// Most characters of a person: issuer and subject.
pub const MOST_CHARACTERS: usize = 300;

/// Where a decision stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its steps.
    pub steps: Vec<Step>,
    /// The step that is open, from 1; behind the last when all are taken.
    pub step: i32,
    /// How many have agreed in the open step.
    pub given: i32,
    /// Whether the open step was escalated.
    pub escalated: bool,
    /// Everybody who has agreed in any step, and for whom they stood in.
    pub decided: Vec<String>,
}

/// What becomes of a decision when somebody agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// They have agreed before; nothing changes.
    Repeated,
    /// They are none of those who may.
    NotNamed,
    /// It counts.
    Counts {
        /// For whom they stand in, where they do.
        stands_for: Option<String>,
        /// Where the decision stands then.
        then: Standing,
    },
}

impl Standing {
    /// The beginning.
    pub fn of(steps: Vec<Step>) -> Self {
        Self { steps, step: 1, given: 0, escalated: false, decided: Vec::new() }
    }

    /// Whether nobody else is needed.
    pub fn is_complete(&self) -> bool {
        self.open().is_none()
    }

    /// The step that is open.
    pub fn open(&self) -> Option<&Step> {
        self.steps.get(usize::try_from(self.step - 1).ok()?)
    }

    /// Who may take the open step; anybody with the scope where nobody is named.
    pub fn deciders(&self) -> Vec<String> {
        let Some(step) = self.open() else { return Vec::new() };
        let mut found = step.persons.clone();
        if self.escalated && !found.is_empty() {
            found.extend(step.escalate_to.iter().filter(|one| !step.persons.contains(one)).cloned());
        }
        found
    }

    /// What becomes of it when `who` agrees, who may stand in for `principals`.
    pub fn hear(&self, who: &str, principals: &[String]) -> Voice {
        if self.has_decided(who) {
            return Voice::Repeated;
        }
        let (deciders, Some(step)) = (self.deciders(), self.open()) else { return Voice::Repeated };
        let named = deciders.is_empty() || deciders.iter().any(|one| is(one, who));
        let free = |one: &&String| principals.iter().any(|other| same(one, other)) && !self.has_decided(one);
        let stands_for = if named { None } else { deciders.iter().find(free).cloned() };
        if !named && stands_for.is_none() {
            return Voice::NotNamed;
        }
        let mut then = self.clone();
        then.decided.push(who.to_owned());
        then.decided.extend(stands_for.clone());
        then.given += 1;
        if then.given >= step.count {
            (then.step, then.given, then.escalated) = (then.step + 1, 0, false);
        }
        Voice::Counts { stands_for, then }
    }

    fn has_decided(&self, who: &str) -> bool {
        self.decided.iter().any(|one| same(one, who))
    }
}

/// Whether a person as a rule names it is this one, given as issuer and subject.
pub fn is(named: &str, who: &str) -> bool {
    named == who || named == subject(who)
}

/// Whether two spellings mean the same person of one agency: with or without the issuer.
fn same(one: &str, other: &str) -> bool {
    is(one, other) || is(other, one)
}

/// The subject of issuer and subject.
fn subject(who: &str) -> &str {
    who.split_once('#').map_or(who, |(_, subject)| subject)
}

/// The spellings of a person in rules: issuer and subject, and the subject alone.
pub fn spellings(who: &str) -> Vec<String> {
    vec![who.to_owned(), subject(who).to_owned()]
}
