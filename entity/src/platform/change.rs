//! The change log: audit trail and change feed at once.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{enums::ChangeOp, ids::AgencyCode};

/// What one act did to one row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The transaction.
    pub commit_id: Uuid,
    /// Order within the transaction, from 0; shared with its events.
    pub position: i32,
    /// When.
    pub at: DateTimeUtc,
    /// For which agency the actor acted.
    pub agency: Option<AgencyCode>,
    /// Who.
    pub subject: String,
    /// By which program.
    pub client: Option<String>,
    /// Name of the permitted action.
    pub action: String,
    /// The request.
    pub request_id: String,
    /// Kind of the row.
    pub entity: String,
    /// Key of the row.
    pub entity_id: String,
    /// The agency that owns the row; decides who may see the change.
    pub owner: Option<AgencyCode>,
    /// What was done.
    pub op: ChangeOp,
    /// What was there: the changed columns.
    pub before: Option<Json>,
    /// What is there now: the changed columns, or all of a new row.
    pub after: Option<Json>,
    /// Random bytes under the digest in the feed, so that nobody can guess content that was erased. Not content itself.
    #[serde(skip)]
    pub salt: Option<Vec<u8>>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
