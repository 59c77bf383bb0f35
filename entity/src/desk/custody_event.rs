//! The chain of custody.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{CustodyStep, Side},
    ids::{AgencyCode, ConsignmentId, CustodyEventId},
    record::record,
};

/// One link of the chain of custody of a consignment: what happened to how many units, when, and under whose hands.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "custody_event")]
pub struct Model {
    /// Key; in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustodyEventId,
    /// The consignment.
    pub consignment_id: ConsignmentId,
    /// The requesting agency.
    pub agency: AgencyCode,
    /// The providing agency.
    pub provider: AgencyCode,
    /// When.
    pub at: DateTimeUtc,
    /// What happened.
    pub event: CustodyStep,
    /// To how many units.
    pub units: i32,
    /// For which side it was done.
    pub side: Side,
    /// The agency of the person.
    pub actor_agency: Option<AgencyCode>,
    /// The person, as issuer and subject.
    pub actor: String,
    /// Code of the reason.
    pub reason_code: Option<String>,
    /// Its text.
    pub reason_text: Option<String>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(CustodyEventId::KIND, id, agency);
