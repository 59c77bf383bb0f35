//! What labs and agencies open to others.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// What labs and agencies open to others.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE offering (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  lab_id uuid REFERENCES lab (id),
  code text NOT NULL,
  kind text NOT NULL,
  title_zh text NOT NULL,
  title_en text,
  description text,
  status text NOT NULL,
  status_reason text,
  visibility text NOT NULL,
  shown_to jsonb NOT NULL,
  fields jsonb NOT NULL,
  coverage_revision integer NOT NULL,
  unit text NOT NULL,
  price_basis text NOT NULL,
  price_amount text,
  lead_days integer NOT NULL,
  turnaround_days integer,
  urgent_turnaround_days integer,
  quantity_min integer,
  quantity_max integer,
  conditions text,
  valid_from date,
  valid_to date,
  opened_at timestamptz,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX offering_code_taken ON offering (agency, code);
CREATE INDEX offering_by_lab ON offering (lab_id, code, id);
CREATE INDEX offering_by_code ON offering (code, id);
CREATE INDEX offering_by_title ON offering (title_zh, id);

CREATE TABLE offering_scope (
  offering_id uuid NOT NULL REFERENCES offering (id),
  scope_id uuid NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  agency text NOT NULL,
  CONSTRAINT offering_scope_taken PRIMARY KEY (offering_id, scope_id, effective_from)
);
CREATE INDEX offering_scope_by_scope ON offering_scope (scope_id);

CREATE TABLE offering_equipment (
  offering_id uuid NOT NULL REFERENCES offering (id),
  equipment_id uuid NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  agency text NOT NULL,
  CONSTRAINT offering_equipment_taken PRIMARY KEY (offering_id, equipment_id, effective_from)
);
CREATE INDEX offering_equipment_by_equipment ON offering_equipment (equipment_id);
";
