//! Samples on their way, and what comes of them.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Samples on their way, and what comes of them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE consignment (
  id uuid NOT NULL PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral (id),
  agency text NOT NULL,
  provider text NOT NULL,
  number integer NOT NULL,
  status text NOT NULL,
  sent integer NOT NULL,
  received integer NOT NULL,
  carrier text,
  waybill text,
  remarks text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX consignment_number_taken ON consignment (referral_id, number);

CREATE TABLE custody_event (
  id uuid NOT NULL PRIMARY KEY,
  consignment_id uuid NOT NULL REFERENCES consignment (id),
  agency text NOT NULL,
  provider text NOT NULL,
  at timestamptz NOT NULL,
  event text NOT NULL,
  units integer NOT NULL,
  side text NOT NULL,
  actor_agency text,
  actor text NOT NULL,
  reason_code text,
  reason_text text
);
CREATE INDEX custody_event_by_consignment ON custody_event (consignment_id, id);

CREATE TABLE deliverable (
  id uuid NOT NULL PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral (id),
  agency text NOT NULL,
  requester text NOT NULL,
  revision integer NOT NULL,
  report_number text NOT NULL,
  issued_on date NOT NULL,
  sha256 text NOT NULL,
  size bigint,
  attachment_id uuid,
  scopes jsonb NOT NULL,
  superseded boolean NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX deliverable_report_taken ON deliverable (referral_id, revision, report_number);
";
