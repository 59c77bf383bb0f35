//! `POST /token`: machine accounts exchange their assertions for access tokens (RFC 6749, RFC 7523).

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{body, connection::address::ClientAddress, request_id::RequestId};
use crate::{
    app::App,
    identity::{
        account::exchange::exchange,
        token_request::{TokenError, TokenRequest},
    },
    platform::{fault::Fault, telemetry::trail},
};

/// Two tokens of 8 KiB, written as form data, and the rest.
const MOST: usize = 32 * 1024;

/// Answers one request.
pub async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
    let address = ClientAddress::network_of(request.extensions());
    if let Err(Fault::Limited { retry_after, .. }) = app.api.budgets().charge_token(address) {
        let mut response = answer(StatusCode::TOO_MANY_REQUESTS, &TokenError::TemporarilyUnavailable.body());
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
        return response;
    }
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
    let within = Duration::from_secs(app.config.server.connections.body_seconds);
    let bytes = body::read(request.into_body(), MOST, within).await.map_err(|_| TokenError::InvalidRequest)?;
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
