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

/// The database answers in time and is of this program's version, the feed makes progress, and the server is not about
/// to stop.
pub async fn ready(State(app): State<Arc<App>>, State(live): State<Arc<Live>>) -> Response {
    let (database, migrations, lag) = match timeout(DATABASE_PATIENCE, look(&app)).await {
        Ok(Ok((migrations, lag))) => (true, migrations, Some(lag)),
        Ok(Err(_)) | Err(_) => (false, false, None),
    };
    let now = app.db.clock().now();
    let most = TimeDelta::seconds(i64::try_from(app.config.server.ready_lag_seconds).unwrap_or(i64::from(i32::MAX)));
    let feed = lag.is_some_and(|lag| app.lag.stuck_for(&lag, now) <= most);
    let draining = live.is_draining();
    let status =
        if database && migrations && feed && !draining { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let lag = lag.map(|lag| json!({ "waiting": lag.waiting, "oldest_seconds": lag.age(now).num_seconds() }));
    let body =
        json!({ "database": database, "migrations": migrations, "feed": feed, "lag": lag, "draining": draining });
    (status, Json(body)).into_response()
}

/// Whether the schema is of this version, and what waits for its number.
async fn look(app: &App) -> Outcome<(bool, Lag)> {
    let status = schema::status(&app.db).await?;
    let lag = Lag::read(&app.db).await?;
    Ok((status.pending.is_empty() && status.unknown.is_empty(), lag))
}
