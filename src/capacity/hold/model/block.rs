//! Blocks of time against what is there.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::EquipmentId;

use super::wanted::Block;
use crate::capacity::calendar::model::Blocking;

/// A stretch of time at an item that another hold, or an outage, has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The item.
    pub equipment: EquipmentId,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// When the next block may begin.
    pub guarded_to: DateTime<Utc>,
    /// Another hold, or an outage.
    pub what: Blocking,
}

/// A block that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The block.
    pub block: Block,
    /// Why.
    pub why: Blocking,
    /// What is there in its stead.
    pub taken: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What of `taken` each block meets. An outage needs no time behind it, a block does.
pub fn clashes(blocks: &[Block], gap: TimeDelta, taken: &[Taken]) -> Vec<Clash> {
    let mut found = Vec::new();
    for block in blocks {
        for there in taken.iter().filter(|there| there.equipment == block.equipment) {
            let (gap, end) = match there.what {
                Blocking::Outage => (TimeDelta::zero(), there.to),
                _ => (gap, there.guarded_to),
            };
            if there.from < block.to + gap && block.from < end {
                found.push(Clash { block: *block, why: there.what, taken: Some((there.from, there.to)) });
            }
        }
    }
    found
}
