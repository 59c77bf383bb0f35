//! The register.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// The register.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE agency (
  code text NOT NULL PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  region text NOT NULL,
  contact_name text,
  contact_phone text,
  contact_email text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE institution (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  code text NOT NULL,
  uscc text,
  name_zh text NOT NULL,
  name_en text,
  region text NOT NULL,
  address text,
  contact_name text,
  contact_phone text,
  contact_email text,
  visibility text NOT NULL,
  standing text NOT NULL,
  standing_reason text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX institution_code_taken ON institution (agency, code);
CREATE UNIQUE INDEX institution_uscc_taken ON institution (uscc);
CREATE INDEX institution_by_region ON institution (region, id);
CREATE INDEX institution_by_code ON institution (code, id);
CREATE INDEX institution_by_name ON institution (name_zh, id);

CREATE TABLE lab (
  id uuid NOT NULL PRIMARY KEY,
  institution_id uuid NOT NULL REFERENCES institution (id),
  agency text NOT NULL REFERENCES agency (code),
  code text NOT NULL,
  name_zh text NOT NULL,
  name_en text,
  region text NOT NULL,
  address text,
  longitude double precision,
  latitude double precision,
  contact_name text,
  contact_phone text,
  contact_email text,
  visibility text NOT NULL,
  standing text NOT NULL,
  standing_reason text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX lab_code_taken ON lab (agency, code);
CREATE INDEX lab_by_institution ON lab (institution_id, code, id);
CREATE INDEX lab_by_code ON lab (code, id);
CREATE INDEX lab_by_name ON lab (name_zh, id);
CREATE INDEX lab_by_region ON lab (region, id);

CREATE TABLE certificate (
  id uuid NOT NULL,
  revision integer NOT NULL,
  institution_id uuid NOT NULL REFERENCES institution (id),
  agency text NOT NULL REFERENCES agency (code),
  scheme text NOT NULL,
  number text NOT NULL,
  number_key text NOT NULL,
  issuer text,
  valid_from date NOT NULL,
  valid_to date,
  status text NOT NULL,
  status_reason text,
  visibility text NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT certificate_revision_taken PRIMARY KEY (id, revision),
  CONSTRAINT certificate_span_reversed CHECK (effective_from <= effective_to)
);
CREATE UNIQUE INDEX certificate_number_taken ON certificate (institution_id, scheme, number_key) WHERE effective_to = '9999-12-31';
CREATE INDEX certificate_by_number ON certificate (number_key, id);
CREATE INDEX certificate_by_institution ON certificate (institution_id, number_key, id);

CREATE TABLE certificate_lab (
  certificate_id uuid NOT NULL,
  lab_id uuid NOT NULL REFERENCES lab (id),
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  agency text NOT NULL,
  CONSTRAINT certificate_lab_taken PRIMARY KEY (certificate_id, lab_id, effective_from)
);
CREATE INDEX certificate_lab_by_lab ON certificate_lab (lab_id);

CREATE TABLE scope_version (
  id uuid NOT NULL PRIMARY KEY,
  certificate_id uuid NOT NULL,
  agency text NOT NULL REFERENCES agency (code),
  edition integer NOT NULL,
  reason text NOT NULL,
  dated date NOT NULL,
  remarks text,
  recorded_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX scope_version_edition_taken ON scope_version (certificate_id, edition);

CREATE TABLE competence_scope (
  id uuid NOT NULL,
  revision integer NOT NULL,
  scope_version_id uuid NOT NULL REFERENCES scope_version (id),
  certificate_id uuid NOT NULL,
  lab_id uuid NOT NULL REFERENCES lab (id),
  agency text NOT NULL,
  serial text NOT NULL,
  serial_key text NOT NULL,
  field text NOT NULL,
  object text NOT NULL,
  parameter text NOT NULL,
  method text NOT NULL,
  standard_key text,
  standard_year integer,
  clause text,
  limits text,
  remarks text,
  visibility text NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT scope_revision_taken PRIMARY KEY (id, revision),
  CONSTRAINT scope_span_reversed CHECK (effective_from <= effective_to)
);
CREATE INDEX scope_by_lab ON competence_scope (lab_id, serial_key, id);
CREATE INDEX scope_by_certificate ON competence_scope (certificate_id, serial_key, id);
CREATE INDEX scope_by_version ON competence_scope (scope_version_id);
CREATE INDEX scope_by_standard ON competence_scope (standard_key, standard_year);

CREATE TABLE standard (
  id uuid NOT NULL PRIMARY KEY,
  number text NOT NULL,
  key text NOT NULL,
  year integer,
  title_zh text NOT NULL,
  title_en text,
  status text NOT NULL,
  replaced_by text,
  published_on date,
  effective_on date,
  withdrawn_on date,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX standard_number_taken ON standard (number);
CREATE INDEX standard_by_key ON standard (key, year);
CREATE INDEX standard_by_successor ON standard (replaced_by);

CREATE TABLE equipment (
  id uuid NOT NULL,
  revision integer NOT NULL,
  lab_id uuid NOT NULL REFERENCES lab (id),
  agency text NOT NULL REFERENCES agency (code),
  asset_code text NOT NULL,
  name_zh text NOT NULL,
  name_en text,
  class text,
  manufacturer text,
  model text,
  serial_number text,
  measuring_range text,
  uncertainty text,
  status text NOT NULL,
  status_reason text,
  commissioned_on date,
  visibility text NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT equipment_revision_taken PRIMARY KEY (id, revision),
  CONSTRAINT equipment_span_reversed CHECK (effective_from <= effective_to)
);
CREATE UNIQUE INDEX equipment_asset_code_taken ON equipment (lab_id, asset_code) WHERE effective_to = '9999-12-31';
CREATE INDEX equipment_by_asset_code ON equipment (asset_code, id);
CREATE INDEX equipment_by_lab ON equipment (lab_id, asset_code, id);

CREATE TABLE calibration (
  id uuid NOT NULL PRIMARY KEY,
  equipment_id uuid NOT NULL,
  agency text NOT NULL REFERENCES agency (code),
  performed_on date NOT NULL,
  due_on date NOT NULL,
  certificate_number text,
  provider text,
  result text NOT NULL,
  remarks text,
  voided_on date,
  void_reason text,
  version integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT calibration_span_reversed CHECK (performed_on <= due_on)
);
CREATE INDEX calibration_by_equipment ON calibration (equipment_id, performed_on);

CREATE TABLE equipment_scope (
  equipment_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  agency text NOT NULL,
  CONSTRAINT equipment_scope_taken PRIMARY KEY (equipment_id, scope_id, effective_from)
);
CREATE INDEX equipment_scope_by_scope ON equipment_scope (scope_id);

CREATE TABLE signatory (
  id uuid NOT NULL PRIMARY KEY,
  lab_id uuid NOT NULL REFERENCES lab (id),
  agency text NOT NULL REFERENCES agency (code),
  code text NOT NULL,
  name text NOT NULL,
  title text,
  fields jsonb NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  visibility text NOT NULL,
  standing text NOT NULL,
  standing_reason text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX signatory_code_taken ON signatory (lab_id, code);

CREATE TABLE signatory_scope (
  signatory_id uuid NOT NULL REFERENCES signatory (id),
  scope_id uuid NOT NULL,
  effective_from date NOT NULL,
  effective_to date NOT NULL,
  agency text NOT NULL,
  CONSTRAINT signatory_scope_taken PRIMARY KEY (signatory_id, scope_id, effective_from)
);
CREATE INDEX signatory_scope_by_scope ON signatory_scope (scope_id);

CREATE TABLE holiday (
  day date NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  name text NOT NULL,
  recorded_at timestamptz NOT NULL
);
";
