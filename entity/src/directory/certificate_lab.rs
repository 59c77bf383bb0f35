//! Which sites a certificate covers, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, CertificateId, LabId},
    record::record,
};

/// A certificate covers a site for a span of dates.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "certificate_lab")]
pub struct Model {
    /// The certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: CertificateId,
    /// The site.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lab_id: LabId,
    /// First date of the cover.
    #[sea_orm(primary_key, auto_increment = false)]
    pub effective_from: Date,
    /// First date without it; `FOREVER` while it lasts.
    pub effective_to: Date,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("certificate-lab", certificate_id, agency);
