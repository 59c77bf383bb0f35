//! What the edge costs: one static field over HTTP with a token, beside a bare handler that takes and gives JSON.
//!
//! Nothing of it reaches the database, so all that is measured is connection, token, limits, budget, parsing, execution
//! and writing. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;

use std::{
    hint::black_box,
    net::SocketAddr,
    time::{Duration, Instant},
};

use async_graphql::{Variables, parser::parse_query};
use axum::{Json, Router, routing::post};
use labpact::graphql::{
    cost::Costs,
    limits::{self, Limits},
};
use serde_json::{Value, json};
use support::{
    instance::Instance,
    load::{self, Rate, Request},
    setting,
    throwaway::base::{Backend, Base},
};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERY: &str = "{ version }";
const CONNECTIONS: [usize; 3] = [1, 16, 64];
const AIM: f64 = 0.70;

#[tokio::main]
async fn main() {
    let span = Duration::from_secs(setting("LABPACT_BENCH_SECONDS", 8));
    let base = Base::new(Backend::Sqlite).await.expect("SQLite is always there");
    let instance = Instance::start(base.config.clone()).await;
    let body = json!({ "query": QUERY }).to_string();
    let ours = Request::post("/graphql", &instance.token(), &body);
    let bare = Request::post("/", &instance.token(), &body);
    let bare_address = serve_bare().await;
    assert_eq!(ours.once(instance.address), bare.once(bare_address), "the two answers are equal");

    println!("{:<34} {:>3} {:>9} {:>9} {:>9} {:>7}", "", "c", "per s", "p50 ms", "p99 ms", "ratio");
    let check = checked(&instance, QUERY);
    for connections in CONNECTIONS {
        let ours = load::run(instance.address, &ours, connections, span);
        let bare = load::run(bare_address, &bare, connections, span);
        row("static field, GraphQL with a token", connections, &ours, None);
        row("bare JSON handler", connections, &bare, Some(ours.per_second / bare.per_second));
        // Of the time that the whole machine takes for one request.
        let share = check * ours.per_second * 100.0;
        println!("counting tokens, amount and cost: {:.2} us, {share:.1} % of a request (aim 5)", check * 1e6);
    }
    instance.end().await;
    base.remove().await;
}

/// How long the checks of amount and cost take for a document, in seconds.
fn checked(instance: &Instance, query: &str) -> f64 {
    const TIMES: u32 = 100_000;
    let limits = Limits::default();
    let costs = Costs::read(&instance.app.api.sdl());
    let document = parse_query(query).expect("a document");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let variables = Variables::default();
    let begun = Instant::now();
    for _ in 0..TIMES {
        limits::check_text(black_box(query), &limits).expect("kept");
        limits::check(black_box(&document), &limits).expect("kept");
        black_box(costs.of(black_box(&document), &operation.node, &variables));
    }
    begun.elapsed().as_secs_f64() / f64::from(TIMES)
}

/// The same answer without any of our work: axum reads the JSON and writes it.
async fn serve_bare() -> SocketAddr {
    let answer = || json!({ "data": { "version": env!("CARGO_PKG_VERSION") } });
    let router = Router::new().route("/", post(async move |Json(_): Json<Value>| Json(answer())));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async { axum::serve(listener, router).await.expect("served") });
    address
}

fn row(what: &str, connections: usize, rate: &Rate, ratio: Option<f64>) {
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:>7.2} (aim {AIM:.2})"));
    println!("{what:<34} {connections:>3} {:>9.0} {:>9.3} {:>9.3} {ratio}", rate.per_second, rate.p50, rate.p99);
}
