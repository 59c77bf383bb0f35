//! Certificates (资质认定), all revisions of each.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{CertificateScheme, CertificateStatus, Visibility},
    ids::{AgencyCode, CertificateId, InstitutionId},
    record::{record, revised},
};

/// One revision of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    /// Key over all revisions.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateId,
    /// Counts the revisions, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// The holder.
    pub institution_id: InstitutionId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// The scheme.
    pub scheme: CertificateScheme,
    /// Number as it stands on the paper.
    pub number: String,
    /// Number folded for comparing.
    pub number_key: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// First date of validity, inclusive.
    pub valid_from: Date,
    /// Last date of validity, inclusive; none where unlimited.
    pub valid_to: Option<Date>,
    /// What the issuer has said.
    pub status: CertificateStatus,
    /// Why it is suspended or withdrawn.
    pub status_reason: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// First date on which this revision is in force.
    pub effective_from: Date,
    /// First date on which it no longer is; `FOREVER` while it is the last.
    pub effective_to: Date,
    /// When this revision entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(CertificateId::KIND, id, agency);
revised!();
