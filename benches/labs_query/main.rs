//! How fast the register answers "20 labs with 5 scope lines each and the standard of each line".
//!
//! Over HTTP with a token, on PostgreSQL and on SQLite with the same rows, each beside a plain handler that makes the
//! same statements through the same driver; PostgreSQL also beside pgbench with the bare prepared statements.
//! See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

mod pgbench;
mod plain;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use labpact::platform::db::Dialect;
use serde_json::{Value, json};
use support::{
    fill,
    instance::Instance,
    load::{self, Rate, Request},
    setting,
    throwaway::base::{Backend, Base},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERY: &str =
    "{labs(first:20){nodes{id nameZh scopes(first:5){nodes{serial parameter method standard{number titleZh}}}}}}";
const CONNECTIONS: [usize; 2] = [1, 16];

#[tokio::main]
async fn main() {
    let lines = setting("LABPACT_BENCH_LINES", 1_000_000);
    let span = Duration::from_secs(setting("LABPACT_BENCH_SECONDS", 8));
    println!("{lines} scope lines, {} labs, {} s per figure", fill::LABS, span.as_secs());
    let mut rates = Vec::new();
    for backend in [Backend::Postgres, Backend::Sqlite] {
        let Some(base) = Base::new(backend).await else { continue };
        rates.push(measure(&base, backend, lines, span).await);
        base.remove().await;
    }
    if let [postgres, sqlite] = rates.as_slice() {
        for (connections, (pg, lite)) in CONNECTIONS.iter().zip(postgres.iter().zip(sqlite)) {
            println!("SQLite / PostgreSQL, c={connections}: {:.2} (aim 1.00)", lite / pg);
        }
    }
}

/// The rates of the register, one for each of [`CONNECTIONS`].
async fn measure(base: &Base, backend: Backend, lines: u64, span: Duration) -> Vec<f64> {
    let dialect = if backend == Backend::Postgres { Dialect::Postgres } else { Dialect::Sqlite };
    let begun = Instant::now();
    fill::register(&base.config.url, dialect, lines).await;
    println!("\n{backend:?}: filled in {:.0} s", begun.elapsed().as_secs_f64());

    let script = match backend {
        Backend::Postgres => Some(pgbench::Script::record(base, QUERY).await),
        Backend::Sqlite => None,
    };
    let instance = Instance::start(base.config.clone()).await;
    let ours = Request::post("/graphql", &instance.token(), &json!({ "query": QUERY }).to_string());
    let plainly = Request::get("/labs");
    let plain_address = plain::serve(instance.app.db.clone()).await;
    let before = instance.app.db.statements();
    let (one, other) = (ours.once(instance.address), plainly.once(plain_address));
    let statements = instance.app.db.statements() - before;
    assert_eq!(statements, 6, "each of the two answers takes one statement per level");
    let (one, other): (Value, Value) =
        (serde_json::from_slice(&one).expect("JSON"), serde_json::from_slice(&other).expect("JSON"));
    assert_eq!(one, other, "the two answers are equal");
    assert_eq!(one["data"]["labs"]["nodes"].as_array().map(Vec::len), Some(20));

    println!("{:<34} {:>3} {:>9} {:>9} {:>9} {:>7}", "", "c", "per s", "p50 ms", "p99 ms", "ratio");
    let mut rates = Vec::new();
    for connections in CONNECTIONS {
        let register = load::run(instance.address, &ours, connections, span);
        let plain = load::run(plain_address, &plainly, connections, span);
        row("register, GraphQL with a token", connections, &register, None);
        row("plain handler, same statements", connections, &plain, Some((&register, 0.70)));
        if let Some(script) = &script {
            let bare = script.run(connections, span);
            row("pgbench, bare prepared statements", connections, &bare, Some((&register, 0.30)));
        }
        rates.push(register.per_second);
    }
    instance.end().await;
    rates
}

fn row(what: &str, connections: usize, rate: &Rate, ratio: Option<(&Rate, f64)>) {
    let ratio = ratio.map_or_else(String::new, |(register, aim)| {
        format!("{:>7.2} (aim {aim:.2})", register.per_second / rate.per_second)
    });
    println!("{what:<34} {connections:>3} {:>9.0} {:>9.2} {:>9.2} {ratio}", rate.per_second, rate.p50, rate.p99);
}
