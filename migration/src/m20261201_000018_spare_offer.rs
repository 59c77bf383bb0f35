//! Spare capacity that providers offer without having been asked, and when offers were put to the other side.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Spare capacity that providers offer without having been asked, and when offers were put to the other side.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE spare_offer (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  lab_id uuid REFERENCES lab (id),
  offering_id uuid NOT NULL REFERENCES offering (id),
  title text NOT NULL,
  shown_to jsonb NOT NULL,
  units integer NOT NULL,
  unit_price text,
  starts_on date NOT NULL,
  report_by date NOT NULL,
  valid_until timestamptz NOT NULL,
  remarks text,
  status text NOT NULL,
  author text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX spare_offer_by_offering ON spare_offer (offering_id, id);
CREATE INDEX spare_offer_by_agency ON spare_offer (agency, id);
CREATE INDEX spare_offer_by_end ON spare_offer (valid_until, id) WHERE status = 'OPEN';

ALTER TABLE offer ADD COLUMN put_at timestamptz;
UPDATE offer SET put_at = created_at WHERE status <> 'PENDING_APPROVAL';

ALTER TABLE referral ADD COLUMN spare_offer_id uuid;
CREATE INDEX referral_by_escalation ON referral (status, due_at, id) WHERE due_side = 'COORDINATOR';
CREATE INDEX referral_by_spare_offer ON referral (spare_offer_id) WHERE spare_offer_id IS NOT NULL;
";
