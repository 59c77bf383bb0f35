//! A chain that outlives its content: digests and salts, checkpoints, what was pruned, and who read what is protected.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// A chain that outlives its content: digests and salts, checkpoints, what was pruned, and who read what is protected.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
ALTER TABLE feed ADD COLUMN digest bytea;
ALTER TABLE change ADD COLUMN salt bytea;
ALTER TABLE outbox ADD COLUMN salt bytea;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE checkpoint (
  seq bigint NOT NULL PRIMARY KEY,
  after_seq bigint NOT NULL,
  hash bytea NOT NULL,
  at timestamptz NOT NULL,
  kid text NOT NULL,
  jwk jsonb NOT NULL,
  jws text NOT NULL
);
CREATE UNIQUE INDEX checkpoint_taken ON checkpoint (after_seq);

CREATE TABLE pruned (
  id uuid NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  before_at timestamptz NOT NULL,
  at timestamptz NOT NULL
);
CREATE UNIQUE INDEX pruned_span_taken ON pruned (kind, from_seq);

CREATE TABLE access_log (
  id uuid NOT NULL PRIMARY KEY,
  at timestamptz NOT NULL,
  agency text,
  subject text NOT NULL,
  client text,
  request_id text NOT NULL,
  what text NOT NULL,
  object text NOT NULL,
  owner text,
  reason text
);
CREATE INDEX access_log_by_owner ON access_log (owner, id);
CREATE INDEX access_log_at ON access_log (at);
";
