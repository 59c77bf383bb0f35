//! What nobody causes: notes of what was told already, and what dates alone bring into force.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Notes of what was told already, and indexes by which a date finds what it changes.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await?;
        dialect::run_on_postgres(manager, &ahead("(recorded_at AT TIME ZONE 'UTC')::date")).await?;
        dialect::run_on_sqlite(manager, &ahead("substr(recorded_at, 1, 10)")).await
    }
}

const TABLES: &str = "
CREATE TABLE reminder (
  subject_id uuid NOT NULL,
  about text NOT NULL,
  due_on date NOT NULL,
  days integer NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT reminder_taken PRIMARY KEY (subject_id, about, due_on, days)
);
CREATE TABLE saved_search_watch (
  search_id uuid NOT NULL PRIMARY KEY REFERENCES saved_search (id) ON DELETE CASCADE,
  asked_at timestamptz NOT NULL,
  question text NOT NULL,
  seq bigint NOT NULL
);
CREATE TABLE saved_search_match (
  search_id uuid NOT NULL REFERENCES saved_search (id) ON DELETE CASCADE,
  match_id uuid NOT NULL,
  CONSTRAINT saved_search_match_taken PRIMARY KEY (search_id, match_id)
);
CREATE INDEX saved_search_notified ON saved_search (id) WHERE notify;
CREATE INDEX offer_open_until ON offer (valid_until) WHERE status = 'OPEN';
CREATE INDEX calibration_by_due ON calibration (due_on) WHERE voided_on IS NULL;
CREATE INDEX certificate_by_end ON certificate (valid_to) WHERE effective_to = '9999-12-31';
CREATE INDEX certificate_ended ON certificate (effective_to) WHERE effective_to < '9999-12-31';
CREATE INDEX equipment_ended ON equipment (effective_to) WHERE effective_to < '9999-12-31';
CREATE INDEX competence_scope_ended ON competence_scope (effective_to) WHERE effective_to < '9999-12-31';
";

/// Revisions that were written before the day on which they come into force: few, so the indexes are small.
fn ahead(recorded: &str) -> String {
    let index = |table: &str| {
        format!("CREATE INDEX {table}_ahead ON {table} (effective_from) WHERE effective_from > {recorded};\n")
    };
    ["certificate", "equipment", "competence_scope"].into_iter().map(index).collect()
}
