//! From the `Authorization` header to a caller. Tokens in bodies or cookies are never looked at, in URLs refused.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri, header};

use crate::{
    app::App,
    platform::{
        access::Caller,
        fault::{Fault, Outcome},
    },
};

/// Names under which tokens are sent in URLs elsewhere (RFC 6750, section 2.3).
const TOKEN_NAMES: [&str; 4] = ["access_token", "authorization", "Authorization", "token"];

/// Who is calling. Without a header the anonymous, as far as the configuration lets them in.
///
/// # Errors
/// `UNAUTHENTICATED` for a header that is no bearer token and for a token that does not hold.
pub async fn caller(app: &App, headers: &HeaderMap, request_id: &Arc<str>) -> Outcome<Caller> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (values.next(), values.next());
    let actor = match (first, second) {
        (None, _) => Arc::clone(&app.anonymous),
        (Some(_), Some(_)) => return refuse(request_id, "two Authorization headers"),
        (Some(value), None) => {
            return bearer_caller(app, value.to_str().unwrap_or_default(), request_id).await;
        }
    };
    Ok(Caller::new(actor, Arc::clone(request_id)))
}

/// Who is calling with this credential, `Bearer …`, from a header or the first message of a socket.
///
/// # Errors
/// `UNAUTHENTICATED` for anything but a bearer token that holds.
pub async fn bearer_caller(app: &App, value: &str, request_id: &Arc<str>) -> Outcome<Caller> {
    let Some(token) = bearer(value) else {
        return refuse(request_id, "no bearer token");
    };
    let actor = app.verifier.verify(token).await.inspect_err(|fault| {
        if let Fault::Unauthenticated(reason) = fault {
            tracing::info!(%request_id, reason, "token refused");
        }
    })?;
    Ok(Caller::new(actor, Arc::clone(request_id)))
}

/// Refuses a request whose URL has a token in it (RFC 9700, section 4.3.2), rather than taking it for one without.
///
/// # Errors
/// `INVALID TOKEN_IN_URL`.
pub fn refuse_token_in_url(uri: &Uri) -> Outcome<()> {
    let names = |pair: &str| pair.split('=').next().is_some_and(|name| TOKEN_NAMES.contains(&name));
    if !uri.query().unwrap_or_default().split('&').any(names) {
        return Ok(());
    }
    Err(Fault::invalid(
        "",
        "TOKEN_IN_URL",
        "URLs end up in logs: send tokens as Authorization: Bearer only, and have this one revoked.",
    ))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refuse(request_id: &str, reason: &str) -> Outcome<Caller> {
    tracing::info!(request_id, reason, "token refused");
    Err(Fault::Unauthenticated(reason.to_owned()))
}
