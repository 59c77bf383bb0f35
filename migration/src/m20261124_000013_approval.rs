//! Approval rules, deputies, and decisions by rule.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Approval rules, deputies, and decisions by rule.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE approval_rules (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  side text NOT NULL,
  number integer NOT NULL,
  effective_from date NOT NULL,
  rules jsonb NOT NULL,
  note text,
  author text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX approval_rules_number_taken ON approval_rules (agency, side, number);

CREATE TABLE deputy (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  person text NOT NULL,
  deputy text NOT NULL,
  from_date date NOT NULL,
  to_date date NOT NULL,
  note text,
  author text NOT NULL,
  ended_at timestamptz,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX deputy_by_deputy ON deputy (agency, deputy, to_date);

CREATE TABLE decision (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL,
  point text NOT NULL,
  request_id uuid NOT NULL REFERENCES request (id),
  referral_id uuid REFERENCES referral (id),
  rules_id uuid NOT NULL REFERENCES approval_rules (id),
  rule text NOT NULL,
  steps jsonb NOT NULL,
  step integer NOT NULL,
  given integer NOT NULL,
  deciders text,
  decided text NOT NULL,
  escalated boolean NOT NULL,
  escalates_at timestamptz,
  outcome text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX decision_by_request ON decision (request_id, id);
CREATE INDEX decision_by_escalation ON decision (escalates_at) WHERE escalates_at IS NOT NULL;

ALTER TABLE request ADD COLUMN decision_id uuid;
ALTER TABLE referral ADD COLUMN decision_id uuid;
ALTER TABLE referral ADD COLUMN amendment_decision_id uuid;
ALTER TABLE referral ADD COLUMN pending_offer_id uuid;
ALTER TABLE referral ADD COLUMN pending_decision_id uuid;
CREATE INDEX referral_by_pending_offer ON referral (agency, due_at, id) WHERE pending_offer_id IS NOT NULL;
ALTER TABLE approval ADD COLUMN stands_for text;
";
