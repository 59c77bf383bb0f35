//! What is asked: from a URL, a body or a message of a socket to operations.

use std::time::Duration;

use async_graphql::{Request as Operation, Value, Variables};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use serde_json::{Map, Value as Json, json};

use super::{
    body::{self, Unread},
    negotiate,
};
use crate::{
    graphql::documents::PERSISTED,
    platform::fault::{Fault, Outcome},
};

/// A fault that ends a request, and the status with which it does.
pub type Stop = (StatusCode, Fault);

/// What a body holds.
pub enum Asked {
    /// One operation.
    One(Box<Operation>),
    /// A batch.
    Many(Vec<Operation>),
}

/// How much a body may hold.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Bytes.
    pub bytes: usize,
    /// Operations.
    pub operations: usize,
    /// How long it may take to come.
    pub time: Duration,
}

/// The operation of a URL's parameters.
///
/// # Errors
/// `INVALID`.
pub fn from_query(query: &str) -> Outcome<Operation> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Fault::invalid("", "URL", "The URL's parameters cannot be read; encode them as form data."))?;
    let mut body = Map::new();
    for (name, value) in pairs {
        let value = match name.as_str() {
            "query" | "operationName" | "documentId" => Json::String(value),
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|_| Fault::invalid(name.as_str(), "JSON", format!("{name} must be a JSON object.")))?,
            _ => continue,
        };
        if body.insert(name.clone(), value).is_some() {
            return Err(Fault::invalid(name, "PARAMETER_TWICE", "Send each parameter once."));
        }
    }
    operation(body)
}

/// The operations of a body.
///
/// # Errors
/// [`Stop`]: 408, 413, 415, 422, or 400 for anything else.
pub async fn from_body(request: Request, most: Most) -> Result<Asked, Stop> {
    let content_type = joined(request.headers(), &header::CONTENT_TYPE);
    if !negotiate::is_json(content_type.as_deref()) {
        let fault = Fault::invalid("Content-Type", "UNSUPPORTED_MEDIA_TYPE", "Send application/json in UTF-8.");
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, fault));
    }
    let bytes =
        body::read(request.into_body(), most.bytes, most.time).await.map_err(|unread| unreadable(unread, most))?;
    let bad = |fault| (StatusCode::BAD_REQUEST, fault);
    let text = std::str::from_utf8(&bytes).map_err(|_| bad(Fault::invalid("", "UTF8", "Send the body in UTF-8.")))?;
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(body)) => operation(body).map(|one| Asked::One(Box::new(one))).map_err(bad),
        Ok(Json::Array(bodies)) => batch(bodies, most.operations).map(Asked::Many).map_err(bad),
        Ok(_) => Err((
            StatusCode::UNPROCESSABLE_ENTITY,
            Fault::invalid("", "JSON_OBJECT", "Send a JSON object with a query."),
        )),
        Err(cause) => Err(bad(Fault::invalid(
            "",
            "JSON",
            format!("The body is no JSON (line {}, column {}).", cause.line(), cause.column()),
        ))),
    }
}

fn unreadable(unread: Unread, most: Most) -> Stop {
    match unread {
        Unread::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            Fault::invalid("", "BODY_TOO_LARGE", format!("Send at most {} bytes.", most.bytes)),
        ),
        Unread::TooSlow => (
            StatusCode::REQUEST_TIMEOUT,
            Fault::invalid("", "BODY_TOO_SLOW", format!("Send the body within {} s.", most.time.as_secs())),
        ),
        Unread::Broken => (
            StatusCode::BAD_REQUEST,
            Fault::invalid("", "BODY_BROKEN", "The body ended before its end; send it again."),
        ),
    }
}

fn batch(bodies: Vec<Json>, most: usize) -> Outcome<Vec<Operation>> {
    if most <= 1 {
        return Err(Fault::invalid("", "BATCH", "Send one operation per request; batches are not taken here."));
    }
    if bodies.is_empty() || bodies.len() > most {
        return Err(Fault::invalid("", "BATCH", format!("Send between 1 and {most} operations in one batch.")));
    }
    let each = bodies.into_iter().map(|body| match body {
        Json::Object(body) => operation(body),
        _ => Err(Fault::invalid("", "BATCH", "Send a JSON object for each operation of the batch.")),
    });
    each.collect()
}

/// The operation that the members of a request make. A document that is named by its hash, in `documentId` or as Apollo's
/// clients do, may be left out.
///
/// # Errors
/// `INVALID` for members of a wrong type.
pub fn operation(mut body: Map<String, Json>) -> Outcome<Operation> {
    let wrong = |name: &str, what: &str| Fault::invalid(name, "PARAMETER", format!("{name} must be {what}."));
    let mut extensions = match body.remove("extensions") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(extensions)) => extensions,
        Some(_) => return Err(wrong("extensions", "an object or null")),
    };
    match body.remove("documentId") {
        None | Some(Json::Null) => {}
        Some(Json::String(hash)) => {
            drop(extensions.insert(PERSISTED.to_owned(), json!({ "version": 1, "sha256Hash": hash })))
        }
        Some(_) => return Err(wrong("documentId", "a string or null")),
    }
    let query = match body.remove("query") {
        Some(Json::String(query)) => query,
        None | Some(Json::Null) if extensions.contains_key(PERSISTED) => String::new(),
        _ => return Err(wrong("query", "a string")),
    };
    let mut operation = Operation::new(query);
    match body.remove("operationName") {
        None | Some(Json::Null) => {}
        Some(Json::String(name)) => operation = operation.operation_name(name),
        Some(_) => return Err(wrong("operationName", "a string or null")),
    }
    match body.remove("variables") {
        None | Some(Json::Null) => {}
        Some(variables @ Json::Object(_)) => operation = operation.variables(Variables::from_json(variables)),
        Some(_) => return Err(wrong("variables", "an object or null")),
    }
    let values = extensions.into_iter().map(|(name, json)| Value::from_json(json).map(|value| (name, value)));
    operation.extensions =
        async_graphql::Extensions(values.collect::<Result<_, _>>().map_err(|_| wrong("extensions", "an object"))?);
    Ok(operation)
}

/// A header that may be sent in several lines.
pub fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}
