//! What is answered: a GraphQL response, with the status that the media type and the fault ask for.

use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::negotiate::Media;
use crate::{
    graphql::{api::Refused, error},
    platform::fault::Fault,
};

/// The members of an answer, in the order that the specification recommends; no `data` where nothing was executed.
#[derive(Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<BTreeMap<String, Value>>,
}

impl Answer {
    /// What was executed; or, where nothing was, why not.
    pub fn of(response: async_graphql::Response) -> Self {
        let was_executed = was_executed(&response);
        let extensions = (!response.extensions.is_empty()).then_some(response.extensions);
        Self { errors: response.errors, data: was_executed.then_some(response.data), extensions }
    }

    /// What was not executed.
    pub fn failed(errors: Vec<ServerError>) -> Self {
        Self { errors, data: None, extensions: None }
    }

    /// A fault that ended the whole.
    pub fn fault(fault: &Fault, request_id: &str) -> Self {
        Self::failed(vec![error::whole(fault, request_id)])
    }
}

/// Whether anything of a document was executed: an error without a path beside no data is of the whole document.
fn was_executed(response: &async_graphql::Response) -> bool {
    response.data != Value::Null
        || response.errors.is_empty()
        || response.errors.iter().any(|each| !each.path.is_empty())
}

/// Answers what was executed. A document that turned out to be none has its status told to those who ask for the new type.
pub fn executed(media: Media, response: async_graphql::Response) -> Response {
    let status = if was_executed(&response) || media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    respond(media, status, &Answer::of(response))
}

/// Answers a document that was not executed.
pub fn refused(media: Media, refused: Refused) -> Response {
    let status = match refused.fault.as_ref().map(status_of) {
        Some(StatusCode::BAD_REQUEST) | None if media == Media::Json => StatusCode::OK,
        Some(status) => status,
        None => StatusCode::BAD_REQUEST,
    };
    let response = respond(media, status, &Answer::failed(refused.errors));
    match &refused.fault {
        Some(fault) => challenged(response, fault),
        None => response,
    }
}

/// Answers a request that ends with a fault.
pub fn ended(media: Media, status: StatusCode, fault: &Fault, request_id: &str) -> Response {
    challenged(respond(media, status, &Answer::fault(fault, request_id)), fault)
}

/// Adds what a client needs in order to try again.
fn challenged(mut response: Response, fault: &Fault) -> Response {
    let headers = response.headers_mut();
    match fault {
        Fault::Unauthenticated(_) => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"labpact\""));
        }
        Fault::Limited { retry_after, .. } => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
        }
        _ => {}
    }
    response
}

/// The status of a fault that ends a whole request.
pub fn status_of(fault: &Fault) -> StatusCode {
    match fault {
        Fault::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Fault::Forbidden { .. } => StatusCode::FORBIDDEN,
        Fault::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Fault::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        Fault::NotFound { .. } | Fault::Invalid(_) | Fault::Rule { .. } | Fault::Conflict { .. } => {
            StatusCode::BAD_REQUEST
        }
    }
}

/// Writes an answer, or several of a batch.
pub fn respond(media: Media, status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (
            status,
            [
                (header::CONTENT_TYPE, media.header()),
                (header::CACHE_CONTROL, "no-store"),
                (header::VARY, "accept, authorization"),
            ],
            bytes,
        )
            .into_response(),
        Err(cause) => {
            tracing::error!(error = %cause, "an answer did not serialise");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
