//! Searches that agencies keep.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{SavedSearchKind, SearchOrder},
    ids::{AgencyCode, SavedSearchId},
    record::{record, versioned},
};

/// A search that an agency keeps under a name. Nobody but its agency sees it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "saved_search")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedSearchId,
    /// The agency that keeps it, and alone sees and writes it.
    pub agency: AgencyCode,
    /// Name, as it was written.
    pub name: String,
    /// The name folded for comparing; unique within the agency.
    pub name_key: String,
    /// What it lists.
    pub kind: SavedSearchKind,
    /// Free text that is searched for.
    pub text: Option<String>,
    /// Conditions, an object in the spelling of the API's `SearchWhere` without its nulls; none where there are none.
    pub filter: Option<Json>,
    /// The order.
    pub order_by: SearchOrder,
    /// Whether new matches shall be told.
    pub notify: bool,
    /// Remarks.
    pub remarks: Option<String>,
    /// Subject who saved it.
    pub created_by: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was saved.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(SavedSearchId::KIND, id, agency);
versioned!(id, Id);
