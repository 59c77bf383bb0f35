//! How fast the desk is: requests from submission to both signatures, one offering that everybody wants, an inbox over many
//! requests, and the clock with many rows due. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

mod bare;
mod book;
mod flow;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use labpact::{platform::db::Dialect, request::service::sweep};
use serde_json::json;
use support::{
    instance::Instance,
    load::{self, Rate, Request},
    setting,
    throwaway::base::{Backend, Base},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What an approver's page asks.
const INBOX: &str = "{ inbox(first: 20) { nodes { overdue request { id title status } referral { id status availableActions } } \
    pageInfo { endCursor } } inboxCounts { requestStatus referralStatus side total overdue dueSoon } }";

#[tokio::main]
async fn main() {
    let parts = std::env::var("LABPACT_BENCH_PARTS").unwrap_or_else(|_| "flow log inbox clock".to_owned());
    let backends = std::env::var("LABPACT_BENCH_BACKENDS").unwrap_or_else(|_| "Postgres Sqlite".to_owned());
    for backend in [Backend::Postgres, Backend::Sqlite] {
        if !backends.contains(&format!("{backend:?}")) {
            continue;
        }
        let dialect = if backend == Backend::Postgres { Dialect::Postgres } else { Dialect::Sqlite };
        for part in parts.split(' ') {
            let Some(base) = Base::new(backend).await else { continue };
            match part {
                "flow" => flow::measure(&base, backend).await,
                "log" => flow::log(&base, backend).await,
                "inbox" => inbox(&base, (backend, dialect)).await,
                "clock" => clock(&base, (backend, dialect)).await,
                other => println!("there is no part called {other}"),
            }
            base.remove().await;
        }
    }
}

async fn inbox(base: &Base, (backend, dialect): (Backend, Dialect)) {
    let requests = setting("LABPACT_BENCH_REQUESTS", 1_000_000);
    let span = Duration::from_secs(setting("LABPACT_BENCH_SECONDS", 8));
    book::offered(base).await;
    book::requests(&base.config.url, dialect, requests, book::Life::Mixed).await;
    // Without the clock, which counts the dates of these requests anew when it starts, as they keep no working days.
    let instance = Instance::start_with(base.config.clone(), |config| config.desk.clock_seconds = 0).await;
    let ask = Request::post("/graphql", &instance.token_of("SD", "approver"), &json!({ "query": INBOX }).to_string());
    let body = String::from_utf8(ask.once(instance.address)).expect("JSON");
    assert!(body.contains("\"referral\":{") && !body.contains("\"errors\""), "{body}");
    for connections in [1, 8] {
        let rate = load::run(instance.address, &ask, connections, span);
        row(&format!("{backend:?} inbox of {requests} requests, c={connections}"), &rate, "(aim p99 20 ms)");
    }
    instance.end().await;
}

async fn clock(base: &Base, (backend, dialect): (Backend, Dialect)) {
    let due = setting("LABPACT_BENCH_DUE", 100_000);
    book::offered(base).await;
    book::requests(&base.config.url, dialect, due, book::Life::Due).await;
    // The clock of the server itself stands still, so that what is timed is all that is done.
    let instance = Instance::start_with(base.config.clone(), |config| config.desk.clock_seconds = 0).await;
    let begun = Instant::now();
    let moved = sweep::run(&instance.app.db).await.expect("swept");
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(moved, due, "all of it was due");
    println!("{backend:?} clock, {due} due rows: {took:.1} s, {:.0} per s (aim 60 s)", due as f64 / took);
    instance.end().await;
}

fn row(what: &str, rate: &Rate, aim: &str) {
    println!("{what:<52} {:>8.0} per s  p50 {:>7.2} ms  p99 {:>7.2} ms {aim}", rate.per_second, rate.p50, rate.p99);
}
