//! Reading the rows that the index is made of, many with one statement and by place, since names cost more than values.
//!
//! Nothing is filtered by who may see it: the index holds everything and each question applies its own rule.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    calibration, certificate, certificate_lab, enums::Visibility, equipment, equipment_scope, institution, lab,
    offering, offering_scope, signatory, signatory_scope, standard,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, Value};
use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{
        db::{Db, Dialect},
        fault::Outcome,
    },
};

/// What the index needs of one revision of a line.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) id: Uuid,
    pub(super) revision: i32,
    pub(super) certificate: Uuid,
    pub(super) lab: Uuid,
    pub(super) agency: String,
    pub(super) field: String,
    pub(super) object: String,
    pub(super) parameter: String,
    pub(super) method: String,
    pub(super) standard: Option<String>,
    pub(super) year: Option<i32>,
    pub(super) limited: bool,
    pub(super) visibility: Visibility,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// Where the row lies in its table, as the database counts.
    pub(super) place: i64,
}

const COLUMNS: &str = "s.id, s.revision, s.certificate_id, s.lab_id, s.agency, s.field, s.object, s.parameter, s.method, \
     s.standard_key, s.standard_year, CASE WHEN s.limits IS NULL THEN 0 ELSE 1 END, s.visibility, s.effective_from, \
     s.effective_to";

impl FromQueryResult for Revision {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let limited: i32 = row.try_get_by_index(11)?;
        let visibility: String = row.try_get_by_index(12)?;
        Ok(Self {
            id: row.try_get_by_index(0)?,
            revision: row.try_get_by_index(1)?,
            certificate: row.try_get_by_index(2)?,
            lab: row.try_get_by_index(3)?,
            agency: row.try_get_by_index(4)?,
            field: row.try_get_by_index(5)?,
            object: row.try_get_by_index(6)?,
            parameter: row.try_get_by_index(7)?,
            method: row.try_get_by_index(8)?,
            standard: row.try_get_by_index(9)?,
            year: row.try_get_by_index(10)?,
            limited: limited != 0,
            // What cannot be read is shown to nobody but its owner.
            visibility: visibility.parse().unwrap_or(Visibility::Own),
            from: row.try_get_by_index(13)?,
            to: row.try_get_by_index(14)?,
            place: row.try_get_by_index(15)?,
        })
    }
}

