//! Dated editions of a certificate's annex.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::ScopeVersionReason,
    ids::{AgencyCode, CertificateId, ScopeVersionId},
    record::record,
};

/// One dated edition of a certificate's annex.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "scope_version")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeVersionId,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Counts the editions of this certificate, from 1.
    pub edition: i32,
    /// Why it came to be.
    pub reason: ScopeVersionReason,
    /// Date of the edition, from which its lines are in force.
    pub dated: Date,
    /// Free text.
    pub remarks: Option<String>,
    /// When it entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(ScopeVersionId::KIND, id, agency);
