//! Sections `[audit]` and `[retention]`.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use chrono::TimeDelta;
use serde::Deserialize;

use crate::{
    audit::{
        retention::{Plan, Rule},
        service::seal,
    },
    platform::{
        fault::{Fault, Outcome},
        retention::Kept,
    },
};

/// How the chain of entries is attested.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// After how many entries there is a checkpoint.
    pub checkpoint_entries: u32,
    /// After how many minutes there is one where there are fewer entries; none without entries.
    pub checkpoint_minutes: u32,
    /// How often it is looked whether one is due, in seconds; 0 leaves it to other nodes.
    pub check_seconds: u64,
    /// The folder of the keys that sign, where there is no issuer inside this instance. Without either nothing is signed.
    pub keys: Option<PathBuf>,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { checkpoint_entries: 10_000, checkpoint_minutes: 60, check_seconds: 10, keys: None }
    }
}

impl AuditConfig {
    /// When a checkpoint is due.
    pub fn due(&self) -> seal::Due {
        seal::Due {
            entries: i64::from(self.checkpoint_entries.max(1)),
            age: TimeDelta::minutes(i64::from(self.checkpoint_minutes.max(1))),
        }
    }
}

/// How long is kept what may be let go. Spans are in days; 0 keeps for ever.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    /// Events.
    pub events_days: u64,
    /// Changes.
    pub changes_days: u64,
    /// First answers to keyed commands.
    pub idempotency_days: u64,
    /// Who read what is protected.
    pub access_log_days: u64,
    /// Spans of other tables, by their keys.
    pub more: BTreeMap<String, u64>,
    /// Rows of one batch.
    pub batch_rows: u64,
    /// The pause between two batches, in milliseconds.
    pub pause_milliseconds: u64,
    /// How often it is looked for what has had its time, in minutes; 0 leaves it to other nodes.
    pub every_minutes: u64,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            events_days: 0,
            changes_days: 0,
            idempotency_days: 90,
            access_log_days: 0,
            more: BTreeMap::new(),
            batch_rows: 500,
            pause_milliseconds: 200,
            every_minutes: 60,
        }
    }
}

impl RetentionConfig {
    /// What is let go, and when, of the tables listed.
    ///
    /// # Errors
    /// `INVALID` for a key of `more` that no table has.
    pub fn plan(&self, tables: &[Kept]) -> Outcome<Plan> {
        let others: Vec<&str> = tables.iter().map(|kept| kept.span).filter(|span| self.named(span).is_none()).collect();
        if let Some(unknown) = self.more.keys().find(|key| !others.contains(&key.as_str())) {
            let known = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
            let text = format!("Nothing is kept under this key; the known ones are: {known}.");
            return Err(Fault::invalid(format!("retention.more.{unknown}"), "CONFIG", text));
        }
        let days =
            |kept: &Kept| self.named(kept.span).or_else(|| self.more.get(kept.span).copied()).unwrap_or(kept.days);
        let mut rules = vec![Rule::events(self.events_days), Rule::changes(self.changes_days)];
        rules.extend(tables.iter().map(|kept| Rule::rows(*kept, days(kept))));
        Ok(Plan {
            rules,
            batch: self.batch_rows.clamp(1, 10_000),
            pause: Duration::from_millis(self.pause_milliseconds),
            every: (self.every_minutes > 0).then(|| Duration::from_secs(self.every_minutes.saturating_mul(60))),
        })
    }

    fn named(&self, span: &str) -> Option<u64> {
        match span {
            "idempotency_days" => Some(self.idempotency_days),
            "access_log_days" => Some(self.access_log_days),
            _ => None,
        }
    }
}
