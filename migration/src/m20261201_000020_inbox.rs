//! Inboxes that are counted from their indexes alone: who wrote the offer that stands, and what each pile asks of its rows.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Inboxes that are counted from their indexes alone.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, INDEXES).await
    }
}

// Under new names: another connection of SQLite may still know the old ones when the new ones are made.
const INDEXES: &str = "
ALTER TABLE referral ADD COLUMN offer_author text;
UPDATE referral SET offer_author = (SELECT o.author FROM offer o WHERE o.id = referral.offer_id)
  WHERE offer_id IS NOT NULL;
DROP INDEX referral_by_provider;
CREATE INDEX referral_of_provider ON referral (agency, status, due_at, id) INCLUDE (pending_offer_id, decision_id, lab_id);
DROP INDEX referral_by_requester;
CREATE INDEX referral_of_requester ON referral (requester, status, due_at, id) INCLUDE (decision_id);
CREATE INDEX referral_to_sign ON referral (agency, due_at, id) INCLUDE (offer_author, decision_id, lab_id)
  WHERE status = 'ACCEPTED';
CREATE INDEX request_to_approve ON request (agency, due_at, id) INCLUDE (author, submitted_by, decision_id)
  WHERE status = 'PENDING_APPROVAL';
CREATE INDEX decision_open ON decision (agency, id) WHERE outcome IS NULL;
";
