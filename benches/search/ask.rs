//! What a restarted server does: opening the index, and answering.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use labpact::search::{index::Snapshot, service::Finder};

use super::{
    Ground, percentiles,
    questions::{self, Asked, KINDS},
    support::{
        instance::Instance,
        load::{Client, Request},
        memory,
    },
};

/// Milliseconds over HTTP.
const AIM_P99: f64 = 20.0;
/// Anonymous megabytes.
const AIM_MEMORY: u64 = 600;
/// Seconds from the start to the first answer.
const AIM_RESTART: f64 = 2.0;

/// Starts the server on what was built, and asks it.
pub async fn run(ground: &Ground) {
    let begun = Instant::now();
    let instance = Instance::start_with(ground.sqlite(), |config| config.search.folder = Some(ground.index())).await;
    let snapshot = opened(&instance).await;
    let token = instance.token();
    let all = questions::drawn(&snapshot);
    let post = |asked: &Asked| Request::post("/graphql", &token, &asked.body().to_string());
    let first = tokio::task::block_in_place(|| post(&all[0]).once(instance.address));
    println!("\nfirst answer {:.2} s after the start (aim {AIM_RESTART:.0})", begun.elapsed().as_secs_f64());
    assert!(first.starts_with(b"{\"data\":{"), "{}", String::from_utf8_lossy(&first));
    println!("anonymous memory {} MB (aim {AIM_MEMORY})", memory::now());

    println!("parts of the index: {}", snapshot.segments.len());

    // Once unmeasured, so that the files are in the kernel's memory.
    let requests: Vec<Request> = all.iter().map(post).collect();
    let ask_over_http = || tokio::task::block_in_place(|| Client::connect(instance.address).each(&requests));
    ask_over_http();
    let inside = within(&instance.app.finder, &all).await;
    let over_http = ask_over_http();
    println!("\n{:<22} {:>9} {:>9}   {:>9} {:>9}", "one client, ms", "p50", "p99", "p50 HTTP", "p99 HTTP");
    let row = |name: &str, inside: &[Duration], over_http: &[Duration]| {
        let ((p50, p99), (h50, h99)) = (percentiles(inside), percentiles(over_http));
        println!("{name:<22} {p50:>9.2} {p99:>9.2}   {h50:>9.2} {h99:>9.2}");
    };
    for kind in KINDS {
        let of = |took: &[Duration]| -> Vec<Duration> {
            all.iter().zip(took).filter(|(asked, _)| asked.kind == kind).map(|(_, took)| *took).collect()
        };
        if all.iter().any(|asked| asked.kind == kind) {
            row(&format!("{kind:?}"), &of(&inside), &of(&over_http));
        }
    }
    row("all", &inside, &over_http);
    println!("(aim p99 {AIM_P99:.0} over HTTP)");
    println!("anonymous memory {} MB (aim {AIM_MEMORY})", memory::now());
    instance.end().await;
}

/// The index of an instance, as soon as it is whole.
pub async fn opened(instance: &Instance) -> Arc<Snapshot> {
    let shown = instance.app.finder.shown();
    let mut moved = shown.moved();
    loop {
        if let Some(snapshot) = shown.snapshot().filter(|snapshot| snapshot.mark.whole) {
            return snapshot;
        }
        moved.changed().await.expect("the follower lives");
    }
}

/// How long each question takes in the process, the page and its facets.
pub async fn within(finder: &Finder, all: &[Asked]) -> Vec<Duration> {
    let mut took = Vec::with_capacity(all.len());
    for asked in all {
        let begun = Instant::now();
        let span = labpact::search::find::Span { limit: 20, ..Default::default() };
        finder.lines(asked.question(), span, true).await.expect("an answer");
        took.push(begun.elapsed());
    }
    took
}
