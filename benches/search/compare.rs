//! The same questions, answered by our own engine, by a plain full-text index, and by PostgreSQL: each question by one
//! after another.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use labpact::search::{find::Span, text::synonym::Synonyms};

use super::{
    Ground,
    ask::opened,
    percentiles,
    plain::{self, Plain},
    questions::{self, Asked, KINDS, Kind},
    support::instance::Instance,
    trigram::Trigram,
};

/// Our own time to the library's at most.
const AIM_PLAIN: f64 = 2.0;
/// PostgreSQL's time to our own at least.
const AIM_TRIGRAM: f64 = 5.0;
/// PostgreSQL is asked so many of each kind: some of them take seconds.
const OF_TRIGRAM: usize = 10;

/// How long one question took.
struct Took {
    kind: Kind,
    own: Duration,
    plain: Duration,
    trigram: Option<Duration>,
    /// How many lines our own engine found, and the plain index.
    found: (u64, u64),
}

/// Asks all three.
pub async fn run(ground: &Ground) {
    let instance = Instance::start_with(ground.sqlite(), |config| config.search.folder = Some(ground.index())).await;
    let snapshot = opened(&instance).await;
    let plain = tokio::task::block_in_place(|| Plain::of(ground, &snapshot));
    let trigram = match ground.postgres() {
        Some(config) => Some(Trigram::of(&config.url).await),
        None => None,
    };
    let synonyms = Synonyms::shipped();
    let finder = &instance.app.finder;
    let mut of_kind = vec![0; KINDS.len()];
    let mut took = Vec::new();
    for asked in &questions::drawn(&snapshot) {
        let names = plain::names(&snapshot, synonyms, asked);
        let count = &mut of_kind[asked.kind as usize];
        *count += 1;
        let of_trigram = trigram.as_ref().filter(|_| *count <= OF_TRIGRAM);
        // The second time counts for each, so that nobody waits for a disk.
        for measured in [false, true] {
            let begun = Instant::now();
            let span = Span { limit: 20, ..Span::default() };
            let lines = finder.lines(asked.question(), span, true).await.expect("an answer");
            let own = begun.elapsed();
            let begun = Instant::now();
            let plainly = tokio::task::block_in_place(|| plain.answer(asked, &names));
            let by_plain = begun.elapsed();
            let by_trigram = match of_trigram {
                Some(trigram) => Some(timed(trigram, asked).await),
                None => None,
            };
            if measured {
                took.push(Took {
                    kind: asked.kind,
                    own,
                    plain: by_plain,
                    trigram: by_trigram,
                    found: (lines.part.total, plainly as u64),
                });
            }
        }
    }
    print(&took);
    if let Some(trigram) = trigram {
        trigram.close().await;
    }
    drop(Arc::clone(&snapshot));
    instance.end().await;
}

async fn timed(trigram: &Trigram, asked: &Asked) -> Duration {
    let begun = Instant::now();
    trigram.answer(asked).await;
    begun.elapsed()
}

fn print(took: &[Took]) {
    println!(
        "\n{:<12} {:>8} {:>8} {:>9} {:>6} {:>6} {:>9} {:>9} {:>9}",
        "ms", "own p50", "tantivy", "trigrams", "", "own", "own p99", "tantivy", "trigrams"
    );
    for kind in KINDS {
        row(&format!("{kind:?}"), &took.iter().filter(|one| one.kind == kind).collect::<Vec<_>>());
    }
    row("all", &took.iter().collect::<Vec<_>>());
    println!(
        "(own / tantivy, aim at most {AIM_PLAIN}; trigrams / own, aim at least {AIM_TRIGRAM}; sums of the same questions)"
    );
}

fn row(name: &str, took: &[&Took]) {
    let own: Vec<Duration> = took.iter().map(|one| one.own).collect();
    let plain: Vec<Duration> = took.iter().map(|one| one.plain).collect();
    let both: Vec<(Duration, Duration)> =
        took.iter().filter_map(|one| one.trigram.map(|trigram| (one.own, trigram))).collect();
    let trigram: Vec<Duration> = both.iter().map(|one| one.1).collect();
    let ((own50, own99), (plain50, plain99)) = (percentiles(&own), percentiles(&plain));
    let sum = |all: &[Duration]| all.iter().sum::<Duration>().as_secs_f64();
    let to_plain = sum(&own) / sum(&plain);
    let found = took.iter().fold((0, 0), |all, one| (all.0 + one.found.0, all.1 + one.found.1));
    let found = format!("   found {} {}", found.0 / took.len() as u64, found.1 / took.len() as u64);
    print!("{name:<12} {own50:>8.2} {plain50:>8.2}");
    if trigram.is_empty() {
        println!(" {own99:>9.2} {plain99:>8.2}   own/tantivy {to_plain:.2}{found}");
        return;
    }
    let (trigram50, trigram99) = percentiles(&trigram);
    let of_trigram = sum(&trigram) / both.iter().map(|one| one.0).sum::<Duration>().as_secs_f64();
    println!(
        " {trigram50:>9.2}  p99 {own99:>8.2} {plain99:>8.2} {trigram99:>9.2}   own/tantivy {to_plain:.2}   \
         trigrams/own {of_trigram:.1}{found}"
    );
}
