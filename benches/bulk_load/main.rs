//! How fast `Tx::load` writes scope lines, against the database's own bulk load of the same rows into the same indexes.
//!
//! Each way writes into a fresh copy of the database, in one transaction, a lab's lines at a time. See
//! `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

mod own;
mod rows;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;

use std::{path::PathBuf, time::Instant};

use labpact::{
    exchange::{
        format::{Kind, Mapping},
        service::{AnnexOrder, ImportOrder, import},
    },
    platform::{
        access::{Action, Actor, Caller, permit},
        clock::Clock,
        command::Command,
        db::{Db, Dialect},
        fault::Outcome,
    },
};
use support::{
    fill, memory, setting,
    throwaway::base::{Backend, Base, beginning},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LOAD: Action = Action::new("bench.load", "scope:write");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// `Tx::load`, with the change log.
    Register,
    /// `labpact import scopes` of a CSV file: reading, rules, comparing, loading.
    Import,
    /// PostgreSQL: `COPY … FROM STDIN`.
    Copy,
    /// SQLite: its shell's `.import` of a CSV file.
    Shell,
    /// SQLite: one prepared `INSERT` of one row, again and again.
    Prepared,
    /// SQLite: `INSERT … SELECT` from another file that holds the rows in a table without indexes.
    Attached,
}

#[tokio::main]
async fn main() {
    let lines = setting("LABPACT_BENCH_LINES", 1_000_000);
    println!("{lines} scope lines of {} labs, one transaction", fill::LABS);
    println!("{:<44} {:>9} {:>9} {:>7} {:>9}", "", "s", "rows/s", "ratio", "peak MB");
    for (backend, ways) in [
        (Backend::Postgres, [Way::Copy, Way::Register, Way::Import].as_slice()),
        (Backend::Sqlite, [Way::Attached, Way::Shell, Way::Prepared, Way::Register, Way::Import].as_slice()),
    ] {
        let mut others: Vec<f64> = Vec::new();
        for way in ways {
            let Some(base) = Base::new(backend).await else { break };
            let (seconds, peak) = measure(&base, backend, *way, lines).await;
            base.remove().await;
            let ratios: Vec<String> = match way {
                Way::Register | Way::Import => others.iter().map(|other| format!("{:.2}", other / seconds)).collect(),
                _ => Vec::new(),
            };
            if !matches!(way, Way::Register | Way::Import) {
                others.push(seconds);
            }
            println!(
                "{:<44} {seconds:>9.1} {:>9.0} {:>7} {:>9}",
                format!("{backend:?}: {way:?}"),
                lines as f64 / seconds,
                ratios.join("/"),
                peak
            );
        }
    }
    println!("aim: ratio 0.50, peak below 300 MB");
}

/// How long one way takes, in seconds, its commit included, and how much memory this program needed, in MB.
async fn measure(base: &Base, backend: Backend, way: Way, lines: u64) -> (f64, u64) {
    let dialect = if backend == Backend::Postgres { Dialect::Postgres } else { Dialect::Sqlite };
    let url = &base.config.url;
    fill::holders_of_one_agency(url, dialect).await;
    let file = base.folder.path().join("annexes.csv");
    match way {
        Way::Import => rows::write(&file, lines),
        Way::Shell => own::write(&file, lines),
        _ => {}
    }
    let source = base.folder.path().join("source.db");
    if way == Way::Attached {
        own::prepare_source(url, &source, lines).await;
    }
    let db = Db::connect(&base.config, Clock::fixed(beginning())).await.expect("the database opens");
    let watch = memory::Watch::begin();
    let begun = Instant::now();
    match way {
        Way::Register => load(&db, lines).await.expect("loaded"),
        Way::Import => bring(&db, file, lines).await.expect("imported"),
        Way::Copy => own::copy(url, lines).await,
        Way::Shell => own::shell(url, &file),
        Way::Prepared => own::prepared(url, lines).await,
        Way::Attached => own::attached(url, &source).await,
    }
    let (seconds, peak) = (begun.elapsed().as_secs_f64(), watch.end());
    #[derive(sea_orm::FromQueryResult)]
    struct Count {
        count: i64,
    }
    let counted = db.sql::<Count>("SELECT COUNT(*) AS count FROM competence_scope", Vec::new()).await.expect("counted");
    assert_eq!(counted[0].count, i64::try_from(lines).expect("a count"), "every line is there");
    db.close().await;
    (seconds, peak)
}

async fn load(db: &Db, lines: u64) -> Outcome<()> {
    let caller = Caller::new(Actor::system(Some("GD".into()), "bench"), "bench");
    db.write(&permit(&caller, LOAD)?, async |tx| {
        for batch in rows::batches(lines) {
            let whole = batch[0].scope_version_id.to_string();
            tx.load(batch, &whole).await?;
        }
        Ok(())
    })
    .await
}

async fn bring(db: &Db, file: PathBuf, lines: u64) -> Outcome<()> {
    let caller = Caller::new(Actor::system(Some("GD".into()), "bench"), "bench");
    let order = ImportOrder {
        kind: Kind::Scopes,
        files: vec![file],
        mapping: Mapping::default(),
        agency: Some("GD".into()),
        all_or_nothing: true,
        annex: AnnexOrder::default(),
    };
    let report = import(&Command::new(db, &caller), &order, &()).await?;
    assert_eq!((report.counts.created, report.refused_rows), (lines, 0), "{report}");
    Ok(())
}
