//! The figures that are looked up when somebody asks for them.

use chrono::{DateTime, Utc};
use prometheus_client::{
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::{Registry, Unit},
};

use crate::platform::{
    db::{Db, Pool},
    lag::Lag,
};

/// What was looked up at one moment.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The connections of the node to its database.
    pub pool: Pool,
    /// Reading statements sent so far.
    pub statements: u64,
    /// What waits for its number; `None` where the database does not answer.
    pub lag: Option<Lag>,
    /// WebSockets and event streams that are open.
    pub streams: u64,
    /// Number of the entry up to which the node's subscribers were told of the feed, where it has looked.
    pub read: Option<i64>,
    /// Number of the entry up to which the node's search index has read the feed; `None` while it is being built.
    pub indexed: Option<i64>,
    /// The moment.
    pub at: DateTime<Utc>,
}

impl Reading {
    /// Looks at a database, which need not answer; `lag` is what it said. No stream is open, and nothing was read.
    pub fn of(db: &Db, lag: Option<Lag>) -> Self {
        let (pool, statements, at) = (db.pool(), db.statements(), db.clock().now());
        Self { pool, statements, lag, streams: 0, read: None, indexed: None, at }
    }

    /// The figures, without those that are not known.
    pub(super) fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("labpact");
        let gauge = |value: u64| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        let Pool { size, idle, most } = self.pool;
        registry.register("streams_open", "WebSockets and event streams that are open", gauge(self.streams));
        registry.register("database_up", "Whether the database answers", gauge(self.lag.is_some().into()));
        registry.register("database_connections", "Connections to the database", gauge(size));
        registry.register("database_connections_idle", "Connections that wait for work", gauge(idle));
        registry.register(
            "database_connections_in_use",
            "Connections that work for somebody",
            gauge(size.saturating_sub(idle)),
        );
        registry.register("database_connections_most", "Connections that the configuration allows", gauge(most));
        registry.register("database_reads", "Reading statements sent for requests", ConstCounter::new(self.statements));
        if let Some(lag) = self.lag {
            registry.register("feed_waiting", "Committed transactions that wait for their number", gauge(lag.waiting));
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of a lag fit")]
            let seconds = lag.age(self.at).num_milliseconds() as f64 / 1_000.0;
            registry.register_with_unit(
                "feed_oldest",
                "Age of the oldest transaction that waits for its number, since it began; 0 where none does",
                Unit::Seconds,
                ConstGauge::new(seconds),
            );
            registry.register("feed_entries", "Entries of the feed", gauge(lag.behind(0)));
            if let Some(read) = self.read {
                registry.register(
                    "events_behind",
                    "Entries of the feed that this node has not yet told its subscribers of",
                    gauge(lag.behind(read)),
                );
            }
            registry.register(
                "search_index_behind",
                "Entries of the feed that this node's search index has not yet read; all of them while it is being built",
                gauge(lag.behind(self.indexed.unwrap_or(0))),
            );
        }
        registry
    }
}
