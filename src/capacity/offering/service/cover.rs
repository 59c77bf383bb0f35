//! Which lines and items an offering names.

use std::collections::HashSet;

use entity::{
    FOREVER,
    ids::{EquipmentId, ScopeId},
    offering::Model,
    offering_equipment, offering_scope,
};

use crate::{
    capacity::offering::{
        model::{Coverage, Lists},
        store,
    },
    directory::{equipment, scope},
    platform::{db::Tx, fault::Outcome},
};

/// What the register has of the lines and items that are named.
pub(super) async fn found(tx: &Tx, coverage: &Coverage) -> Outcome<Lists> {
    let (lines, items) = (&coverage.lines, &coverage.equipment);
    Ok(Lists {
        lines: match lines.is_empty() {
            true => Vec::new(),
            false => scope::store::last_of_ids(tx, lines.iter().map(|id| id.0)).await?,
        },
        equipment: match items.is_empty() {
            true => Vec::new(),
            false => equipment::store::last_of_ids(tx, items.iter().map(|id| id.0)).await?,
        },
    })
}

/// The lines and items that an offering names today, in order.
pub(super) async fn named(tx: &Tx, row: &Model) -> Outcome<Coverage> {
    let lines = store::lines(tx, row.id).await?.into_iter().filter(|link| link.effective_to == FOREVER);
    let items = store::items(tx, row.id).await?.into_iter().filter(|link| link.effective_to == FOREVER);
    let mut coverage = Coverage {
        fields: Vec::new(),
        lines: lines.map(|link| link.scope_id).collect(),
        equipment: items.map(|link| link.equipment_id).collect(),
    };
    coverage.lines.sort_unstable();
    coverage.equipment.sort_unstable();
    Ok(coverage)
}

/// Names these lines and items from today on, and no others. The row is there.
pub(super) async fn name(tx: &mut Tx, row: &Model, coverage: &Coverage) -> Outcome<()> {
    name_lines(tx, row, &coverage.lines).await?;
    name_items(tx, row, &coverage.equipment).await
}

async fn name_lines(tx: &mut Tx, row: &Model, wanted: &[ScopeId]) -> Outcome<()> {
    let (today, links) = (tx.today(), store::lines(tx, row.id).await?);
    let mut missing: HashSet<ScopeId> = wanted.iter().copied().collect();
    for link in &links {
        if link.effective_to == FOREVER && !missing.remove(&link.scope_id) {
            let ended = offering_scope::Model { effective_to: today.max(link.effective_from), ..link.clone() };
            tx.replace(link, ended).await?;
        }
    }
    for line in wanted.iter().filter(|line| missing.contains(line)) {
        let link = offering_scope::Model {
            offering_id: row.id,
            scope_id: *line,
            effective_from: today,
            effective_to: FOREVER,
            agency: row.agency.clone(),
        };
        // A link that ended on the day it began left its row behind, which now serves again.
        match links.iter().find(|old| old.scope_id == *line && old.effective_from == today) {
            Some(old) => tx.replace(old, link).await?,
            None => drop(tx.insert(link).await?),
        }
    }
    Ok(())
}

async fn name_items(tx: &mut Tx, row: &Model, wanted: &[EquipmentId]) -> Outcome<()> {
    let (today, links) = (tx.today(), store::items(tx, row.id).await?);
    let mut missing: HashSet<EquipmentId> = wanted.iter().copied().collect();
    for link in &links {
        if link.effective_to == FOREVER && !missing.remove(&link.equipment_id) {
            let ended = offering_equipment::Model { effective_to: today.max(link.effective_from), ..link.clone() };
            tx.replace(link, ended).await?;
        }
    }
    for item in wanted.iter().filter(|item| missing.contains(item)) {
        let link = offering_equipment::Model {
            offering_id: row.id,
            equipment_id: *item,
            effective_from: today,
            effective_to: FOREVER,
            agency: row.agency.clone(),
        };
        match links.iter().find(|old| old.equipment_id == *item && old.effective_from == today) {
            Some(old) => tx.replace(old, link).await?,
            None => drop(tx.insert(link).await?),
        }
    }
    Ok(())
}
