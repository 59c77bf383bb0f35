//! The change log, the outbox, the feed, and the first answers to keyed commands.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// The change log, the outbox, the feed, and the first answers to keyed commands.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE change (
  id uuid NOT NULL PRIMARY KEY,
  commit_id uuid NOT NULL,
  position integer NOT NULL,
  at timestamptz NOT NULL,
  agency text,
  subject text NOT NULL,
  client text,
  action text NOT NULL,
  request_id text NOT NULL,
  entity text NOT NULL,
  entity_id text NOT NULL,
  owner text,
  op text NOT NULL,
  before jsonb,
  after jsonb
);
CREATE INDEX change_by_commit ON change (commit_id, position);
CREATE INDEX change_by_entity ON change (entity, entity_id, id);

CREATE TABLE outbox (
  id uuid NOT NULL PRIMARY KEY,
  commit_id uuid NOT NULL,
  position integer NOT NULL,
  at timestamptz NOT NULL,
  name text NOT NULL,
  subject text NOT NULL,
  agency text NOT NULL,
  visibility text NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX outbox_by_commit ON outbox (commit_id, position);

CREATE TABLE uncounted (
  commit_id uuid NOT NULL PRIMARY KEY,
  at timestamptz NOT NULL
);

CREATE TABLE feed (
  seq bigint NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  ref_id uuid NOT NULL,
  at timestamptz NOT NULL,
  hash bytea NOT NULL
);
CREATE UNIQUE INDEX feed_entry_taken ON feed (ref_id);

CREATE TABLE idempotency (
  agency text NOT NULL,
  subject text NOT NULL,
  key text NOT NULL,
  action text NOT NULL,
  body text NOT NULL,
  answer jsonb NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT idempotency_key_taken PRIMARY KEY (agency, subject, key)
);
";
