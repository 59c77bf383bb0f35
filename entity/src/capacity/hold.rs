//! Capacity that is set aside or booked.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::HoldStatus,
    ids::{AgencyCode, HoldId, LabId, OfferingId},
    record::{record, versioned},
};

/// Capacity of one offering that is set aside, or booked, for one agency.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldId,
    /// The offering.
    pub offering_id: OfferingId,
    /// Its site; none where the agency itself offers.
    pub lab_id: Option<LabId>,
    /// The agency that provides.
    pub agency: AgencyCode,
    /// The agency for which it is set aside.
    pub holder: AgencyCode,
    /// Typed id of what it is for, such as `referral:…`.
    pub subject: String,
    /// Where it is in its life.
    pub status: HoldStatus,
    /// Units, over all its days; 0 where it takes equipment time alone.
    pub quantity: i32,
    /// Until when it is set aside; without meaning once it is booked.
    pub expires_at: DateTimeUtc,
    /// From which day on its units are free again; none while it has all of them.
    pub freed_from: Option<Date>,
    /// Why it was released.
    pub reason: Option<String>,
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

record!(HoldId::KIND, id, agency);
versioned!(id, Id);
