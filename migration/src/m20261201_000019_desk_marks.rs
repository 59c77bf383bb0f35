//! When providers were told whose goods are sampled, after that had been hidden from them; and which offers take of spare
//! capacity.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// When providers were told whose goods are sampled, and which offers take of spare capacity.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, COLUMNS).await
    }
}

const COLUMNS: &str = "
ALTER TABLE request ADD COLUMN unblinded_at timestamptz;
ALTER TABLE offer ADD COLUMN spare_offer_id uuid;
CREATE INDEX offer_by_spare_offer ON offer (spare_offer_id) WHERE spare_offer_id IS NOT NULL;
UPDATE offer SET spare_offer_id = (SELECT r.spare_offer_id FROM referral r WHERE r.id = offer.referral_id)
  WHERE referral_id IN (SELECT id FROM referral WHERE spare_offer_id IS NOT NULL);
";
