//! Ids of what an entry, or a date, leads to.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::feed;
use sea_orm::{EntityTrait, FromQueryResult, QueryOrder, QuerySelect, Value};
use uuid::Uuid;

use crate::{
    copy::model::{Kind, Part, Root, Turning},
    platform::{
        db::{Db, Dialect},
        fault::Outcome,
    },
};

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// The end of the feed: the number and the hash of its last entry.
pub(in crate::copy) async fn end(db: &Db) -> Outcome<(i64, Vec<u8>)> {
    let last = db.one(feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1)).await?;
    Ok(last.map_or((0, Vec::new()), |entry| (entry.seq, entry.hash)))
}

/// The hash of an entry; `None` where there is none of that number.
pub(in crate::copy) async fn entry(db: &Db, seq: i64) -> Outcome<Option<Vec<u8>>> {
    Ok(db.one(feed::Entity::find_by_id(seq)).await?.map(|entry| entry.hash))
}

/// The next ids of what dates alone have brought into force, or ended, after one day and up to another.
pub(in crate::copy) async fn turned(
    db: &Db,
    turning: Turning,
    (from, to): (NaiveDate, NaiveDate),
    (after, most): (Uuid, u64),
) -> Outcome<Vec<Uuid>> {
    let Turning { table, key, is_dated, .. } = turning;
    let place = |n| db.dialect().place(n);
    // The words of the partial indexes, so that these are used.
    let ahead = match (is_dated, db.dialect()) {
        (false, _) => "",
        (true, Dialect::Postgres) => " AND t.effective_from > (t.recorded_at AT TIME ZONE 'UTC')::date",
        (true, Dialect::Sqlite) => " AND t.effective_from > substr(t.recorded_at, 1, 10)",
    };
    // What is followed at once is told by what follows.
    let followed = if is_dated {
        format!(
            " AND NOT EXISTS (SELECT 1 FROM {table} n WHERE n.id = t.id AND n.revision > t.revision \
             AND n.effective_from = t.effective_to)"
        )
    } else {
        String::new()
    };
    let sql = format!(
        "SELECT id FROM (SELECT t.{key} AS id FROM {table} t \
         WHERE t.effective_from > {} AND t.effective_from <= {}{ahead} \
         UNION SELECT t.{key} AS id FROM {table} t \
         WHERE t.effective_to > {} AND t.effective_to <= {} AND t.effective_to < '9999-12-31'{followed}) u \
         WHERE id > {} ORDER BY id LIMIT {most}",
        place(1),
        place(2),
        place(3),
        place(4),
        place(5)
    );
    let values = vec![from.into(), to.into(), from.into(), to.into(), after.into()];
    Ok(db.sql::<Id>(&sql, values).await?.into_iter().map(|row| row.id).collect())
}

/// The next ids of a kind that belong to a site or an institution, over all time.
pub(in crate::copy) async fn belonging(
    db: &Db,
    (root, id): (Root, Uuid),
    kind: Kind,
    (after, most): (Uuid, u64),
) -> Outcome<Vec<Uuid>> {
    let table = table(kind);
    let (own, behind) = (db.dialect().place(1), db.dialect().place(2));
    let of = match (root, kind) {
        (Root::Institution, Kind::Lab | Kind::Certificate) => format!("t.institution_id = {own}"),
        (Root::Institution, _) => format!("t.lab_id IN (SELECT l.id FROM lab l WHERE l.institution_id = {own})"),
        (Root::Lab, Kind::Certificate) => {
            format!("t.id IN (SELECT c.certificate_id FROM certificate_lab c WHERE c.lab_id = {own})")
        }
        (Root::Lab, _) => format!("t.lab_id = {own}"),
    };
    let sql = format!("SELECT DISTINCT t.id FROM {table} t WHERE {of} AND t.id > {behind} ORDER BY t.id LIMIT {most}");
    let found: Vec<Id> = db.sql(&sql, vec![id.into(), after.into()]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// The table of a kind that belongs to a site or an institution.
pub(super) fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Institution => "institution",
        Kind::Lab => "lab",
        Kind::Certificate => "certificate",
        Kind::Equipment => "equipment",
        Kind::Signatory => "signatory",
        Kind::CompetenceScope => "competence_scope",
        Kind::Offering => "offering",
        Kind::Region => "region",
        Kind::Agency => "agency",
        Kind::Standard => "standard",
        Kind::Request => "request",
        Kind::Referral => "referral",
    }
}

#[derive(FromQueryResult)]
struct Led {
    part: i32,
    id: Uuid,
    whole: Uuid,
}

/// What parts are parts of, all with one statement.
pub(in crate::copy) async fn parents(
    db: &Db,
    parts: &BTreeMap<Part, Vec<Uuid>>,
) -> Outcome<HashMap<(Part, Uuid), Uuid>> {
    if parts.is_empty() {
        return Ok(HashMap::new());
    }
    let (mut legs, mut values, kinds): (Vec<String>, Vec<Value>, Vec<Part>) =
        (Vec::new(), Vec::new(), parts.keys().copied().collect());
    for (at, (part, ids)) in parts.iter().enumerate() {
        let from = match part {
            Part::Calibration => "p.equipment_id AS whole FROM calibration p",
            Part::Offer => "p.referral_id AS whole FROM offer p",
            Part::OfferCondition => "o.referral_id AS whole FROM offer_condition p JOIN offer o ON o.id = p.offer_id",
            Part::Consignment => "p.referral_id AS whole FROM consignment p",
            Part::CustodyEvent => {
                "c.referral_id AS whole FROM custody_event p JOIN consignment c ON c.id = p.consignment_id"
            }
            Part::Deliverable => "p.referral_id AS whole FROM deliverable p",
        };
        let keys = db.dialect().keys_table(at + 1);
        legs.push(format!("SELECT {at} AS part, p.id AS id, {from} JOIN {keys} k ON k.id = p.id"));
        values.push(db.dialect().keys(ids.iter().copied()));
    }
    let found: Vec<Led> = db.sql(&legs.join(" UNION ALL "), values).await?;
    let led = |row: Led| Some(((*kinds.get(usize::try_from(row.part).ok()?)?, row.id), row.whole));
    Ok(found.into_iter().filter_map(led).collect())
}
