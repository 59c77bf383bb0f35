//! Messages to people, what they have read, how they want to be written to, and the mail that goes out.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// Messages to people, what they have read, how they want to be written to, and the mail that goes out.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

/// What happened before these tables were there is told to nobody: the follower begins at the end of the feed.
const TABLES: &str = "
CREATE TABLE message (
  id uuid NOT NULL PRIMARY KEY,
  agency text REFERENCES agency (code),
  person text,
  scope text,
  kind text NOT NULL,
  name text NOT NULL,
  subject text NOT NULL,
  event_id uuid,
  once text NOT NULL,
  params jsonb NOT NULL,
  at timestamptz NOT NULL,
  due_at timestamptz
);
CREATE UNIQUE INDEX message_once_taken ON message (once);
CREATE INDEX message_by_agency ON message (agency, id);
CREATE INDEX message_by_person ON message (person, id) WHERE person IS NOT NULL;
CREATE INDEX message_by_at ON message (at);

CREATE TABLE message_mark (
  message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  agency text NOT NULL,
  person text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT message_mark_taken PRIMARY KEY (agency, person, message_id)
);
CREATE INDEX message_mark_by_message ON message_mark (message_id);

CREATE TABLE message_preference (
  id uuid NOT NULL PRIMARY KEY,
  agency text NOT NULL REFERENCES agency (code),
  person text NOT NULL,
  subject text NOT NULL,
  language text NOT NULL,
  email text,
  confirmed_at timestamptz,
  failure text,
  failed_at timestamptz,
  code_hash text,
  code_until timestamptz,
  code_tries integer NOT NULL,
  code_at timestamptz,
  codes integer NOT NULL,
  kinds jsonb NOT NULL,
  digest_hour integer NOT NULL,
  digest_workdays boolean NOT NULL,
  digest_day date,
  scopes jsonb NOT NULL,
  seen_at timestamptz NOT NULL,
  unsubscribe text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX message_preference_taken ON message_preference (agency, person);
CREATE UNIQUE INDEX message_preference_unsubscribe_taken ON message_preference (unsubscribe);

CREATE TABLE mail (
  id uuid NOT NULL PRIMARY KEY,
  preference_id uuid NOT NULL REFERENCES message_preference (id) ON DELETE CASCADE,
  purpose text NOT NULL,
  message_id uuid,
  once text NOT NULL,
  address text NOT NULL,
  content jsonb NOT NULL,
  status text NOT NULL,
  attempts integer NOT NULL,
  due_at timestamptz,
  lease_by uuid,
  answer text,
  at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE UNIQUE INDEX mail_once_taken ON mail (once);
CREATE INDEX mail_by_due ON mail (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_by_sent ON mail (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX mail_by_preference ON mail (preference_id, id);
CREATE INDEX mail_by_at ON mail (at);

CREATE TABLE message_cursor (
  name text NOT NULL PRIMARY KEY,
  seq bigint NOT NULL
);
INSERT INTO message_cursor (name, seq) SELECT 'feed', COALESCE(MAX(seq), 0) FROM feed;
";
