//! `POST /token`: machine accounts exchange their assertions for access tokens (RFC 6749, RFC 7523).

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::request_id::RequestId;
use crate::{
    app::App,
    identity::{
        account::exchange::exchange,
        token_request::{TokenError, TokenRequest},
    },
    platform::telemetry::trail,
};

/// Two tokens of 8 KiB, written as form data, and the rest.
const MOST: usize = 32 * 1024;

/// Answers one request.
pub async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
    match serve(&app, request, &request_id).await {
        Ok(body) => answer(StatusCode::OK, &body),
        Err(error) => {
            trail::refused(error.code());
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            answer(status, &error.body())
        }
    }
}

async fn serve(app: &App, request: Request, request_id: &str) -> Result<Value, TokenError> {
    let Some(issuer) = &app.embedded else { return Err(TokenError::UnsupportedGrantType) };
    if !is_form(request.headers()) {
        return Err(TokenError::InvalidRequest);
    }
    let bytes = to_bytes(request.into_body(), MOST).await.map_err(|_| TokenError::InvalidRequest)?;
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).map_err(|_| TokenError::InvalidRequest)?;
    let asked = TokenRequest::read(form.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
    exchange(&app.db, issuer, app.verifier.roles(), &asked).await.map_err(|(error, why)| {
        tracing::info!(request_id, error = error.code(), %why, cause = ?why, "no token was given");
        error
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = given.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    (status, headers, body.to_string()).into_response()
}
