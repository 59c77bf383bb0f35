//! What the feed says has changed: ids only, whose rows are then read as they are now. So reading the feed twice does no
//! harm, and an entry that was read late finds what came after it as well.

use std::collections::BTreeSet;

use entity::Record;
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::rows;
use crate::platform::{db::Db, fault::Outcome};

/// Entries of the feed read at once. Few, because one of them can name every line of a long annex.
const PAGE: u64 = 256;
/// Ids bound to one statement.
const MANY: usize = 2_000;

/// Ids of what changed.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    pub(super) lines: BTreeSet<Uuid>,
    pub(super) labs: BTreeSet<Uuid>,
    pub(super) certificates: BTreeSet<Uuid>,
    pub(super) equipment: BTreeSet<Uuid>,
    pub(super) signatories: BTreeSet<Uuid>,
    pub(super) standards: BTreeSet<Uuid>,
    pub(super) offerings: BTreeSet<Uuid>,
}

/// What a stretch of the feed says.
pub(super) struct Told {
    pub(super) dirty: Dirty,
    /// Number and hash of its last entry; `None` where there is nothing new.
    pub(super) last: Option<(i64, String)>,
}

#[derive(FromQueryResult)]
struct Entry {
    seq: i64,
    hash: Vec<u8>,
    entity: Option<String>,
    entity_id: Option<String>,
    many: Option<Json>,
}

/// What the feed says after an entry.
pub(super) async fn after(db: &Db, seq: i64) -> Outcome<Told> {
    let mark = db.dialect().place(1);
    let sql = format!(
        "SELECT f.seq, f.hash, c.entity, c.entity_id, \
         CASE WHEN c.op IN ('LOAD', 'CLOSEALL') THEN c.after END AS many \
         FROM feed f LEFT JOIN change c ON f.kind = 'CHANGE' AND c.id = f.ref_id \
         WHERE f.seq > {mark} ORDER BY f.seq LIMIT {PAGE}"
    );
    let entries: Vec<Entry> = db.sql_in_background(&sql, vec![Value::from(seq)]).await?;
    let mut named = Named::default();
    for entry in &entries {
        named.note(entry);
    }
    Ok(Told { last: entries.last().map(|last| (last.seq, hex::encode(&last.hash))), dirty: named.resolved(db).await? })
}

/// Ids as the log names them, some of them of what only leads to what changed.
#[derive(Default)]
struct Named {
    dirty: Dirty,
    institutions: Vec<Uuid>,
    calibrations: Vec<Uuid>,
    linked_equipment: Vec<Uuid>,
    linked_signatories: Vec<Uuid>,
}

impl Named {
    fn note(&mut self, entry: &Entry) {
        let (Some(entity), Some(id)) = (entry.entity.as_deref(), entry.entity_id.as_deref()) else { return };
        let listed = entry.many.as_ref().and_then(|many| many.get("keys")).and_then(Json::as_array);
        let ids: Vec<Uuid> = match listed {
            Some(keys) => keys.iter().filter_map(Json::as_str).filter_map(|key| key.parse().ok()).collect(),
            None => id.parse().into_iter().collect(),
        };
        match entity {
            entity::competence_scope::Model::KIND => self.dirty.lines.extend(ids),
            entity::lab::Model::KIND => self.dirty.labs.extend(ids),
            entity::institution::Model::KIND => self.institutions.extend(ids),
            entity::certificate::Model::KIND | entity::certificate_lab::Model::KIND => {
                self.dirty.certificates.extend(ids);
            }
            entity::equipment::Model::KIND => self.dirty.equipment.extend(ids),
            entity::calibration::Model::KIND => self.calibrations.extend(ids),
            entity::equipment_scope::Model::KIND => self.linked_equipment.extend(ids),
            entity::signatory::Model::KIND => self.dirty.signatories.extend(ids),
            entity::signatory_scope::Model::KIND => self.linked_signatories.extend(ids),
            entity::offering::Model::KIND | entity::offering_scope::Model::KIND => self.dirty.offerings.extend(ids),
            entity::standard::Model::KIND => self.dirty.standards.extend(ids),
            _ => {}
        }
    }

    async fn resolved(mut self, db: &Db) -> Outcome<Dirty> {
        for ids in distinct(self.institutions).chunks(MANY) {
            self.dirty.labs.extend(rows::labs_of_institutions(db, ids).await?);
        }
        for ids in distinct(self.calibrations).chunks(MANY) {
            self.dirty.equipment.extend(rows::equipment_of_calibrations(db, ids).await?);
        }
        for ids in distinct(self.linked_equipment).chunks(MANY) {
            self.dirty.lines.extend(rows::lines_of_equipment(db, ids).await?);
        }
        for ids in distinct(self.linked_signatories).chunks(MANY) {
            self.dirty.lines.extend(rows::lines_of_signatories(db, ids).await?);
        }
        Ok(self.dirty)
    }
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
