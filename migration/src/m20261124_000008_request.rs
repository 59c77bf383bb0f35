//! The request desk.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// The request desk.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE request (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  code text NOT NULL,
  title text NOT NULL,
  status text NOT NULL,
  purpose text NOT NULL,
  work_area text NOT NULL,
  urgency text NOT NULL,
  need_by date NOT NULL,
  conditions text,
  placement text NOT NULL,
  sending text NOT NULL,
  sampled_company text,
  blind boolean NOT NULL,
  shown_to jsonb NOT NULL,
  author text NOT NULL,
  submitted_by text,
  approved_by text,
  round integer NOT NULL,
  digest text NOT NULL,
  status_at timestamptz NOT NULL,
  due_at timestamptz,
  due_provisional boolean NOT NULL,
  due_side text,
  lapses integer NOT NULL,
  reason_code text,
  reason_text text,
  moved_by_clock boolean NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX request_code_taken ON request (agency, code);
CREATE INDEX request_by_status ON request (agency, status, due_at, id);
CREATE INDEX request_by_due ON request (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_by_digest ON request (agency, digest, created_at);

CREATE TABLE request_item (
  id uuid NOT NULL PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES request (id),
  agency text NOT NULL,
  position integer NOT NULL,
  parameter text NOT NULL,
  object text NOT NULL,
  method text,
  method_key text,
  method_year integer,
  quantity integer NOT NULL,
  unit text NOT NULL,
  remarks text,
  scope_id uuid,
  state text NOT NULL,
  version integer NOT NULL
);
CREATE UNIQUE INDEX request_item_position_taken ON request_item (request_id, position);

CREATE TABLE referral (
  id uuid NOT NULL PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES request (id),
  agency text NOT NULL REFERENCES agency (code),
  requester text NOT NULL REFERENCES agency (code),
  lab_id uuid REFERENCES lab (id),
  offering_id uuid NOT NULL REFERENCES offering (id),
  rank integer NOT NULL,
  last_resort boolean NOT NULL,
  unsolicited boolean NOT NULL,
  status text NOT NULL,
  resumes text,
  status_at timestamptz NOT NULL,
  sent_at timestamptz,
  due_at timestamptz,
  due_provisional boolean NOT NULL,
  due_side text,
  lapses integer NOT NULL,
  paused_due_at timestamptz,
  retry_on date,
  offer_id uuid,
  hold_id uuid,
  starts_on date,
  report_by date,
  revision integer NOT NULL,
  grounds jsonb NOT NULL,
  requester_signed_by text,
  requester_signed_at timestamptz,
  provider_signed_by text,
  provider_signed_at timestamptz,
  reason_code text,
  reason_text text,
  moved_by_clock boolean NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX referral_rank_taken ON referral (request_id, rank);
CREATE INDEX referral_by_provider ON referral (agency, status, due_at, id);
CREATE INDEX referral_by_requester ON referral (requester, status, due_at, id);
CREATE INDEX referral_by_due ON referral (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE referral_item (
  referral_id uuid NOT NULL REFERENCES referral (id),
  item_id uuid NOT NULL REFERENCES request_item (id),
  agency text NOT NULL,
  CONSTRAINT referral_item_taken PRIMARY KEY (referral_id, item_id)
);
CREATE INDEX referral_item_by_item ON referral_item (item_id);

CREATE TABLE offer (
  id uuid NOT NULL PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral (id),
  agency text NOT NULL,
  side text NOT NULL,
  number integer NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  price text,
  starts_on date NOT NULL,
  report_by date NOT NULL,
  valid_until timestamptz NOT NULL,
  remarks text,
  author text NOT NULL,
  hold_id uuid,
  reason_code text,
  reason_text text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX offer_number_taken ON offer (referral_id, number);

CREATE TABLE offer_condition (
  id uuid NOT NULL PRIMARY KEY,
  offer_id uuid NOT NULL REFERENCES offer (id),
  agency text NOT NULL,
  position integer NOT NULL,
  text text NOT NULL,
  answer text,
  note text,
  answered_by text,
  answered_at timestamptz,
  version integer NOT NULL
);
CREATE UNIQUE INDEX offer_condition_position_taken ON offer_condition (offer_id, position);

CREATE TABLE approval (
  id uuid NOT NULL PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES request (id),
  referral_id uuid REFERENCES referral (id),
  subject text NOT NULL,
  round integer NOT NULL,
  side text NOT NULL,
  step integer NOT NULL,
  agency text NOT NULL,
  approver text NOT NULL,
  decision text NOT NULL,
  reason_text text,
  at timestamptz NOT NULL
);
CREATE UNIQUE INDEX approval_decision_taken ON approval (subject, round, step, approver);

CREATE TABLE transition (
  id uuid NOT NULL PRIMARY KEY,
  at timestamptz NOT NULL,
  request_id uuid NOT NULL REFERENCES request (id),
  referral_id uuid REFERENCES referral (id),
  agency text NOT NULL,
  provider text,
  event text NOT NULL,
  from_status text NOT NULL,
  to_status text NOT NULL,
  side text NOT NULL,
  actor_agency text,
  actor text,
  reason_code text,
  reason_text text,
  told jsonb NOT NULL,
  due_at timestamptz
);
CREATE INDEX transition_by_request ON transition (request_id, id);
";
