//! The same questions, answered by our own engine, by a plain full-text index, and by PostgreSQL: each question by one
//! after another.

use std::time::{Duration, Instant};

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
    instance.end().await;
}

async fn timed(trigram: &Trigram, asked: &Asked) -> Duration {
    let begun = Instant::now();
    trigram.answer(asked).await;
    begun.elapsed()
}

fn print(took: &[Took]) {
    println!(
        "\n{:<11} {:>16} {:>16} {:>18} {:>12} {:>13} {:>20}",
        "p50, p99 ms", "own", "tantivy", "trigrams", "own/tantivy", "trigrams/own", "lines own, tantivy"
    );
    for kind in KINDS {
        row(&format!("{kind:?}"), &took.iter().filter(|one| one.kind == kind).collect::<Vec<_>>());
    }
    row("all", &took.iter().collect::<Vec<_>>());
    println!("(aims: own/tantivy at most {AIM_PLAIN}, trigrams/own at least {AIM_TRIGRAM}; ratios of sums)");
}

fn row(name: &str, took: &[&Took]) {
    if took.is_empty() {
        return;
    }
    let each = |of: fn(&Took) -> Option<Duration>| took.iter().filter_map(|one| of(one)).collect::<Vec<Duration>>();
    let (own, plain, trigram) = (each(|one| Some(one.own)), each(|one| Some(one.plain)), each(|one| one.trigram));
    // PostgreSQL is asked some of them only.
    let own_too = each(|one| one.trigram.map(|_| one.own));
    let mean = |of: fn(&Took) -> u64| took.iter().map(|one| of(one)).sum::<u64>() / took.len() as u64;
    let (found, plainly) = (mean(|one| one.found.0), mean(|one| one.found.1));
    println!(
        "{name:<11} {:>16} {:>16} {:>18} {:>12} {:>13} {found:>10} {plainly:>9}",
        both(&own),
        both(&plain),
        both(&trigram),
        ratio(&own, &plain),
        ratio(&trigram, &own_too)
    );
}

fn both(took: &[Duration]) -> String {
    if took.is_empty() {
        return String::new();
    }
    let (p50, p99) = percentiles(took);
    format!("{p50:.2} {p99:>8.2}")
}

fn ratio(one: &[Duration], other: &[Duration]) -> String {
    if one.is_empty() || other.is_empty() {
        return String::new();
    }
    let sum = |all: &[Duration]| all.iter().sum::<Duration>().as_secs_f64();
    format!("{:.2}", sum(one) / sum(other))
}
