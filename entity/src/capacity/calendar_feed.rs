//! Addresses under which calendars are followed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, CalendarFeedId, LabId, OfferingId},
    record::{record, versioned},
};

/// An address under which the calendar of an offering, or of a lab, is followed by whoever knows it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarFeedId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// The offering; none where a whole lab is shown.
    pub offering_id: Option<OfferingId>,
    /// The lab; none where one offering is shown.
    pub lab_id: Option<LabId>,
    /// SHA-256 of the token in the address, hex. The token itself is kept nowhere.
    pub token_hash: String,
    /// Who uses it, as its maker says.
    pub label: Option<String>,
    /// Subject who made it.
    pub created_by: String,
    /// When it was revoked.
    pub revoked_at: Option<DateTimeUtc>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it entered the register.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(CalendarFeedId::KIND, id, agency);
versioned!(id, Id);
