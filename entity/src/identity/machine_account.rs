//! Machine accounts of agencies.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, MachineAccountId},
    record::{record, versioned},
};

/// A system of an agency that signs its own assertions (RFC 7523).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "machine_account")]
pub struct Model {
    /// Key; its bare form is the `client_id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MachineAccountId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Name for people.
    pub name: String,
    /// Public key (RFC 7517), exactly one.
    pub jwk: Json,
    /// Scopes that its tokens may carry, a list of text.
    pub scopes: Json,
    /// Subject who registered it.
    pub created_by: String,
    /// When it was revoked.
    pub revoked_at: Option<DateTimeUtc>,
    /// Why.
    pub revoke_reason: Option<String>,
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

record!(MachineAccountId::KIND, id, agency);
versioned!(id, Id);
