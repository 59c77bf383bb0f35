//! Building the index from a database, the reading included.

use std::time::{Duration, Instant};

use labpact::{
    demo::{self, Size},
    directory,
    platform::{
        clock::Clock,
        db::{DatabaseConfig, Db},
        feed,
    },
    search::{
        follow::{self, Settings, Shown},
        index::Place,
    },
};

use super::{
    Ground, bytes,
    support::{
        memory::{self, Watch},
        throwaway::base::beginning,
    },
    today,
};

/// Lines a second, the reading from the database included.
const AIM_RATE: f64 = 60_000.0;
/// Bytes a line.
const AIM_BYTES: f64 = 250.0;

/// Builds it from PostgreSQL, where that is meant, or from SQLite; the latter stays to be asked.
pub async fn run(ground: &Ground) {
    println!(
        "\nbuilding, the reading included {:>12} {:>9} {:>9} {:>8} {:>8} {:>9}",
        "lines", "s", "per s", "B/line", "peak MB", "one part"
    );
    match ground.postgres() {
        Some(postgres) => {
            let folder = ground.folder.join("of-postgres.index");
            build("PostgreSQL", &postgres, ground, &folder).await;
            std::fs::remove_dir_all(&folder).expect("it is removed");
        }
        None => build("SQLite", &ground.sqlite(), ground, &ground.index()).await,
    }
    println!("(aims: {AIM_RATE:.0} a second, {AIM_BYTES:.0} bytes)");
}

async fn build(name: &str, config: &DatabaseConfig, ground: &Ground, folder: &std::path::Path) {
    let db = filled(config, ground.lines).await;
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("what was there goes");
    }
    let settings = Settings { place: Place::Folder(folder.to_owned()), threads: 2, poll: Duration::from_millis(200) };
    let (watch, before, begun, shown) = (Watch::begin(), memory::now(), Instant::now(), Shown::default());
    let mut moved = shown.moved();
    let whole = async {
        moved.wait_for(|standing| standing.seq.is_some()).await.expect("the builder lives");
        begun.elapsed().as_secs_f64()
    };
    let (built, took) = tokio::join!(follow::anew(&db, &shown, &settings), whole);
    built.expect("the index is built");
    let united = begun.elapsed().as_secs_f64();
    let peak = watch.end() - before;
    let lines = shown.snapshot().expect("it is shown").len() as f64;
    println!(
        "{name:<30} {lines:>12.0} {took:>9.1} {:>9.0} {:>8.0} {peak:>8} {united:>9.1}",
        lines / took,
        bytes(folder) as f64 / lines
    );
    db.close().await;
}

/// The demonstration data of that size, where it is not there yet.
async fn filled(config: &DatabaseConfig, lines: u64) -> Db {
    let begun = Instant::now();
    let db = Db::migrate(config, Clock::fixed(beginning())).await.expect("the database opens");
    directory::agency::ensure_members(&db).await.expect("the members are entered");
    let labs = u32::try_from(lines / 500).unwrap_or(u32::MAX).max(300);
    let size = Size { labs, scope_lines: lines, seed: 1 };
    let filled = demo::fill(&db, size, today(), &mut |_| {}).await.expect("it is filled");
    feed::drain(&db).await.expect("the feed is numbered");
    if !filled.already {
        println!("(filled in {:.0} s)", begun.elapsed().as_secs_f64());
    }
    db
}
