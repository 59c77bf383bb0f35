//! When offerings give how much, and what is taken of it.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// When offerings give how much, and what is taken of it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await?;
        dialect::run_on_postgres(manager, NO_OVERLAP_POSTGRES).await?;
        dialect::run_on_sqlite(manager, NO_OVERLAP_SQLITE).await
    }
}

const TABLES: &str = "
CREATE TABLE capacity_calendar (
  offering_id uuid NOT NULL PRIMARY KEY REFERENCES offering (id),
  agency text NOT NULL,
  period text NOT NULL,
  weekday_units jsonb NOT NULL,
  week_units integer NOT NULL,
  holidays_closed boolean NOT NULL,
  makeup_open boolean NOT NULL,
  open_percent integer NOT NULL,
  hours jsonb NOT NULL,
  block_min integer,
  block_max integer,
  block_step integer,
  gap integer NOT NULL,
  horizon_days integer,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE capacity_exception (
  offering_id uuid NOT NULL REFERENCES offering (id),
  day date NOT NULL,
  agency text NOT NULL,
  units integer NOT NULL,
  reason text,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT capacity_exception_taken PRIMARY KEY (offering_id, day)
);

CREATE TABLE capacity_closure (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL,
  offering_id uuid REFERENCES offering (id),
  lab_id uuid REFERENCES lab (id),
  first_day date NOT NULL,
  last_day date NOT NULL,
  reason text NOT NULL,
  cancelled_at timestamptz,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT capacity_closure_of_one CHECK ((offering_id IS NULL) <> (lab_id IS NULL)),
  CONSTRAINT capacity_closure_span_reversed CHECK (first_day <= last_day)
);
CREATE INDEX capacity_closure_by_offering ON capacity_closure (offering_id, last_day);
CREATE INDEX capacity_closure_by_lab ON capacity_closure (lab_id, last_day);

CREATE TABLE equipment_outage (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL,
  equipment_id uuid NOT NULL,
  lab_id uuid NOT NULL REFERENCES lab (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  every_weeks integer,
  minutes integer,
  reason text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT equipment_outage_span_reversed CHECK (ends_at IS NULL OR starts_at <= ends_at)
);
CREATE INDEX equipment_outage_by_equipment ON equipment_outage (equipment_id, starts_at);
CREATE INDEX equipment_outage_by_lab ON equipment_outage (lab_id, starts_at);

CREATE TABLE capacity_day (
  offering_id uuid NOT NULL REFERENCES offering (id),
  starts_on date NOT NULL,
  total integer NOT NULL,
  open integer NOT NULL,
  held integer NOT NULL,
  booked integer NOT NULL,
  partner_taken integer NOT NULL,
  overcommitted boolean NOT NULL,
  CONSTRAINT capacity_day_taken PRIMARY KEY (offering_id, starts_on),
  CONSTRAINT capacity_day_exceeded CHECK (overcommitted OR held + booked <= total),
  CONSTRAINT capacity_share_exceeded CHECK (overcommitted OR partner_taken <= open),
  CONSTRAINT capacity_day_negative CHECK (held >= 0 AND booked >= 0 AND partner_taken >= 0)
);

CREATE TABLE hold (
  id uuid NOT NULL PRIMARY KEY,
  offering_id uuid NOT NULL REFERENCES offering (id),
  lab_id uuid,
  agency text NOT NULL,
  holder text NOT NULL,
  subject text NOT NULL,
  status text NOT NULL,
  quantity integer NOT NULL,
  expires_at timestamptz NOT NULL,
  freed_from date,
  reason text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX hold_by_offering ON hold (offering_id, status, expires_at);
CREATE INDEX hold_by_lab ON hold (lab_id, status);
CREATE INDEX hold_by_subject ON hold (subject, id);
CREATE INDEX hold_by_expiry ON hold (status, expires_at, id);

CREATE TABLE hold_day (
  hold_id uuid NOT NULL REFERENCES hold (id),
  day date NOT NULL,
  agency text NOT NULL,
  quantity integer NOT NULL,
  CONSTRAINT hold_day_taken PRIMARY KEY (hold_id, day),
  CONSTRAINT hold_day_negative CHECK (quantity > 0)
);

CREATE TABLE hold_block (
  id uuid NOT NULL PRIMARY KEY,
  hold_id uuid NOT NULL REFERENCES hold (id),
  agency text NOT NULL,
  equipment_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  guarded_to timestamptz NOT NULL,
  live boolean NOT NULL,
  affected boolean NOT NULL,
  CONSTRAINT hold_block_span_reversed CHECK (starts_at <= ends_at AND ends_at <= guarded_to)
);
CREATE INDEX hold_block_by_hold ON hold_block (hold_id);
CREATE INDEX hold_block_by_equipment ON hold_block (equipment_id, starts_at);

CREATE TABLE calendar_feed (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL,
  offering_id uuid REFERENCES offering (id),
  lab_id uuid REFERENCES lab (id),
  token_hash text NOT NULL,
  label text,
  created_by text NOT NULL,
  revoked_at timestamptz,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT calendar_feed_of_one CHECK ((offering_id IS NULL) <> (lab_id IS NULL))
);
CREATE UNIQUE INDEX calendar_feed_token_taken ON calendar_feed (token_hash);
CREATE INDEX calendar_feed_by_agency ON calendar_feed (agency, id);
";

/// Two live blocks at one item never overlap, the time that stays free behind each included; touching ends are free.
const NO_OVERLAP_POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE hold_block ADD CONSTRAINT block_taken
  EXCLUDE USING gist (equipment_id WITH =, tstzrange(starts_at, guarded_to, '[)') WITH &&) WHERE (live);
";

/// The same by triggers. SQLite has one writer at a time, so what the trigger reads holds until the commit. Instants are
/// texts of one form in UTC, which compare as the instants do.
const NO_OVERLAP_SQLITE: &str = "
CREATE TRIGGER block_taken_insert BEFORE INSERT ON hold_block WHEN NEW.live BEGIN
  SELECT RAISE(ABORT, 'block_taken') FROM hold_block b WHERE b.equipment_id = NEW.equipment_id AND b.live
    AND b.starts_at < NEW.guarded_to AND b.guarded_to > NEW.starts_at; END;
CREATE TRIGGER block_taken_update BEFORE UPDATE ON hold_block WHEN NEW.live BEGIN
  SELECT RAISE(ABORT, 'block_taken') FROM hold_block b WHERE b.equipment_id = NEW.equipment_id AND b.live
    AND b.id <> NEW.id AND b.starts_at < NEW.guarded_to AND b.guarded_to > NEW.starts_at; END;
";
