//! Searches that agencies keep.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Searches that agencies keep.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE saved_search (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  name text NOT NULL,
  name_key text NOT NULL,
  kind text NOT NULL,
  text text,
  filter jsonb,
  order_by text NOT NULL,
  notify boolean NOT NULL,
  remarks text,
  created_by text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX saved_search_name_taken ON saved_search (agency, name_key);
CREATE INDEX saved_search_by_age ON saved_search (agency, id);
";
