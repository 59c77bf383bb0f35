//! What labs and agencies open to others.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{OfferingKind, OfferingStatus, PriceBasis, Visibility},
    ids::{AgencyCode, LabId, OfferingId},
    record::{record, versioned},
};

/// What a lab, or an agency itself, opens to others.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "offering")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferingId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// The site; none where the agency itself offers.
    pub lab_id: Option<LabId>,
    /// Natural key within the agency.
    pub code: String,
    /// What is offered.
    pub kind: OfferingKind,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Where it is in its life.
    pub status: OfferingStatus,
    /// Why it is paused or archived.
    pub status_reason: Option<String>,
    /// Who may see it once it was opened.
    pub visibility: Visibility,
    /// Codes of the agencies that may see it besides the owner, a list of text; empty unless `visibility` is `OWN`.
    pub shown_to: Json,
    /// Fields (类别) that it covers, a list of text; empty where it names lines or equipment, or covers the whole lab.
    pub fields: Json,
    /// Counts the changes of the lines and the equipment that it names, from 1.
    pub coverage_revision: i32,
    /// What is counted, such as 样品 or 小时.
    pub unit: String,
    /// What the price is for; shown to members of the pact only.
    pub price_basis: PriceBasis,
    /// Price in yuan with two digits behind the point, such as `120.00`; shown to members of the pact only.
    pub price_amount: Option<String>,
    /// Working days from an agreement to the first possible start, 0 to 365.
    pub lead_days: i32,
    /// Working days from receipt to report, 1 to 365; none where it has no meaning.
    pub turnaround_days: Option<i32>,
    /// The same where it is urgent; none where urgent work is not taken.
    pub urgent_turnaround_days: Option<i32>,
    /// Least quantity of one request.
    pub quantity_min: Option<i32>,
    /// Most of one request.
    pub quantity_max: Option<i32>,
    /// Conditions, free text.
    pub conditions: Option<String>,
    /// First date, inclusive; none where it has no beginning.
    pub valid_from: Option<Date>,
    /// Last date, inclusive; none where unlimited.
    pub valid_to: Option<Date>,
    /// When it was first opened; none before, and then nobody but the owner sees it.
    pub opened_at: Option<DateTimeUtc>,
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

record!(OfferingId::KIND, id, agency);
versioned!(id, Id);
