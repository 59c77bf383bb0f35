//! A million events that wait: committed, and not yet in the feed. All who follow it read them from there.

use std::time::{Duration, Instant};

use labpact::platform::db::Dialect;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

use super::support::{
    fill::{id, run, series},
    instance::Instance,
    memory, setting,
    throwaway::base::{Backend, Base},
};

/// The first of these that is not 0 says that somebody is still behind.
const BEHIND: &str = "SELECT CASE WHEN EXISTS (SELECT 1 FROM uncounted) THEN 1 \
    WHEN (SELECT seq FROM webhook_cursor WHERE id = 1) < (SELECT MAX(seq) FROM feed) - 2000 THEN 2 \
    WHEN (SELECT seq FROM message_cursor WHERE name = 'feed') < (SELECT MAX(seq) FROM feed) THEN 3 ELSE 0 END AS behind";

/// How long it takes until all have read them, and what memory that takes.
pub async fn measure(base: &Base, backend: Backend) {
    let dialect = if backend == Backend::Postgres { Dialect::Postgres } else { Dialect::Sqlite };
    let count = setting("LABPACT_BENCH_WAITING", 1_000_000);
    let db = Database::connect(&base.config.url).await.expect("the database opens");
    wait(&db, dialect, count).await;
    let instance = Instance::start(base.config.clone()).await;
    // What the program takes while nothing happens is in it from the start.
    let (begun, watch) = (Instant::now(), memory::Watch::begin());
    let mut marks = Vec::new();
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    while behind(&db).await > 0 {
        pause.tick().await;
        marks.push(memory::now());
    }
    let took = begun.elapsed().as_secs_f64();
    let third = |part: usize| marks[part * marks.len() / 3..(part + 1) * marks.len() / 3].iter().max().copied();
    println!(
        "{backend:?} {count} waiting events: read by all in {took:.0} s, {:.0} per s; most memory in each third of that time {} MB, at most {} MB",
        count as f64 / took,
        [0, 1, 2].map(|part| third(part).unwrap_or_default().to_string()).join(", "),
        watch.end()
    );
    instance.end().await;
    db.close().await.expect("the connections close");
}

/// Each event a transaction of its own.
async fn wait(db: &DatabaseConnection, dialect: Dialect, count: u64) {
    let (event, commit, all) = (id(dialect, 21, "n"), id(dialect, 22, "n"), series(dialect, count));
    let at = "'2026-11-20T02:00:00+00:00'";
    let data = "'{\"institutionId\":\"institution:00000000-0000-0000-0000-000000000001\",\"code\":\"I1\",\"standing\":\"ACTIVE\",\"reason\":null}'";
    let statements = [
        format!(
            "INSERT INTO outbox (id, commit_id, position, at, name, subject, agency, visibility, data) \
             SELECT {event}, {commit}, 0, {at}, 'institution.changed.v1', 'institution:' || n, 'GD', 'PARTNER', {data} FROM {all}"
        ),
        format!("INSERT INTO uncounted (commit_id, at) SELECT {commit}, {at} FROM {all}"),
    ];
    run(db, &statements).await;
    let analyze = if dialect == Dialect::Postgres { "VACUUM ANALYZE" } else { "ANALYZE" };
    run(db, &[analyze.to_owned()]).await;
}

async fn behind(db: &DatabaseConnection) -> i32 {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), BEHIND)).await;
    row.expect("answered").expect("a row").try_get("", "behind").expect("a number")
}
