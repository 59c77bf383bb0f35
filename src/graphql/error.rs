//! The only place where a fault becomes a GraphQL error.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use serde_json::json;

use crate::platform::{fault::Fault, telemetry::trail};

/// Longest message that leaves; parser errors repeat their input.
const LONGEST_MESSAGE: usize = 200;

/// The error as clients see it: message, place, and `extensions { code, requestId, fields?, facts?, retryAfter? }`.
pub fn translate(mut error: ServerError, request_id: &str) -> ServerError {
    match error.source::<Fault>().cloned() {
        Some(fault) => {
            if let Fault::Internal(cause) = &fault {
                tracing::error!(request_id, error = %cause, chain = ?cause, "internal fault");
            }
            error.message = shortened(&fault.to_string());
            error.extensions = Some(extensions(&fault, request_id));
        }
        None => {
            error.message = shortened(&without_input(&error.message));
            let mut values = error.extensions.take().unwrap_or_default();
            if values.get("code").is_none() {
                values.set("code", if error.path.is_empty() { "GRAPHQL_INVALID" } else { "INVALID" });
            }
            values.set("requestId", request_id);
            error.extensions = Some(values);
        }
    }
    error.source = None;
    error
}

/// Most errors that are told of a document that was not executed: some of the library's rules tell one for each place.
const MOST_ERRORS: usize = 100;

/// Every error of a response, as clients see them.
pub fn translate_all(response: &mut Response, request_id: &str) {
    if response.data == Value::Null {
        response.errors.truncate(MOST_ERRORS);
    }
    let errors = std::mem::take(&mut response.errors);
    response.errors = errors.into_iter().map(|each| translate(each, request_id)).collect();
}

/// A fault before or outside execution, as an error without a place. Every refusal passes here, so it is counted here.
pub fn whole(fault: &Fault, request_id: &str) -> ServerError {
    trail::refused(fault.reason());
    let mut error = ServerError::new(shortened(&fault.to_string()), None);
    error.extensions = Some(extensions(fault, request_id));
    error
}

fn extensions(fault: &Fault, request_id: &str) -> ErrorExtensionValues {
    let mut values = ErrorExtensionValues::default();
    values.set("code", fault.code());
    values.set("requestId", request_id);
    match fault {
        Fault::Invalid(problems) => values.set("fields", value(json!(problems))),
        Fault::Rule { facts, .. } | Fault::Conflict { facts, .. } => values.set("facts", value(facts.clone())),
        Fault::Limited { retry_after, .. } => values.set("retryAfter", value(json!(retry_after.as_secs_f64().ceil()))),
        Fault::Forbidden { action, .. } => values.set("action", *action),
        Fault::Unauthenticated(_) | Fault::NotFound { .. } | Fault::Unavailable(_) | Fault::Internal(_) => {}
    }
    values
}

fn value(json: serde_json::Value) -> Value {
    Value::from_json(json).unwrap_or_default()
}

/// The parser draws the line that it stopped at; the place is in `locations`, so that only what it expected is told.
fn without_input(message: &str) -> String {
    match message.trim_start().strip_prefix("-->").and_then(|drawing| drawing.rsplit_once("\n  = ")) {
        Some((_, expected)) => format!("The document cannot be read here: {}.", expected.trim()),
        None => message.to_owned(),
    }
}

fn shortened(message: &str) -> String {
    if message.chars().count() <= LONGEST_MESSAGE {
        return message.to_owned();
    }
    message.chars().take(LONGEST_MESSAGE).chain(['…']).collect()
}
