//! `GET /calendar/….ics`: a calendar for programs that have no token but its address. What is logged and traced of a
//! request is its route, never its URL.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{answer, connection::address::ClientAddress, negotiate::Media, request_id::RequestId};
use crate::{
    app::App,
    platform::fault::{Fault, Outcome},
};

/// Answers one request.
pub async fn handle(
    State(app): State<Arc<App>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Path(file): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match found(&app, &file, ClientAddress::network_of(&parts.extensions)).await {
        Ok(Some(text)) => calendar(text, &parts.headers),
        Ok(None) => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(fault) => answer::ended(Media::Json, answer::status_of(&fault), &fault, &request_id),
    }
}

/// The calendar of a file. Each try costs its address as much as a token that does not hold, so that nobody tries many.
async fn found(app: &App, file: &str, address: IpAddr) -> Outcome<Option<String>> {
    app.api.budgets().fine_stranger(address)?;
    match file.strip_suffix(".ics") {
        Some(token) => app.calendar(token).await.inspect_err(|fault| {
            if let Fault::Internal(cause) = fault {
                tracing::error!(error = %cause, "a calendar could not be read");
            }
        }),
        None => Ok(None),
    }
}

fn calendar(text: String, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&text)[..16]));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    let same = known.any(|known| known == "*" || known == tag);
    let common = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "private, no-cache")];
    if same {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (StatusCode::OK, common, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
}
