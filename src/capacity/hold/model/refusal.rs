//! Why nothing was set aside, all of it at once.

use serde_json::{Value, json};

use super::{
    block::Clash,
    units::{Short, Shortage},
};
use crate::{
    capacity::calendar::model::Blocking,
    platform::fault::{Fault, Outcome},
};

/// The refusal of what cannot be had: `NO_CAPACITY` where units are missing; else `BLOCK_TAKEN`, a conflict, where another
/// hold has the time; else `BLOCK_CLOSED`. The facts are of one form and tell everything, and times only, never whose they
/// are.
///
/// # Errors
/// That refusal.
pub fn refusal(shortage: Option<&Shortage>, clashes: &[Clash]) -> Outcome<()> {
    if shortage.is_none() && clashes.is_empty() {
        return Ok(());
    }
    let facts = json!({
        "wanted": shortage.map(|short| short.wanted),
        "free": shortage.map(|short| short.free),
        "days": shortage.map_or(&[][..], |short| &short.days).iter().map(day).collect::<Vec<_>>(),
        "blocks": clashes.iter().map(block).collect::<Vec<_>>(),
    });
    if let Some(short) = shortage {
        let message = format!("{} are wanted and {} are free; facts.days says when.", short.wanted, short.free);
        return Err(Fault::rule("NO_CAPACITY", message, facts));
    }
    if clashes.iter().any(|clash| clash.why == Blocking::Taken) {
        return Err(Fault::conflict("BLOCK_TAKEN", "This time is taken; facts.blocks says which.", facts));
    }
    Err(Fault::rule("BLOCK_CLOSED", "This time cannot be had; facts.blocks says why.", facts))
}

fn day(short: &Short) -> Value {
    json!({ "day": short.day, "wanted": short.wanted, "free": short.free })
}

fn block(clash: &Clash) -> Value {
    json!({
        "equipment": clash.block.equipment.to_string(),
        "from": clash.block.from,
        "to": clash.block.to,
        "reason": clash.why.word(),
        "taken": clash.taken.map(|(from, to)| json!({ "from": from, "to": to })),
    })
}