/// All revisions of lines.
pub(super) async fn revisions(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Revision>> {
    let dialect = db.dialect();
    let keys = dialect.keys_table(1);
    let sql = format!(
        "SELECT {COLUMNS}, CAST(0 AS bigint) FROM {keys} k CROSS JOIN competence_scope s WHERE s.id = k.id ORDER BY s.id, \
         s.revision"
    );
    db.sql_in_background(&sql, vec![dialect.keys(ids.iter().copied())]).await
}

/// A part of all lines in the order in which the database keeps them, which is the fastest to read.
pub(super) struct Stretch {
    /// Where it ends; `None` behind the last.
    pub(super) next: Option<i64>,
    pub(super) revisions: Vec<Revision>,
}

/// Pages of eight kilobytes that are read at once on PostgreSQL; about two hundred thousand would be the whole of ten
/// million lines.
const PAGES: i64 = 256;
/// Rows that are read at once on SQLite.
const ROWS: i64 = 8_000;

/// The stretch of the table that begins at `from`, 0 to begin with.
pub(super) async fn stretch(db: &Db, from: i64) -> Outcome<Stretch> {
    match db.dialect() {
        Dialect::Sqlite => {
            let sql = format!(
                "SELECT {COLUMNS}, s.rowid FROM competence_scope s WHERE s.rowid > ? ORDER BY s.rowid LIMIT {ROWS}"
            );
            let revisions: Vec<Revision> = db.sql_in_background(&sql, vec![Value::from(from)]).await?;
            let next = revisions.last().filter(|_| revisions.len() as i64 == ROWS).map(|last| last.place);
            Ok(Stretch { next, revisions })
        }
        Dialect::Postgres => {
            let to = from + PAGES;
            let sql = format!(
                "SELECT {COLUMNS}, pg_relation_size('competence_scope') / current_setting('block_size')::int8 \
                 FROM competence_scope s WHERE s.ctid >= '({from},0)'::tid AND s.ctid < '({to},0)'::tid"
            );
            let revisions: Vec<Revision> = db.sql_in_background(&sql, Vec::new()).await?;
            let pages = match revisions.first() {
                Some(first) => first.place,
                None => relation_pages(db).await?,
            };
            Ok(Stretch { next: (to < pages).then_some(to), revisions })
        }
    }
}

#[derive(FromQueryResult)]
struct Pages {
    pages: i64,
}

async fn relation_pages(db: &Db) -> Outcome<i64> {
    let sql = "SELECT pg_relation_size('competence_scope') / current_setting('block_size')::int8 AS pages";
    let found: Vec<Pages> = db.unasked(sql).await?;
    Ok(found.first().map_or(0, |row| row.pages))
}

/// A link of a line: the item or person, first day, first day without.
pub(super) type LinkRow = (Uuid, NaiveDate, NaiveDate);

/// The links of lines to equipment.
pub(super) async fn equipment_links(db: &Db, lines: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<LinkRow>>> {
    let select = equipment_scope::Entity::find().filter(among(
        db.dialect(),
        equipment_scope::Column::ScopeId,
        lines.iter().copied(),
    ));
    let mut links: HashMap<Uuid, Vec<LinkRow>> = HashMap::new();
    for row in db.all_in_background(select).await? {
        let link = (row.equipment_id.0, row.effective_from, row.effective_to);
        links.entry(row.scope_id.0).or_default().push(link);
    }
    Ok(links)
}

/// The links of lines to signatories.
pub(super) async fn signatory_links(db: &Db, lines: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<LinkRow>>> {
    let select = signatory_scope::Entity::find().filter(among(
        db.dialect(),
        signatory_scope::Column::ScopeId,
        lines.iter().copied(),
    ));
    let mut links: HashMap<Uuid, Vec<LinkRow>> = HashMap::new();
    for row in db.all_in_background(select).await? {
        let link = (row.signatory_id.0, row.effective_from, row.effective_to);
        links.entry(row.scope_id.0).or_default().push(link);
    }
    Ok(links)
}

/// The lines that ever were linked to items.
pub(super) async fn lines_of_equipment(db: &Db, items: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let column = equipment_scope::Column::EquipmentId;
    let select = equipment_scope::Entity::find().filter(among(db.dialect(), column, items.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.scope_id.0).collect())
}

/// The lines that ever were linked to signatories.
pub(super) async fn lines_of_signatories(db: &Db, people: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let column = signatory_scope::Column::SignatoryId;
    let select = signatory_scope::Entity::find().filter(among(db.dialect(), column, people.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.scope_id.0).collect())
}

/// Sites, each with its institution.
pub(super) async fn labs(db: &Db, ids: &[Uuid]) -> Outcome<Vec<(lab::Model, Option<institution::Model>)>> {
    let select = lab::Entity::find().filter(among(db.dialect(), lab::Column::Id, ids.iter().copied()));
    let labs = db.all_in_background(select).await?;
    let holders = labs.iter().map(|lab| lab.institution_id.0);
    let select = institution::Entity::find().filter(among(db.dialect(), institution::Column::Id, holders));
    let found = db.all_in_background(select).await?;
    let found: HashMap<_, _> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(labs.into_iter().map(|lab| (found.get(&lab.institution_id).cloned(), lab)).map(|(of, lab)| (lab, of)).collect())
}

/// The sites of institutions.
pub(super) async fn labs_of_institutions(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let select = lab::Entity::find().filter(among(db.dialect(), lab::Column::InstitutionId, ids.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.id.0).collect())
}

/// Certificates: all their revisions, and the sites that they cover.
pub(super) async fn certificates(
    db: &Db,
    ids: &[Uuid],
) -> Outcome<(Vec<certificate::Model>, Vec<certificate_lab::Model>)> {
    let select = certificate::Entity::find()
        .filter(among(db.dialect(), certificate::Column::Id, ids.iter().copied()))
        .order_by_asc(certificate::Column::Id)
        .order_by_asc(certificate::Column::Revision);
    let column = certificate_lab::Column::CertificateId;
    let covers = certificate_lab::Entity::find().filter(among(db.dialect(), column, ids.iter().copied()));
    Ok((db.all_in_background(select).await?, db.all_in_background(covers).await?))
}

/// Items of equipment: all their revisions, and their calibrations.
pub(super) async fn equipment(db: &Db, ids: &[Uuid]) -> Outcome<(Vec<equipment::Model>, Vec<calibration::Model>)> {
    let select = equipment::Entity::find()
        .filter(among(db.dialect(), equipment::Column::Id, ids.iter().copied()))
        .order_by_asc(equipment::Column::Id)
        .order_by_asc(equipment::Column::Revision);
    let column = calibration::Column::EquipmentId;
    let calibrations = calibration::Entity::find()
        .filter(among(db.dialect(), column, ids.iter().copied()))
        .filter(calibration::Column::VoidedOn.is_null());
    Ok((db.all_in_background(select).await?, db.all_in_background(calibrations).await?))
}

/// The items that calibrations are of.
pub(super) async fn equipment_of_calibrations(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let select = calibration::Entity::find().filter(among(db.dialect(), calibration::Column::Id, ids.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.equipment_id.0).collect())
}

/// Signatories.
pub(super) async fn signatories(db: &Db, ids: &[Uuid]) -> Outcome<Vec<signatory::Model>> {
    let select = signatory::Entity::find().filter(among(db.dialect(), signatory::Column::Id, ids.iter().copied()));
    db.all_in_background(select).await
}

/// Offerings, each with the lines that it names.
pub(super) async fn offerings(db: &Db, ids: &[Uuid]) -> Outcome<Vec<(offering::Model, Vec<Uuid>)>> {
    let select = offering::Entity::find().filter(among(db.dialect(), offering::Column::Id, ids.iter().copied()));
    let column = offering_scope::Column::OfferingId;
    let named = offering_scope::Entity::find()
        .filter(among(db.dialect(), column, ids.iter().copied()))
        .filter(offering_scope::Column::EffectiveTo.eq(entity::FOREVER));
    let mut lines: HashMap<_, Vec<Uuid>> = HashMap::new();
    for row in db.all_in_background(named).await? {
        lines.entry(row.offering_id).or_default().push(row.scope_id.0);
    }
    let rows = db.all_in_background(select).await?;
    Ok(rows
        .into_iter()
        .map(|row| (lines.remove(&row.id).unwrap_or_default(), row))
        .map(|(of, row)| (row, of))
        .collect())
}

/// Editions of standards.
pub(super) async fn standards(db: &Db, ids: &[Uuid]) -> Outcome<Vec<standard::Model>> {
    let select = standard::Entity::find().filter(among(db.dialect(), standard::Column::Id, ids.iter().copied()));
    db.all_in_background(select).await
}

/// A table whose rows are walked through by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walked {
    Lab,
    Certificate,
    Equipment,
    Signatory,
    Standard,
    Offering,
}

impl Walked {
    /// In the order in which they are read: what others refer to first.
    pub(super) const ALL: [Self; 6] =
        [Self::Standard, Self::Lab, Self::Certificate, Self::Equipment, Self::Signatory, Self::Offering];

    const fn table(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Certificate => "certificate",
            Self::Equipment => "equipment",
            Self::Signatory => "signatory",
            Self::Standard => "standard",
            Self::Offering => "offering",
        }
    }
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// Up to `most` ids behind one, in order.
pub(super) async fn ids_after(db: &Db, walked: Walked, after: Uuid, most: usize) -> Outcome<Vec<Uuid>> {
    let mark = if db.dialect() == Dialect::Postgres { "$1" } else { "?" };
    let table = walked.table();
    let sql = format!("SELECT DISTINCT id FROM {table} WHERE id > {mark} ORDER BY id LIMIT {most}");
    let found: Vec<Id> = db.sql_in_background(&sql, vec![Value::from(after)]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}
