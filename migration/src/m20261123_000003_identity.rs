//! Machine accounts, revocations, and assertions that were used.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Machine accounts, revocations, and assertions that were used.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE machine_account (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  name text NOT NULL,
  jwk jsonb NOT NULL,
  scopes jsonb NOT NULL,
  created_by text NOT NULL,
  revoked_at timestamptz,
  revoke_reason text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX machine_account_name_taken ON machine_account (agency, name);

CREATE TABLE revocation (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  before timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  reason text NOT NULL
);
CREATE INDEX revocation_by_expiry ON revocation (expires_at);

CREATE TABLE used_assertion (
  client_id text NOT NULL,
  token_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT used_assertion_taken PRIMARY KEY (client_id, token_id)
);
CREATE INDEX used_assertion_by_expiry ON used_assertion (expires_at);
";
