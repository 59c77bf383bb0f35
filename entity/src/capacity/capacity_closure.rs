//! Days on which nothing is given.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, ClosureId, LabId, OfferingId},
    record::{record, versioned},
};

/// Days on which an offering, or all that a lab offers, is closed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "capacity_closure")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClosureId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// The offering; none where a whole lab is closed.
    pub offering_id: Option<OfferingId>,
    /// The lab; none where one offering is closed.
    pub lab_id: Option<LabId>,
    /// First day.
    pub first_day: Date,
    /// Last day, inclusive.
    pub last_day: Date,
    /// Why.
    pub reason: String,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTimeUtc>,
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

record!(ClosureId::KIND, id, agency);
versioned!(id, Id);
