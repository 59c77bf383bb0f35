//! Who read what is protected.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::AgencyCode;

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "access_log")]
pub struct Model {
    /// Key; in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// For which agency the reader acted.
    pub agency: Option<AgencyCode>,
    /// Who.
    pub subject: String,
    /// By which program.
    pub client: Option<String>,
    /// The request.
    pub request_id: String,
    /// What kind of thing was read, such as `PERSONAL_DATA`.
    pub what: String,
    /// Typed id of what was read, or a span.
    pub object: String,
    /// The agency that owns it; none for what belongs to the pact as a whole.
    pub owner: Option<AgencyCode>,
    /// Why, where the reader said so.
    pub reason: Option<String>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
