//! The yardstick of the database: pgbench with the very statements that the register sends for the query, prepared.

use std::time::Duration;

use serde_json::json;

use super::support::{
    instance::Instance,
    load::{Rate, Request},
    recorded::{Log, filled, literal},
    throwaway::base::Base,
};

/// A script for pgbench.
pub struct Script {
    log: Log,
    text: String,
}

impl Script {
    /// Lets the register answer `query` once and writes down the statements that reach the database.
    ///
    /// # Panics
    /// Where they do not turn up in the log.
    pub async fn record(base: &Base, query: &str) -> Self {
        let log = Log::begin(base).await;
        let instance = Instance::start(base.config.clone()).await;
        let request = Request::post("/graphql", &instance.token(), &json!({ "query": query }).to_string());
        let executed = log.during(|| drop(request.once(instance.address)));
        instance.end().await;
        log.end().await;
        // The followers of the instance ask on their own account.
        let theirs = ["set_config", "\"revocation\"", " revocation", "\"uncounted\"", "\"feed\""];
        let asked = |sql: &str| sql.starts_with("SELECT ") && !theirs.iter().any(|table| sql.contains(table));
        let asked: Vec<String> = executed
            .iter()
            .filter(|one| asked(&one.sql))
            .map(|one| filled(one, |_, value| literal(value)) + ";\n")
            .collect();
        assert_eq!(asked.len(), 3, "one statement per level:\n{}", asked.concat());
        Self { log, text: asked.concat() }
    }

    /// Runs it on so many connections.
    ///
    /// # Panics
    /// Where pgbench is missing or fails.
    pub fn run(&self, connections: usize, span: Duration) -> Rate {
        self.log.pgbench(&self.text, connections, ("-T", span.as_secs()))
    }
}
