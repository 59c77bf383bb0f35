//! `/attachments/{id}`: contents of files, put at a signed address, and fetched at one or with a token.
//!
//! A signed address is no token and names nobody. It is answered to whoever calls it, so it is never written to a log:
//! what is observed of a request is its route.

mod fetch;
mod range;
mod receive;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header, request::Parts},
    response::{IntoResponse, Response},
};
use entity::ids::AttachmentId;
use uuid::Uuid;

use super::{answer, auth, connection::address::ClientAddress, negotiate::Media, request_id::RequestId};
use crate::{
    app::App,
    attachment::{address::Called, desk::invalid_address},
    graphql::budget::Payer,
    platform::{
        access::Actor,
        fault::{Fault, Outcome},
    },
};

/// What looking for a file costs in the units of a client's budget.
const COST: u64 = 500;

/// Takes the content of a file.
pub async fn put(State(app): State<Arc<App>>, request: Request) -> Response {
    let request_id = request_id(&request);
    match receive::serve(&app, request, &request_id).await {
        Ok(response) => response,
        Err(fault) => refused(&fault, &request_id),
    }
}

/// Gives the content of a file, or all but the content where the method is HEAD.
pub async fn get(State(app): State<Arc<App>>, request: Request) -> Response {
    let request_id = request_id(&request);
    match fetch::serve(&app, request, &request_id).await {
        Ok(response) => response,
        Err(fault) => refused(&fault, &request_id),
    }
}

/// Answers any other method.
pub async fn not_allowed() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, PUT")]).into_response()
}

/// Whether an answer is no file: a file goes as it is, byte for byte, so that its parts can be asked for.
pub fn is_none(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::CONTENT_DISPOSITION)
}

fn request_id(request: &Request) -> Arc<str> {
    request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0))
}

fn refused(fault: &Fault, request_id: &str) -> Response {
    if let Fault::Internal(cause) = fault {
        tracing::error!(request_id, error = %cause, chain = ?cause, "internal fault");
    }
    let status = match fault.reason() {
        "ADDRESS_INVALID" | "ADDRESS_EXPIRED" => StatusCode::FORBIDDEN,
        "ATTACHMENT_NOT_STORED" => StatusCode::CONFLICT,
        "ATTACHMENT_TOO_LONG" => StatusCode::PAYLOAD_TOO_LARGE,
        "MEDIA_TYPE_MISMATCH" | "CONTENT_ENCODING" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "SIZE_MISMATCH" | "SHA256_MISMATCH" => StatusCode::UNPROCESSABLE_ENTITY,
        "BODY_TOO_SLOW" => StatusCode::REQUEST_TIMEOUT,
        "NOT_FOUND" => StatusCode::NOT_FOUND,
        _ => answer::status_of(fault),
    };
    answer::ended(Media::Json, status, fault, request_id)
}

/// Takes what a call costs from whoever calls. An actor without an agency pays by address.
fn charge(app: &App, actor: &Actor, extensions: &Extensions) -> Outcome<()> {
    let payer = Payer::of(actor, ClientAddress::network_of(extensions));
    app.api.budgets().charge(&payer, COST).map(drop)
}

/// The file that a path names.
fn id_in(path: &str) -> Option<AttachmentId> {
    let bare = path.strip_prefix(crate::attachment::address::PATH)?;
    Uuid::try_parse(bare).ok().filter(|_| bare.len() == 36).map(AttachmentId)
}

/// The address that a request calls; none where it has no signature.
///
/// # Errors
/// `TOKEN_IN_URL`; `ADDRESS_INVALID` for one that cannot be read.
fn called(head: &Parts) -> Outcome<Option<Called>> {
    auth::refuse_token_in_url(&head.uri)?;
    let query = head.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| invalid_address())?;
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(each, _)| each == name).map(|(_, value)| value.as_str());
        (values.next(), values.next())
    };
    match (id_in(head.uri.path()), one("expires"), one("signature")) {
        (_, _, (None, _)) => Ok(None),
        (Some(id), (Some(expires), None), (Some(signature), None)) => {
            let expires = expires.parse().map_err(|_| invalid_address())?;
            Ok(Some(Called { id, expires, signature: signature.to_owned() }))
        }
        _ => Err(invalid_address()),
    }
}

/// A header's value, where there is one and it is text.
fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok())
}
