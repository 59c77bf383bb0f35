//! Whether this node lives, and whether it may be sent work.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{app::App, platform::schema};

/// The process runs.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers and is of this program's version.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let (database, migrations) = match schema::status(&app.db).await {
        Ok(status) => (true, status.pending.is_empty() && status.unknown.is_empty()),
        Err(_) => (false, false),
    };
    let status = if database && migrations { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "migrations": migrations }))).into_response()
}
