//! Signed checkpoints of the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One checkpoint: the instance says what the feed was.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "checkpoint")]
pub struct Model {
    /// The last entry that it covers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The last entry of the checkpoint before; 0 where there is none.
    pub after_seq: i64,
    /// The hash of that last entry.
    pub hash: Vec<u8>,
    /// When it was signed.
    pub at: DateTimeUtc,
    /// Name of the key: its SHA-256 thumbprint (RFC 7638).
    pub kid: String,
    /// The public key as a JWK.
    pub jwk: Json,
    /// The signed form, a compact JWS (RFC 7515).
    pub jws: String,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
