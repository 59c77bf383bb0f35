//! Spare capacity that a provider offers without having been asked.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::SpareOfferStatus,
    ids::{AgencyCode, LabId, OfferingId, SpareOfferId},
    record::{record, versioned},
};

/// Units of an offering that a provider offers to partners on terms that stand until they end.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "spare_offer")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpareOfferId,
    /// The providing agency.
    pub agency: AgencyCode,
    /// The site.
    pub lab_id: Option<LabId>,
    /// What it is of.
    pub offering_id: OfferingId,
    /// What it is, in a line.
    pub title: String,
    /// Codes of the agencies to which it is made; every partner that sees the offering where empty.
    pub shown_to: Json,
    /// Units that are offered, over all who take of it.
    pub units: i32,
    /// Price of one unit in yuan, as written; none where nothing is charged.
    pub unit_price: Option<String>,
    /// First day of the work.
    pub starts_on: Date,
    /// Last day for the report.
    pub report_by: Date,
    /// Until when it stands.
    pub valid_until: DateTimeUtc,
    /// Remarks.
    pub remarks: Option<String>,
    /// Whether it was taken back; that its time is over is told by `valid_until`.
    pub status: SpareOfferStatus,
    /// Who made it, as issuer and subject.
    pub author: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(SpareOfferId::KIND, id, agency);
versioned!(id, Id);
