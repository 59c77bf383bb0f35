//! How fast questions are answered, how fast the index is built, and what it takes.
//!
//! Each state of the program is measured in a process of its own, because memory that was once taken is not always given
//! back: [`build`], [`ask`] (what a restarted server does) and [`compare`] with a plain full-text index and PostgreSQL's
//! trigrams. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

mod ask;
mod build;
mod compare;
mod plain;
mod questions;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;
mod trigram;

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chrono::NaiveDate;
use labpact::platform::{clock::Clock, db::DatabaseConfig};
use support::{
    setting,
    throwaway::{base::beginning, postgres},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a process of this program does.
const PHASE: &str = "LABPACT_BENCH_PHASE";
/// Where databases and indexes are kept, to be used again; a temporary folder where not given.
const FOLDER: &str = "LABPACT_BENCH_FOLDER";
/// A PostgreSQL database to be used again; a throw-away cluster where not given.
const POSTGRES: &str = "LABPACT_BENCH_POSTGRES";

/// What is measured.
struct Ground {
    lines: u64,
    folder: PathBuf,
    postgres: Option<String>,
}

impl Ground {
    fn of_environment() -> Self {
        Self {
            lines: setting("LABPACT_BENCH_LINES", 1_000_000),
            folder: env::var_os(FOLDER).map(PathBuf::from).expect("the first process says where"),
            postgres: env::var(POSTGRES).ok().filter(|url| !url.is_empty()),
        }
    }

    fn sqlite(&self) -> DatabaseConfig {
        let file = self.folder.join(format!("search-{}.db", self.lines));
        DatabaseConfig { url: format!("sqlite://{}", file.display()), ..DatabaseConfig::default() }
    }

    fn postgres(&self) -> Option<DatabaseConfig> {
        let url = self.postgres.clone()?;
        Some(DatabaseConfig { url, ..DatabaseConfig::default() })
    }

    /// The index that is built of the SQLite database, and asked.
    fn index(&self) -> PathBuf {
        self.folder.join(format!("search-{}.index", self.lines))
    }
}

fn main() {
    match env::var(PHASE).as_deref() {
        Ok("build") => in_runtime(build::run(&Ground::of_environment())),
        Ok("ask") => in_runtime(ask::run(&Ground::of_environment())),
        Ok("compare") => in_runtime(compare::run(&Ground::of_environment())),
        _ => all(),
    }
}

fn in_runtime(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work);
}

/// One process after another. PostgreSQL comes last, because it tidies up for a while behind a load.
fn all() {
    let kept = env::var_os(FOLDER).map(PathBuf::from);
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let lines = setting("LABPACT_BENCH_LINES", 1_000_000);
    println!("{lines} scope lines");
    let process = |phase: &str, postgres: &str| {
        let mut this = Command::new(env::current_exe().expect("this program"));
        this.env(PHASE, phase).env(FOLDER, &folder).env(POSTGRES, postgres);
        assert!(this.status().expect("it starts").success(), "{phase}");
    };
    process("build", "");
    process("ask", "");
    let postgres = match (env::var(POSTGRES), postgres::postgres()) {
        (Ok(url), _) => url,
        (Err(_), Some(cluster)) => {
            in_runtime(cluster.create_from_template("bench", "template0"));
            cluster.url("bench")
        }
        (Err(_), None) => String::new(),
    };
    if !postgres.is_empty() {
        process("build", &postgres);
    }
    process("compare", &postgres);
}

/// The date of everything that is asked.
fn today() -> NaiveDate {
    Clock::fixed(beginning()).today()
}

/// What the files of a folder take, in bytes.
fn bytes(path: &Path) -> u64 {
    let entries = path.read_dir().into_iter().flatten().flatten();
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}

/// The middle and the hundredth slowest of what was taken, in milliseconds.
fn percentiles(took: &[Duration]) -> (f64, f64) {
    let mut took = took.to_vec();
    took.sort_unstable();
    let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    (at(50), at(99))
}
