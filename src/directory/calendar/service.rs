//! Use cases of the calendar.

use chrono::NaiveDate;
use entity::{
    enums::{HolidayKind, Visibility},
    holiday::Model,
};
use serde_json::json;

use super::{policy, store};
use crate::{
    directory::events,
    directory::text,
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Outcome, Problems},
    },
};

/// A listed day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDay {
    /// The date, in Asia/Shanghai.
    pub day: NaiveDate,
    /// Off or on.
    pub kind: HolidayKind,
    /// The festival.
    pub name: String,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    /// It is new.
    Created,
    /// It corrects an earlier one.
    Changed,
    /// It was there just so.
    Unchanged,
}

/// Enters listed days, and corrects those that are there.
///
/// # Errors
/// `INVALID`.
pub async fn record(cmd: &Command<'_>, days: Vec<ListedDay>) -> Outcome<u64> {
    cmd.run(policy::RECORD, async |tx: &mut Tx| {
        let mut differing = 0;
        for day in days {
            differing += u64::from(record_in(tx, day).await? != Entered::Unchanged);
        }
        Ok(differing)
    })
    .await
}

/// Enters one listed day inside a transaction.
///
/// # Errors
/// Those of [`record`].
pub async fn record_in(tx: &mut Tx, day: ListedDay) -> Outcome<Entered> {
    let mut problems = Problems::default();
    let name = text::required(&mut problems, "input.name", &day.name, text::NAME);
    problems.finish()?;
    let row = Model { day: day.day, kind: day.kind, name, recorded_at: tx.now() };
    let entered = match store::known(tx, day.day).await? {
        None => {
            tx.insert(row).await?;
            Entered::Created
        }
        Some(before) if before.kind == row.kind && before.name == row.name => return Ok(Entered::Unchanged),
        Some(before) => {
            tx.replace(&before, row).await?;
            Entered::Changed
        }
    };
    let agency = tx.agency().cloned().unwrap_or_else(|_| "".into());
    tx.emit(Event {
        name: events::CALENDAR_CHANGED.name,
        subject: format!("holiday:{}", day.day),
        agency,
        visibility: Visibility::Public,
        data: json!({ "day": day.day, "kind": day.kind }),
    });
    Ok(entered)
}
