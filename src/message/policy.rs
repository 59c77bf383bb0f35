//! Who may read messages, and say how they want to be written to. Whose messages they are is decided by [`Reader`].

use super::model::Reader;
use crate::platform::{
    access::{Action, Actor, ActorKind},
    fault::{Fault, Outcome},
};

/// Reading one's messages.
pub const READ: Action = Action::new("message.read", "directory:read");
/// Saying which of them one has read.
pub const MARK: Action = Action::new("message.mark", "directory:read");
/// Saying how one wants to be written to.
pub const PREFER: Action = Action::new("message.prefer", "directory:read");

/// The caller as a reader of messages.
///
/// # Errors
/// `UNAUTHENTICATED` for who has no token; `AGENCY_REQUIRED` for who acts for no agency.
pub fn reader(actor: &Actor) -> Outcome<Reader> {
    if actor.kind == ActorKind::Anonymous {
        return Err(Fault::Unauthenticated("messages need a token".to_owned()));
    }
    let agency = actor.agency.clone().ok_or_else(|| {
        Fault::invalid("", "AGENCY_REQUIRED", "Messages are those of a person or a system of an agency; use its token.")
    })?;
    Ok(Reader {
        agency,
        person: format!("{}#{}", actor.issuer, actor.subject),
        subject: actor.subject.clone(),
        scopes: actor.scopes.iter().cloned().collect(),
    })
}

/// As [`reader`], for a person: nobody else is written to.
///
/// # Errors
/// As [`reader`]; `PERSONS_ONLY` for a machine.
pub fn person(actor: &Actor) -> Outcome<Reader> {
    if actor.kind == ActorKind::Machine {
        return Err(Fault::rule(
            "PERSONS_ONLY",
            "Mail goes to persons; a system follows `events` or has a webhook.",
            serde_json::json!({ "instead": ["events"] }),
        ));
    }
    reader(actor)
}
