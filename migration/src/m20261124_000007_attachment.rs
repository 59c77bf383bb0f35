//! Files that agencies attach to what they write.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Files that agencies attach to what they write.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE attachment (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  file_name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  remarks text,
  status text NOT NULL,
  subject text,
  purpose text,
  created_by text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  stored_at timestamptz,
  bound_at timestamptz,
  CONSTRAINT attachment_bound_whole CHECK ((subject IS NULL) = (purpose IS NULL) AND (subject IS NULL OR status = 'STORED'))
);
CREATE INDEX attachment_by_agency ON attachment (agency, id);
CREATE INDEX attachment_by_subject ON attachment (subject, id);
CREATE INDEX attachment_unbound ON attachment (created_at, id) WHERE subject IS NULL;
CREATE INDEX attachment_unbound_of_agency ON attachment (agency, size) WHERE subject IS NULL;

CREATE TABLE attachment_party (
  attachment_id uuid NOT NULL REFERENCES attachment (id),
  agency text NOT NULL REFERENCES agency (code),
  owner text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT attachment_party_taken PRIMARY KEY (attachment_id, agency)
);
CREATE INDEX attachment_party_by_agency ON attachment_party (agency, attachment_id);
";
