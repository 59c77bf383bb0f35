//! How long a document under 10 kB takes until it is refused or executed: reading, limits, cost, access, validation.
//!
//! Documents at random, and the worst that were thought of. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

#[path = "../../tests/it/graphql/documents.rs"]
mod documents;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;

use std::{net::Ipv4Addr, sync::Arc, time::Instant};

use async_graphql::Request;
use labpact::{
    graphql::introspection::Validator,
    platform::access::{Actor, Caller},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use support::{
    instance::Instance,
    setting,
    throwaway::base::{Backend, Base},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const AIM: f64 = 50.0;

#[tokio::main]
async fn main() {
    let base = Base::new(Backend::Sqlite).await.expect("SQLite is always there");
    let gauge = Gauge {
        validator: Validator::new(),
        caller: Caller::new(Arc::new(Actor::system(Some("GD".into()), "bench")), "request"),
        instance: Instance::start(base.config.clone()).await,
    };
    println!("{:<44} {:>8} {:>9}", "", "bytes", "ms");
    for (what, text) in worst().into_iter().chain(documents::multiplying()) {
        let (took, is_executed) = gauge.takes(&text);
        println!("{what:<44} {:>8} {took:>9.3} {}", text.len(), if is_executed { "executed" } else { "refused" });
    }
    let count = setting("LABPACT_BENCH_DOCUMENTS", 10_000);
    let mut runner = TestRunner::deterministic();
    let strategy = documents::document();
    let (mut took, mut executed) = (Vec::new(), 0);
    for _ in 0..count {
        let text = strategy.new_tree(&mut runner).expect("a document").current();
        let (each, is_executed) = gauge.takes(&text);
        took.push(each);
        executed += u32::from(is_executed);
    }
    took.sort_unstable_by(f64::total_cmp);
    let at = |thousandth: usize| took[(took.len() * thousandth / 1_000).min(took.len() - 1)];
    println!(
        "{count} documents at random, {executed} executed: p50 {:.3} ms, p99 {:.3} ms, slowest {:.3} ms (aim {AIM} ms)",
        at(500),
        at(990),
        at(1_000)
    );
    gauge.instance.end().await;
    base.remove().await;
}

struct Gauge {
    validator: Validator,
    caller: Caller,
    instance: Instance,
}

impl Gauge {
    /// Milliseconds, and whether the document would be executed.
    fn takes(&self, text: &str) -> (f64, bool) {
        let api = &self.instance.app.api;
        let mut request = Request::new(text);
        let name = documents::chosen(text).or_else(|| text.starts_with("query A ").then_some("A"));
        request.operation_name = name.map(str::to_owned);
        let begun = Instant::now();
        let read = api.read(request, self.caller.clone(), Ipv4Addr::LOCALHOST.into());
        let is_admitted = read.and_then(|read| api.admit(read)).is_ok();
        let is_executed = is_admitted && self.validator.check(text, name).is_ok();
        (begun.elapsed().as_secs_f64() * 1e3, is_executed)
    }
}

/// Just below 10 kB each.
fn worst() -> Vec<(&'static str, String)> {
    let each = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let cut = |mut text: String| {
        text.truncate(documents::MOST);
        text
    };
    let doubling = each(200, &|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1));
    let spreads = each(150, &|n| format!("...F{n} "));
    let fragments = each(150, &|n| format!("fragment F{n} on Lab {{ id code nameZh }} "));
    vec![
        ("doubling fragments", format!("{{ ...F0 }} {doubling} fragment F200 on Query {{ version }}")),
        ("aliases", format!("{{ {} }}", each(190, &|n| format!("a{n}: labs {{ nodes {{ id }} }} ")))),
        ("the same field over and over", format!("{{ {} }}", "version ".repeat(1_200))),
        ("the same list over and over", format!("{{ labs {{ {} }} }}", "nodes { id code nameZh } ".repeat(390))),
        ("fragments beside each other", format!("{{ labs {{ nodes {{ {spreads} }} }} }} {fragments}")),
        ("brackets", format!("{{ a(b: {}", "[".repeat(9_900))),
        (
            "objects in objects",
            format!("{{ labs(where: {}1{}) {{ totalCount }} }}", "{ x: ".repeat(60), "}".repeat(60)),
        ),
        ("variables", format!("query({}) {{ version }}", each(700, &|n| format!("$v{n}: Int ")))),
        ("directives", format!("{{ version {} }}", "@skip(if: false) ".repeat(550))),
        ("operations", each(400, &|n| format!("query Q{n} {{ version }} "))),
        ("a string", format!("{{ standardByNumber(number: \"{}\") {{ id }} }}", "x".repeat(9_900))),
        ("escapes", format!("{{ standardByNumber(number: \"{}\") {{ id }} }}", "\\u4e2d".repeat(1_600))),
        ("a block string", format!("{{ standardByNumber(number: \"\"\"{}\"\"\") {{ id }} }}", "\n  x".repeat(2_400))),
        ("an open string", format!("{{ version(a: \"{}", "x".repeat(9_900))),
        ("punctuators", "!$&():=@[]|{}".repeat(760)),
        ("dots", "...".repeat(3_300)),
        ("digits", format!("{{ labs(first: {}) {{ totalCount }} }}", "9".repeat(9_900))),
        ("a comment", format!("{{ version }} #{}", "x".repeat(9_900))),
        (
            "introspection",
            format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type { ".repeat(6), "} }".repeat(6)),
        ),
    ]
    .into_iter()
    .map(|(what, text)| (what, cut(text)))
    .collect()
}
