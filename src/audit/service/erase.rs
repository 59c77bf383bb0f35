//! Erasing the data of a person.

use super::super::policy;
use crate::platform::{
    command::Command,
    db::{Erased, Tx},
    fault::{Fault, Outcome},
    personal::Guarded,
};

/// Longest reason, in characters.
const LONGEST: usize = 500;

/// Erases what a row, its changes and its events tell of a person. The reason stays on record.
///
/// # Errors
/// `INVALID` for a kind without data of persons, and without a reason; `NOT_FOUND` for a row that is not there, or another
/// agency's.
pub async fn erase(cmd: &Command<'_>, guarded: &[Guarded], (kind, key): (&str, &str), reason: &str) -> Outcome<Erased> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        let text = format!("Say why, in 1 to {LONGEST} characters.");
        return Err(Fault::invalid("reason", "REQUIRED", text));
    }
    let found = guarded.iter().find(|each| each.kind == kind && each.erasable.is_some());
    let Some(found) = found else {
        let kinds: Vec<_> = guarded.iter().filter(|each| each.erasable.is_some()).map(|each| each.kind).collect();
        let text = format!("Data of persons can be erased from: {}.", kinds.join(", "));
        return Err(Fault::invalid("id", "ERASE_KIND", text));
    };
    cmd.run(policy::ERASE, async |tx: &mut Tx| tx.erase(found, key, reason).await).await
}
