//! What decides whether an object could ever be seen: its own rows over all time, and what it belongs to.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{Record, enums::Visibility, ids::AgencyCode, institution, lab};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::walk::table;
use crate::{
    copy::model::Kind,
    platform::{
        access::Visible,
        db::{Db, Dialect},
        fault::Outcome,
    },
};

/// A row of an object, and what it belongs to.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::copy) struct Origin {
    pub(in crate::copy) id: Uuid,
    pub(in crate::copy) agency: AgencyCode,
    pub(in crate::copy) visibility: Visibility,
    /// Of an offering: to whom it is shown besides, and when it was opened.
    pub(in crate::copy) shown_to: Option<Json>,
    pub(in crate::copy) opened_at: Option<DateTime<Utc>>,
    lab: Option<Uuid>,
    lab_agency: Option<AgencyCode>,
    lab_visibility: Option<Visibility>,
    institution: Option<Uuid>,
    institution_agency: Option<AgencyCode>,
    institution_visibility: Option<Visibility>,
}

/// A site or an institution to which something belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::copy) struct Above {
    pub(in crate::copy) entity: &'static str,
    pub(in crate::copy) id: Uuid,
    pub(in crate::copy) agency: AgencyCode,
    pub(in crate::copy) visibility: Visibility,
}

impl Origin {
    /// What it belongs to, as that is now.
    pub(in crate::copy) fn above(&self) -> Vec<Above> {
        let one = |entity, id: Option<Uuid>, agency: &Option<AgencyCode>, visibility: Option<Visibility>| {
            Some(Above { entity, id: id?, agency: agency.clone()?, visibility: visibility? })
        };
        let lab = one(lab::Model::KIND, self.lab, &self.lab_agency, self.lab_visibility);
        let institution =
            one(institution::Model::KIND, self.institution, &self.institution_agency, self.institution_visibility);
        lab.into_iter().chain(institution).collect()
    }
}

/// The rows of objects of one kind, all revisions of each.
pub(in crate::copy) async fn origins(db: &Db, kind: Kind, ids: &[Uuid]) -> Outcome<Vec<Origin>> {
    let (table, keys) = (table(kind), db.dialect().keys_table(1));
    let nothing = "t.id AS lab, t.agency AS lab_agency, t.visibility AS lab_visibility";
    let (own, joined) = match kind {
        Kind::Institution => {
            (format!("{}, {}", absent(nothing), absent(&nothing.replace("lab", "institution"))), String::new())
        }
        Kind::Lab | Kind::Certificate => (
            format!(
                "{}, i.id AS institution, i.agency AS institution_agency, i.visibility AS institution_visibility",
                absent(nothing)
            ),
            "LEFT JOIN institution i ON i.id = t.institution_id".to_owned(),
        ),
        _ => (
            "l.id AS lab, l.agency AS lab_agency, l.visibility AS lab_visibility, i.id AS institution, \
             i.agency AS institution_agency, i.visibility AS institution_visibility"
                .to_owned(),
            "LEFT JOIN lab l ON l.id = t.lab_id LEFT JOIN institution i ON i.id = l.institution_id".to_owned(),
        ),
    };
    let offered = match (kind, db.dialect()) {
        (Kind::Offering, _) => "t.shown_to AS shown_to, t.opened_at AS opened_at",
        (_, Dialect::Postgres) => "NULL::jsonb AS shown_to, NULL::timestamptz AS opened_at",
        (_, Dialect::Sqlite) => "NULL AS shown_to, NULL AS opened_at",
    };
    let sql = format!(
        "SELECT t.id, t.agency, t.visibility, {offered}, {own} FROM {keys} k JOIN {table} t ON t.id = k.id {joined}"
    );
    db.sql(&sql, vec![db.dialect().keys(ids.iter().copied())]).await
}

/// The same columns without a value.
fn absent(columns: &str) -> String {
    let column = |each: &str| {
        let (value, name) = each.trim().split_once(" AS ").unwrap_or((each, each));
        format!("CASE WHEN 1 = 0 THEN {value} END AS {name}")
    };
    columns.split(',').map(column).collect::<Vec<_>>().join(", ")
}

#[derive(FromQueryResult)]
struct Logged {
    entity: String,
    entity_id: String,
    owner: Option<AgencyCode>,
    before: Option<Json>,
}

/// Those of some sites and institutions that a viewer could see at some time, by what the log says of their edits.
pub(in crate::copy) async fn once_shown(db: &Db, visible: &Visible, above: &[Above]) -> Outcome<HashSet<Uuid>> {
    if above.is_empty() {
        return Ok(HashSet::new());
    }
    let keys: Vec<String> = above.iter().map(|one| one.id.as_hyphenated().to_string()).collect();
    let (among, value) = match db.dialect() {
        Dialect::Postgres => {
            let listed = keys.into_iter().map(Value::from).collect();
            let array = Value::Array(sea_orm::sea_query::ArrayType::String, Some(Box::new(listed)));
            ("= ANY($1)", array)
        }
        Dialect::Sqlite => ("IN (SELECT value FROM json_each(?))", Value::from(Json::from(keys).to_string())),
    };
    let sql = format!(
        "SELECT c.entity, c.entity_id, c.owner, c.before FROM change c \
         WHERE c.entity IN ('{}', '{}') AND c.op = 'UPDATE' AND c.entity_id {among}",
        lab::Model::KIND,
        institution::Model::KIND
    );
    let edits: Vec<Logged> = db.sql(&sql, vec![value]).await?;
    let shown = |edit: Logged| {
        let was = edit.before?.get("visibility")?.as_str()?.parse().ok()?;
        let id: Uuid = edit.entity_id.parse().ok()?;
        let is_meant = above.iter().any(|one| one.entity == edit.entity && one.id == id);
        (is_meant && visible.sees(&edit.owner?, was)).then_some(id)
    };
    Ok(edits.into_iter().filter_map(shown).collect())
}
