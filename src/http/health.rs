//! Whether this node lives, and whether it may be sent work.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde_json::json;
use tokio::time::timeout;

use super::{live::Live, metrics::DATABASE_PATIENCE};
use crate::{
    app::App,
    platform::{fault::Outcome, lag::Lag, schema},
};

/// The process runs.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers in time and is of this program's version, the feed and this node's follower of it make progress,
/// and the server is not about to stop.
pub async fn ready(State(app): State<Arc<App>>, State(live): State<Arc<Live>>) -> Response {
    let (database, migrations, lag) = match timeout(DATABASE_PATIENCE, look(&app)).await {
        Ok(Ok(lag)) => (true, lag.is_some(), lag),
        Ok(Err(_)) | Err(_) => (false, false, None),
    };
    let now = app.db.clock().now();
    let most = TimeDelta::seconds(i64::try_from(app.config.server.ready_lag_seconds).unwrap_or(i64::from(i32::MAX)));
    let read = app.events.read_up_to();
    let feed = lag.is_some_and(|lag| app.progress.sequencer.stuck_for(lag.oldest, now) <= most);
    let events = lag.is_some_and(|lag| {
        let waits_at = read.filter(|seq| lag.behind(*seq) > 0);
        app.progress.events.stuck_for(waits_at, now) <= most
    });
    let draining = live.is_draining();
    let is_ready = database && migrations && feed && events && !draining;
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let lag = lag.map(|lag| {
        json!({
            "waiting": lag.waiting,
            "oldest_seconds": lag.age(now).num_seconds(),
            "events_behind": read.map(|seq| lag.behind(seq)),
            "search_behind": app.finder.shown().standing().seq.map(|seq| lag.behind(seq)),
        })
    });
    let body = json!({
        "database": database,
        "migrations": migrations,
        "feed": feed,
        "events": events,
        "draining": draining,
        "lag": lag,
    });
    (status, Json(body)).into_response()
}

/// What waits for its number; `None` where the database is of another version, whose tables are not ours to read.
async fn look(app: &App) -> Outcome<Option<Lag>> {
    let status = schema::status(&app.db).await?;
    if !status.pending.is_empty() || !status.unknown.is_empty() {
        return Ok(None);
    }
    Lag::read(&app.db).await.map(Some)
}
