//! Reading the rules of offerings with what is listed for some days.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    capacity_calendar,
    enums::HolidayKind,
    equipment_outage,
    ids::{EquipmentId, OfferingId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Select, Value};
use uuid::Uuid;

use crate::{
    capacity::calendar::model::{Closed, Listed, Rules},
    directory::rows::among,
    platform::{
        db::{Db, Dialect, Tx},
        fault::Outcome,
        workday::DayKind,
    },
};

/// The rules of one offering, as far as days from `first` to `last` need them; `None` where it states nothing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn rules(tx: &Tx, offering: OfferingId, first: NaiveDate, last: NaiveDate) -> Outcome<Option<Rules>> {
    let Some(row) = tx.one(capacity_calendar::Entity::find_by_id(offering)).await? else { return Ok(None) };
    let (sql, values) = listing(tx.dialect(), &[offering], first, last);
    let found = tx.sql::<Line>(&sql, values).await?;
    Ok(Some(Rules::new(row, Gathered::new(found).listed(offering))))
}

/// As [`rules`] for many offerings; those that state nothing are left out.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn rules_of(
    db: &Db,
    offerings: &[OfferingId],
    first: NaiveDate,
    last: NaiveDate,
) -> Outcome<HashMap<OfferingId, Rules>> {
    let of = among(db.dialect(), capacity_calendar::Column::OfferingId, offerings.iter().map(|id| id.0));
    let rows = db.all(capacity_calendar::Entity::find().filter(of)).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let stating: Vec<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
    let (sql, values) = listing(db.dialect(), &stating, first, last);
    let mut found = Gathered::new(db.sql::<Line>(&sql, values).await?);
    let with = |row: capacity_calendar::Model| {
        let (id, listed) = (row.offering_id, found.listed(row.offering_id));
        (id, Rules::new(row, listed))
    };
    Ok(rows.into_iter().map(with).collect())
}

/// The outages of items that may fall into `[from, to)`.
pub fn outages(
    dialect: Dialect,
    items: impl IntoIterator<Item = EquipmentId>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Select<equipment_outage::Entity> {
    use equipment_outage::{Column, Entity};
    let open = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(from));
    Entity::find()
        .filter(among(dialect, Column::EquipmentId, items.into_iter().map(|id| id.0)))
        .filter(Column::StartsAt.lt(to))
        .filter(open)
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
}

/// The word for exceptions in what [`listing`] lists.
const EXCEPTION: &str = "EXCEPTION";

/// One listed thing; of no offering where it holds for all.
#[derive(FromQueryResult)]
struct Line {
    kind: String,
    offering: Option<Uuid>,
    first_day: NaiveDate,
    last_day: NaiveDate,
    units: i32,
    reason: Option<String>,
}

/// The statement that lists exceptions, closures, holidays and make-up days, and its values. Whole weeks are read, since a
/// week's units depend on all of its days.
fn listing(dialect: Dialect, offerings: &[OfferingId], first: NaiveDate, last: NaiveDate) -> (String, Vec<Value>) {
    let (first, last) = (first - Days::new(6), last + Days::new(6));
    let mut values = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    let keys = || dialect.keys(offerings.iter().map(|id| id.0));
    let mark = |at: usize| dialect.place(at);
    let mut parts = Vec::new();
    let span = |bind: &mut dyn FnMut(Value) -> usize| {
        let (last, first) = (bind(Value::from(last)), bind(Value::from(first)));
        (mark(last), mark(first))
    };
    let of = dialect.keys_table(bind(keys()));
    let (until, since) = span(&mut bind);
    parts.push(format!(
        "SELECT '{EXCEPTION}' AS kind, x.offering_id AS offering, x.day AS first_day, x.day AS last_day, x.units AS units, \
         x.reason AS reason FROM capacity_exception x WHERE x.offering_id IN (SELECT k.id FROM {of} k) \
         AND x.day <= {until} AND x.day >= {since}"
    ));
    for column in ["c.offering_id = o.id", "c.lab_id = o.lab_id"] {
        let of = dialect.keys_table(bind(keys()));
        let (until, since) = span(&mut bind);
        parts.push(format!(
            "SELECT 'CLOSURE', o.id, c.first_day, c.last_day, 0, c.reason FROM offering o \
             JOIN capacity_closure c ON {column} WHERE o.id IN (SELECT k.id FROM {of} k) AND c.cancelled_at IS NULL \
             AND c.first_day <= {until} AND c.last_day >= {since}"
        ));
    }
    let (until, since) = span(&mut bind);
    parts.push(format!(
        "SELECT h.kind, CAST(NULL AS uuid), h.day, h.day, 0, NULL FROM holiday h \
         WHERE h.day <= {until} AND h.day >= {since}"
    ));
    (parts.join(" UNION ALL "), values)
}

/// What is listed, by offering.
struct Gathered {
    of: HashMap<Uuid, Listed>,
    /// For all of them.
    days: BTreeMap<NaiveDate, DayKind>,
}

impl Gathered {
    fn new(lines: Vec<Line>) -> Self {
        let mut found = Self { of: HashMap::new(), days: BTreeMap::new() };
        for line in lines {
            found.note(line);
        }
        found
    }

    fn note(&mut self, line: Line) {
        let Some(offering) = line.offering else {
            let kind = if line.kind == HolidayKind::Holiday.word() { DayKind::Holiday } else { DayKind::Workday };
            self.days.insert(line.first_day, kind);
            return;
        };
        let listed = self.of.entry(offering).or_default();
        if line.kind == EXCEPTION {
            listed.exceptions.insert(line.first_day, line.units);
        } else {
            let reason = line.reason.unwrap_or_default();
            listed.closures.push(Closed { first: line.first_day, last: line.last_day, reason });
        }
    }

    /// What is listed for one of them.
    fn listed(&mut self, offering: OfferingId) -> Listed {
        let mut listed = self.of.remove(&offering.0).unwrap_or_default();
        listed.closures.sort_by_key(|closed| (closed.first, closed.last));
        Listed { days: self.days.clone(), ..listed }
    }
}
