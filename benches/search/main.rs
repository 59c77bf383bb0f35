//! How fast questions are answered, and how fast the index is built.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use labpact::{
    demo::{self, Size},
    directory,
    platform::{
        access::Visible,
        clock::Clock,
        db::{DatabaseConfig, Db},
        feed,
    },
    search::{
        find::{Span, Understood, question::Question},
        follow::{self, Settings, Shown},
        index::{Place, Snapshot},
        register::Kind,
        text::synonym::Synonyms,
    },
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let lines: u64 = std::env::var("LABPACT_BENCH_LINES").ok().and_then(|v| v.parse().ok()).unwrap_or(1_000_000);
    let url = std::env::var("LABPACT_BENCH_URL").unwrap_or_else(|_| format!("sqlite:///tmp/bench-search-{lines}.db"));
    let clock = Clock::system();
    let config = DatabaseConfig { url, ..DatabaseConfig::default() };
    let db = Db::migrate(&config, clock.clone()).await.expect("db");
    directory::agency::ensure_members(&db).await.expect("agencies");
    let size = Size { labs: u32::try_from(lines / 500).unwrap_or(1).max(300), scope_lines: lines, seed: 1 };
    let begun = Instant::now();
    let mut said = Instant::now();
    demo::fill(&db, size, clock.today(), &mut |progress| {
        if said.elapsed() > Duration::from_secs(20) {
            said = Instant::now();
            println!(
                "{} of {} lines, {:.0} s",
                progress.scope_lines,
                progress.of_scope_lines,
                begun.elapsed().as_secs_f64()
            );
        }
    })
    .await
    .expect("filled");
    println!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    feed::drain(&db).await.expect("feed");
    println!("feed in {:.0} s", begun.elapsed().as_secs_f64());
    let folder = PathBuf::from(format!("/tmp/bench-search-{lines}.index"));
    if std::env::var("LABPACT_BENCH_KEEP").is_err() {
        let _ = std::fs::remove_dir_all(&folder);
    }
    let shown = Shown::default();
    let settings = Settings { place: Place::Folder(folder.clone()), threads: 2, poll: Duration::from_millis(200) };
    let begun = Instant::now();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let follower = tokio::spawn(follow::run(db.clone(), shown.clone(), settings, async {
        let _ = stopped.await;
    }));
    let mut first = None;
    let snapshot = loop {
        if let Some(s) = shown.snapshot() {
            if first.is_none() {
                first = Some(begun.elapsed());
            }
            if s.mark.whole {
                break s;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let took = begun.elapsed().as_secs_f64();
    println!(
        "built {} revisions in {took:.1} s: {:.0} a second; first seen after {:?}",
        snapshot.len(),
        snapshot.len() as f64 / took,
        first
    );
    let bytes: u64 = walk(&folder);
    println!(
        "{:.0} bytes a line, {} parts, {} competences, {} holders, {} values, rss {} MB",
        bytes as f64 / snapshot.len() as f64,
        snapshot.segments.len(),
        snapshot.register.competences.len(),
        snapshot.register.holders.len(),
        snapshot.register.values.len(),
        rss()
    );
    queries(&snapshot);
    println!("rss {} MB", rss());
    let _ = stop.send(());
    let _ = follower.await;
}

fn rss() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .filter(|l| l.starts_with("RssAnon") || l.starts_with("RssFile"))
        .map(|l| l.to_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn walk(path: &std::path::Path) -> u64 {
    let mut sum = 0;
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let meta = entry.metadata().expect("meta");
        sum += if meta.is_dir() { walk(&entry.path()) } else { meta.len() };
    }
    sum
}

fn queries(snapshot: &Arc<Snapshot>) {
    let synonyms = Synonyms::shipped().clone();
    let values = |kind: Kind| -> Vec<String> {
        snapshot.register.values.iter().filter(|(_, v)| v.kind == kind).map(|(_, v)| v.text.to_string()).collect()
    };
    let (parameters, objects, methods) = (values(Kind::Parameter), values(Kind::Object), values(Kind::Method));
    let mut seed: u64 = 42;
    let mut random = move |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((seed >> 33) as usize) % n
    };
    let regions = ["440000", "440100", "370000", "370200", "350100", "450100", "460100"];
    let on = Clock::system().today();
    let base = || Question::on(Visible::Partner("GD".into()), on);
    let kinds = ["parameter+region", "object+parameter", "standard", "glued", "pinyin", "broad", "filters", "near"];
    let abandoned = AtomicBool::new(false);
    let mut all = Vec::new();
    for kind in kinds {
        let mut times = Vec::new();
        let mut total = 0;
        for _ in 0..60 {
            let p = &parameters[random(parameters.len())];
            let o = &objects[random(objects.len())];
            let m = &methods[random(methods.len())];
            let mut q = base();
            match kind {
                "parameter+region" => {
                    q.text = Some(p.clone());
                    q.regions = vec![regions[random(regions.len())].to_owned()];
                }
                "object+parameter" => q.text = Some(format!("{o} {p}")),
                "standard" => q.text = Some(m.clone()),
                "glued" => q.text = Some(format!("{p}{m}")),
                "pinyin" => q.text = labpact::search::text::pinyin::spellings(p).into_iter().max_by_key(String::len),
                "broad" => {
                    q.text = Some(["食品", "水", "建筑", "环境", "工业"][random(5)].to_owned());
                }
                "filters" => {
                    q.regions = vec![regions[random(regions.len())].to_owned()];
                    q.agencies = vec!["GD".to_owned()];
                }
                _ => {
                    q.text = Some(p.clone());
                    q.near = Some(labpact::search::find::question::Near {
                        point: labpact::directory::region::divisions::Point { longitude: 113.3, latitude: 23.1 },
                        within_km: Some(200.0),
                    });
                }
            }
            let begun = Instant::now();
            let text = q.text.clone();
            let understood = Understood::read(Arc::clone(snapshot), &synonyms, q).expect("read");
            let read = begun.elapsed();
            let part = understood.part(Span { limit: 20, ..Span::default() }, true, &abandoned);
            let took = begun.elapsed();
            if took > Duration::from_millis(20) && times.len() < 3 {
                println!("   slow {text:?}: read {read:?}, all {took:?}, {} lines", part.total);
            }
            times.push(took.as_secs_f64() * 1e3);
            total += part.total;
        }
        all.extend(times.iter().copied());
        times.sort_by(f64::total_cmp);
        println!(
            "{kind:<18} p50 {:>7.2} p90 {:>7.2} max {:>7.2} ms, {} lines found on average",
            times[30],
            times[54],
            times[59],
            total / 60
        );
    }
    all.sort_by(f64::total_cmp);
    println!("all: p50 {:.2} p99 {:.2} max {:.2}", all[all.len() / 2], all[all.len() * 99 / 100], all[all.len() - 1]);
}
