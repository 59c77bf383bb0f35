//! Endpoints of agencies that are told of events, and what is delivered to them.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Endpoints of agencies that are told of events, and what is delivered to them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

/// The follower begins at the end of the feed: nobody had an endpoint before.
const TABLES: &str = "
CREATE TABLE webhook (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  url text NOT NULL,
  description text,
  names jsonb,
  status text NOT NULL,
  stop text,
  reason text,
  signing text NOT NULL,
  heard_from bigint NOT NULL,
  created_by text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX webhook_by_agency ON webhook (agency, id);

CREATE TABLE webhook_secret (
  id uuid NOT NULL PRIMARY KEY,
  webhook_id uuid NOT NULL REFERENCES webhook (id),
  agency text NOT NULL,
  signing text NOT NULL,
  material bytea NOT NULL,
  until timestamptz,
  version integer NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX webhook_secret_by_webhook ON webhook_secret (webhook_id, id);

CREATE TABLE webhook_queue (
  webhook_id uuid NOT NULL PRIMARY KEY,
  next_ordinal bigint NOT NULL,
  not_before timestamptz,
  failing_since timestamptz,
  delivered_at timestamptz
);

CREATE TABLE webhook_cursor (
  id integer NOT NULL PRIMARY KEY,
  seq bigint NOT NULL
);
INSERT INTO webhook_cursor (id, seq) SELECT 1, COALESCE(MAX(seq), 0) FROM feed;

CREATE TABLE webhook_delivery (
  id uuid NOT NULL PRIMARY KEY,
  webhook_id uuid NOT NULL,
  agency text NOT NULL,
  kind text NOT NULL,
  event_id uuid NOT NULL,
  seq bigint NOT NULL,
  name text NOT NULL,
  subject text NOT NULL,
  event_at timestamptz NOT NULL,
  ordinal bigint NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL,
  due_at timestamptz NOT NULL,
  lease uuid,
  attempted_at timestamptz,
  latency_ms integer,
  response_status integer,
  response_excerpt text,
  error text,
  requested_by text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at) WHERE status = 'WAITING';
CREATE INDEX webhook_delivery_lane ON webhook_delivery (webhook_id, subject, ordinal) WHERE status IN ('QUEUED', 'WAITING');
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (webhook_id, event_id);
CREATE INDEX webhook_delivery_by_ordinal ON webhook_delivery (webhook_id, ordinal, id);
CREATE INDEX webhook_delivery_over ON webhook_delivery (status, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_by_time ON outbox (at, id);
";
