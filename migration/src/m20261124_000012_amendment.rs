//! Changes of what was agreed, and quotes before orders.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Changes of what was agreed, and quotes before orders.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
ALTER TABLE referral ADD COLUMN amendment_id uuid;
ALTER TABLE referral ADD COLUMN amendment_side text;
ALTER TABLE referral ADD COLUMN amendment_until timestamptz;
CREATE INDEX referral_amendment_until ON referral (amendment_until) WHERE amendment_until IS NOT NULL;
CREATE INDEX referral_amendment_requester ON referral (requester, amendment_side, due_at, id)
  WHERE amendment_side IS NOT NULL;
CREATE INDEX referral_amendment_agency ON referral (agency, amendment_side, due_at, id)
  WHERE amendment_side IS NOT NULL;
ALTER TABLE offer ADD COLUMN wanted jsonb;
ALTER TABLE request ADD COLUMN for_quotes boolean NOT NULL DEFAULT FALSE;
";
