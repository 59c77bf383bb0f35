//! What stands in the way of an act. A refusal names all of it at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::platform::{
    access::Actor,
    fault::{Fault, Outcome},
};

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker {
    /// Code, such as `OFFER_LAPSED`.
    pub code: &'static str,
    /// One sentence with the next step.
    pub message: String,
    /// What the caller needs to act on it.
    pub facts: Value,
    /// The scope whose holder may go on in spite of it; none where nobody may.
    pub overridable_by: Option<&'static str>,
}

/// All that stands in the way, and what the caller goes on in spite of.
#[derive(Debug, Default)]
pub struct Blockers {
    found: Vec<Blocker>,
    despite: Vec<String>,
    scopes: BTreeSet<String>,
}

impl Blockers {
    /// None yet; `codes` are those in spite of which `actor` wants to go on.
    pub fn despite(codes: &[String], actor: &Actor) -> Self {
        Self { found: Vec::new(), despite: codes.to_vec(), scopes: actor.scopes.clone() }
    }

    /// Adds one that nobody may pass over.
    pub fn add(&mut self, code: &'static str, message: impl Into<String>, facts: Value) {
        self.found.push(Blocker { code, message: message.into(), facts, overridable_by: None });
    }

    /// Adds one that a holder of `scope` may pass over by naming its code.
    pub fn warn(&mut self, code: &'static str, message: impl Into<String>, facts: Value, scope: &'static str) {
        if !(self.despite.iter().any(|given| given == code) && self.scopes.contains(scope)) {
            self.found.push(Blocker { code, message: message.into(), facts, overridable_by: Some(scope) });
        }
    }

    /// Whether nothing stands in the way.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Takes up the refusal of a part, so that it is told with the others.
    ///
    /// # Errors
    /// Faults that are no rule.
    pub fn take<T>(&mut self, outcome: Outcome<T>) -> Outcome<Option<T>> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(Fault::Rule { code, message, facts } | Fault::Conflict { code, message, facts }) => {
                self.add(code, message, facts);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// `Ok` when nothing stands in the way.
    ///
    /// # Errors
    /// A rule with the code of the first blocker, and all of them in `facts.blockers`.
    pub fn finish(self) -> Outcome<()> {
        let Some(first) = self.found.first() else { return Ok(()) };
        let (code, message) = (first.code, first.message.clone());
        let listed: Vec<Value> = self.found.iter().map(Blocker::spelled).collect();
        Err(Fault::rule(code, message, json!({ "blockers": listed })))
    }
}

impl Blocker {
    fn spelled(&self) -> Value {
        json!({
            "code": self.code, "message": self.message, "facts": self.facts, "overridableBy": self.overridable_by,
        })
    }
}
