//! What is free of what is offered, kept in memory beside the index: it changes with each hold, far more often than lines
//! do, and the index has none of it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::OfferingId;
use uuid::Uuid;

use super::{
    Shown,
    rows::{self, Walked},
};
use crate::{
    capacity::availability::units::{FreeUnits, free_units},
    platform::{db::Db, fault::Outcome},
};

/// Offerings that are read at once.
const MANY: usize = 1_000;

/// What is free of all offerings that count units, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Free {
    /// Counts the moments.
    pub version: u64,
    /// The day on which all of it was read; none before the first time.
    read_on: Option<NaiveDate>,
    of: HashMap<Uuid, Arc<FreeUnits>>,
}

impl Free {
    /// What is free of an offering; none where it counts nothing.
    pub fn of(&self, offering: Uuid) -> Option<&FreeUnits> {
        self.of.get(&offering).map(Arc::as_ref)
    }

    /// The day on which it was read; what lies before it is past.
    pub fn today(&self) -> NaiveDate {
        self.read_on.unwrap_or(NaiveDate::MIN)
    }

    /// The offerings of which a hold has lapsed since.
    fn lapsed(&self, now: DateTime<Utc>) -> impl Iterator<Item = Uuid> + '_ {
        let lapsed = move |units: &FreeUnits| units.lapses_at.is_some_and(|at| at <= now);
        self.of.iter().filter(move |(_, units)| lapsed(units)).map(|(id, _)| *id)
    }
}

/// What of it may differ from what was read.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// These offerings.
    pub(super) offerings: BTreeSet<Uuid>,
    /// All of them, as after a notice of holidays.
    pub(super) all: bool,
}

/// Reads again what was touched or has lapsed; all of it the first time, and on each new day.
pub(super) async fn refresh(db: &Db, shown: &Shown, touched: Touched) -> Outcome<()> {
    let (db, before) = (&db.in_background(), shown.free());
    let (now, today) = (db.clock().now(), db.clock().today());
    let mut next = if touched.all || before.read_on != Some(today) {
        let mut all = Free { read_on: Some(today), ..Free::default() };
        let mut after = Uuid::nil();
        loop {
            let ids = rows::ids_after(db, Walked::Offering, after, MANY).await?;
            let Some(last) = ids.last().copied() else { break };
            after = last;
            all.of.extend(read(db, &ids).await?);
        }
        all
    } else {
        let mut ids = touched.offerings;
        ids.extend(before.lapsed(now));
        if ids.is_empty() {
            return Ok(());
        }
        let mut some = Free::clone(&before);
        for ids in ids.into_iter().collect::<Vec<_>>().chunks(MANY) {
            ids.iter().for_each(|id| drop(some.of.remove(id)));
            some.of.extend(read(db, ids).await?);
        }
        some
    };
    next.version = before.version + 1;
    shown.show_free(next);
    Ok(())
}

async fn read(db: &Db, ids: &[Uuid]) -> Outcome<HashMap<Uuid, Arc<FreeUnits>>> {
    let offerings: Vec<OfferingId> = ids.iter().copied().map(OfferingId).collect();
    Ok(free_units(db, &offerings).await?.into_iter().map(|(id, units)| (id.0, Arc::new(units))).collect())
}
