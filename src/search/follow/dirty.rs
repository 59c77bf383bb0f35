//! What the feed says has changed: ids only, whose rows are then read as they are now. So reading the feed twice does no
//! harm, and an entry that was read late finds what came after it as well.

use std::collections::BTreeSet;

use entity::Record;
use uuid::Uuid;

use super::{free::Touched, rows};
use crate::platform::{
    db::Db,
    fault::Outcome,
    touched::{self, Written},
};

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
    pub(super) free: Touched,
    /// Number and hash of its last entry; `None` where there is nothing new.
    pub(super) last: Option<(i64, String)>,
}

/// What the feed says after an entry.
pub(super) async fn after(db: &Db, seq: i64) -> Outcome<Told> {
    let entries = touched::after(db, seq, PAGE).await?;
    let mut named = Named::default();
    for written in entries.iter().filter_map(|entry| entry.written.as_ref()) {
        named.note(written);
    }
    let (dirty, free) = named.resolved(db).await?;
    Ok(Told { last: entries.last().map(|last| (last.seq, hex::encode(&last.hash))), dirty, free })
}

/// Ids as the log names them, some of them of what only leads to what changed.
#[derive(Default)]
struct Named {
    dirty: Dirty,
    institutions: Vec<Uuid>,
    calibrations: Vec<Uuid>,
    linked_equipment: Vec<Uuid>,
    linked_signatories: Vec<Uuid>,
    free: Touched,
    holds: Vec<Uuid>,
    closures: Vec<Uuid>,
}

impl Named {
    fn note(&mut self, written: &Written) {
        let ids = written.keys.iter().filter_map(|key| key.parse::<Uuid>().ok());
        match written.entity.as_str() {
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
            entity::capacity_calendar::Model::KIND | entity::capacity_exception::Model::KIND => {
                self.free.offerings.extend(ids);
            }
            entity::hold::Model::KIND => self.holds.extend(ids),
            entity::capacity_closure::Model::KIND => self.closures.extend(ids),
            entity::holiday::Model::KIND => self.free.all = true,
            _ => {}
        }
    }

    async fn resolved(mut self, db: &Db) -> Outcome<(Dirty, Touched)> {
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
        for ids in distinct(self.holds).chunks(MANY) {
            self.free.offerings.extend(rows::offerings_of_holds(db, ids).await?);
        }
        for ids in distinct(self.closures).chunks(MANY) {
            self.free.offerings.extend(rows::offerings_of_closures(db, ids).await?);
        }
        Ok((self.dirty, self.free))
    }
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
