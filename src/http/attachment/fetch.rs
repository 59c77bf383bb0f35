//! A file on its way out.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use entity::{attachment::Model, enums::AttachmentStatus};
use futures_util::TryStreamExt;

use super::{
    called, charge, id_in,
    range::{self, Part},
    text,
};
use crate::{
    app::App,
    attachment::{address::Act, model::name, service},
    http::{auth, connection::address::ClientAddress, origin},
    platform::{
        access::Caller,
        fault::{Fault, Outcome},
    },
};

/// Answers one request.
pub(super) async fn serve(app: &App, request: Request, request_id: &Arc<str>) -> Outcome<Response> {
    let (head, _) = request.into_parts();
    let row = found(app, &head, request_id).await?;
    let size = row.size.max(0).cast_unsigned();
    let headers = &head.headers;
    let tag = format!("\"{}\"", row.sha256);
    // What is not there has no content that could be the same.
    let is_there = row.status == AttachmentStatus::Stored;
    if is_there && text(headers, &header::IF_NONE_MATCH).is_some_and(|known| is_known(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, described(&row, &tag)?).into_response());
    }
    let is_same = text(headers, &header::IF_RANGE).is_none_or(|known| known == tag);
    let asked = text(headers, &header::RANGE).filter(|_| is_same && head.method == Method::GET);
    let (status, part) = match range::read(asked, size) {
        Part::All => (StatusCode::OK, 0..size),
        Part::Bytes(part) => (StatusCode::PARTIAL_CONTENT, part),
        Part::Outside => {
            let whole = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response());
        }
    };
    let mut answer = described(&row, &tag)?;
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        answer.insert(header::CONTENT_RANGE, value(&range)?);
    }
    let pieces = service::content(&app.attachments, &row, part).await?;
    if head.method == Method::HEAD {
        return Ok((status, answer).into_response());
    }
    let metrics = Arc::clone(&app.metrics);
    let told = row.id;
    let counted = pieces.inspect_ok(move |piece| metrics.went(piece.len())).inspect_err(
        move |cause| tracing::warn!(attachment = %told, error = %cause, "a file broke off on its way out"),
    );
    Ok((status, answer, Body::from_stream(counted)).into_response())
}

/// The file that is asked for, where the caller may have it: by a signed address, or by a token.
async fn found(app: &App, head: &Parts, request_id: &Arc<str>) -> Outcome<Model> {
    let listed = &app.config.server.origins;
    let headers = &head.headers;
    if let Some(called) = called(head)? {
        // Anybody may follow such an address from a page of any site. A program of that page says where it is from.
        if headers.contains_key(header::ORIGIN) {
            origin::refuse_other_sites(headers, listed)?;
        }
        charge(app, &app.anonymous, &head.extensions)?;
        return service::addressed(&app.db, &app.attachments, Act::Download, &called).await;
    }
    origin::refuse_other_sites(headers, listed)?;
    let caller: Caller = match auth::caller(app, headers, request_id).await {
        Ok(caller) => caller,
        Err(fault) => {
            let stranger = app.api.budgets().fine_stranger(ClientAddress::network_of(&head.extensions));
            return Err(stranger.err().unwrap_or(fault));
        }
    };
    charge(app, &caller.actor, &head.extensions)?;
    let path = head.uri.path();
    let id = id_in(path).ok_or_else(|| Fault::not_found("attachment", "of that id"))?;
    service::seen_by(&app.db, &caller, id).await
}

/// What is said of a file beside its content. A browser keeps it, shows none of it, and tells nobody its address.
fn described(row: &Model, tag: &str) -> Outcome<HeaderMap> {
    let told: [(HeaderName, &str); 9] = [
        (header::CONTENT_TYPE, &row.media_type),
        (header::CONTENT_DISPOSITION, &name::disposition(&row.file_name)),
        (header::ETAG, tag),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "authorization"),
    ];
    told.into_iter().map(|(name, text)| Ok((name, value(text)?))).collect()
}

fn value(text: &str) -> Outcome<HeaderValue> {
    HeaderValue::from_str(text).map_err(Fault::internal)
}

/// Whether the caller knows this content already (RFC 9110 §13.1.2; weak and strong tags alike).
fn is_known(header: &str, tag: &str) -> bool {
    header.split(',').map(|each| each.trim().trim_start_matches("W/")).any(|each| each == tag || each == "*")
}
