//! `/graphql` by POST and GET (specification "GraphQL over HTTP").

use std::{sync::Arc, time::Duration};

use async_graphql::{Request as Operation, ServerError, Value, Variables, parser::types::OperationType};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{
    auth,
    body::{self, Unread},
    connection::address::ClientAddress,
    live::Live,
    negotiate::{self, Media, Streaming},
    origin,
    request_id::RequestId,
    socket, sse,
};
use crate::{
    app::App,
    graphql::{api::Refused, error},
    platform::fault::{Fault, Outcome},
};

/// Answers one request.
pub async fn handle(State(app): State<Arc<App>>, State(live): State<Arc<Live>>, request: Request) -> Response {
    let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
    let accept = joined(request.headers(), &header::ACCEPT);
    let streaming = negotiate::streaming(accept.as_deref());
    // Who reads nothing but streams still gets a status and JSON where there is nothing to stream.
    let fallback = (streaming != Streaming::Refused).then_some(Media::GraphqlResponse);
    let Some(media) = negotiate::accepted(accept.as_deref()).or(fallback) else {
        let fault = Fault::invalid(
            "Accept",
            "NOT_ACCEPTABLE",
            "Accept application/graphql-response+json, application/json or text/event-stream.",
        );
        return answer(
            Media::Json,
            StatusCode::NOT_ACCEPTABLE,
            Answer::failed(vec![error::whole(&fault, &request_id)]),
        );
    };
    let outcome = if let Err(fault) = auth::refuse_token_in_url(request.uri()) {
        Err((StatusCode::BAD_REQUEST, fault))
    } else if socket::is_upgrade(&request) {
        let upgraded = socket::upgrade(&app, &live, request, &request_id).await;
        upgraded.or_else(|fault| {
            let body = Answer::failed(vec![error::whole(&fault, &request_id)]);
            Ok(challenged(answer(media, status_of(&fault), body), &fault))
        })
    } else {
        serve(&app, &live, request, (media, streaming), &request_id).await
    };
    match outcome {
        Ok(response) => response,
        Err((status, fault)) => answer(media, status, Answer::failed(vec![error::whole(&fault, &request_id)])),
    }
}

type Stop = (StatusCode, Fault);

async fn serve(
    app: &Arc<App>,
    live: &Live,
    request: Request,
    (media, streaming): (Media, Streaming),
    request_id: &Arc<str>,
) -> Result<Response, Stop> {
    let is_get = request.method() == Method::GET;
    let settings = &app.config.server;
    origin::refuse_other_sites(request.headers(), &settings.origins).map_err(|fault| (StatusCode::FORBIDDEN, fault))?;
    let address = ClientAddress::network_of(request.extensions());
    let caller = auth::caller(app, request.headers(), request_id).await;
    let mut operation = if is_get {
        from_query(request.uri().query().unwrap_or_default()).map_err(|fault| (StatusCode::BAD_REQUEST, fault))?
    } else {
        from_body(request, app.api.limits().body_bytes, Duration::from_secs(settings.connections.body_seconds)).await?
    };
    // Who is nobody has nothing parsed.
    let caller = match caller {
        Ok(caller) => caller,
        Err(fault) => {
            let fault = app.api.budgets().fine_stranger(address).err().unwrap_or(fault);
            let body = Answer::failed(vec![error::whole(&fault, request_id)]);
            return Ok(challenged(answer(media, status_of(&fault), body), &fault));
        }
    };
    let kind = app.api.operation(&mut operation);
    if is_get && kind == Some(OperationType::Mutation) {
        let fault = Fault::invalid("query", "METHOD_NOT_ALLOWED", "Send this by POST; GET only reads.");
        let mut response =
            answer(media, StatusCode::METHOD_NOT_ALLOWED, Answer::failed(vec![error::whole(&fault, request_id)]));
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        return Ok(response);
    }
    let streams = match kind {
        Some(OperationType::Subscription) if streaming == Streaming::Refused => {
            let fault = Fault::invalid(
                "Accept",
                "SUBSCRIPTION",
                "Send a subscription with Accept: text/event-stream, or over a WebSocket at this address.",
            );
            return Err((StatusCode::NOT_ACCEPTABLE, fault));
        }
        Some(OperationType::Subscription) => true,
        _ => streaming == Streaming::Preferred,
    };
    let admitted = match app.api.admit(operation, caller.clone(), address) {
        Ok(admitted) => admitted,
        // Only a document's own fault belongs into a stream; who may not ask is told by the status.
        Err(Refused { errors, fault: None | Some(Fault::Invalid(_)) }) if streams => return Ok(sse::refusal(errors)),
        Err(Refused { errors, fault }) => return Ok(refused(media, errors, fault.as_ref())),
    };
    if streams {
        return sse::answer(app, live, admitted, caller).map_err(|fault| (status_of(&fault), fault));
    }
    let response = app.api.execute(admitted).await.map_err(|fault| (status_of(&fault), fault))?;
    let not_executed = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|each| each.path.is_empty());
    if not_executed {
        return Ok(refused(media, response.errors, None));
    }
    Ok(answer(media, StatusCode::OK, Answer::of(response)))
}

/// The answer to a document that was not executed: its status is told to those who ask for the new type.
fn refused(media: Media, errors: Vec<ServerError>, fault: Option<&Fault>) -> Response {
    let status = match fault.map(status_of) {
        Some(StatusCode::BAD_REQUEST) | None if media == Media::Json => StatusCode::OK,
        Some(status) => status,
        None => StatusCode::BAD_REQUEST,
    };
    let response = answer(media, status, Answer::failed(errors));
    match fault {
        Some(fault) => challenged(response, fault),
        None => response,
    }
}

fn challenged(mut response: Response, fault: &Fault) -> Response {
    match fault {
        Fault::Unauthenticated(_) => {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"labpact\""));
        }
        Fault::Limited { retry_after, .. } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
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

fn from_query(query: &str) -> Outcome<Operation> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Fault::invalid("", "URL", "The URL's parameters cannot be read; encode them as form data."))?;
    let mut body = Map::new();
    for (name, value) in pairs {
        let value = match name.as_str() {
            "query" | "operationName" => Json::String(value),
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

async fn from_body(request: Request, most: usize, within: Duration) -> Result<Operation, Stop> {
    let content_type = joined(request.headers(), &header::CONTENT_TYPE);
    if !negotiate::is_json(content_type.as_deref()) {
        let fault = Fault::invalid("Content-Type", "UNSUPPORTED_MEDIA_TYPE", "Send application/json in UTF-8.");
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, fault));
    }
    let too_large =
        || (StatusCode::PAYLOAD_TOO_LARGE, Fault::invalid("", "BODY_TOO_LARGE", format!("Send at most {most} bytes.")));
    let bad = |fault| (StatusCode::BAD_REQUEST, fault);
    let bytes = body::read(request.into_body(), most, within).await.map_err(|unread| match unread {
        Unread::TooLarge => too_large(),
        Unread::TooSlow => (
            StatusCode::REQUEST_TIMEOUT,
            Fault::invalid("", "BODY_TOO_SLOW", format!("Send the body within {} s.", within.as_secs())),
        ),
        Unread::Broken => bad(Fault::invalid("", "BODY_BROKEN", "The body ended before its end; send it again.")),
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| bad(Fault::invalid("", "UTF8", "Send the body in UTF-8.")))?;
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(body)) => operation(body).map_err(bad),
        Ok(Json::Array(_)) => {
            Err(bad(Fault::invalid("", "BATCH", "Send one operation per request; batches are not taken here.")))
        }
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

/// The operation that the members of a request make.
///
/// # Errors
/// `INVALID` for members of a wrong type.
pub fn operation(mut body: Map<String, Json>) -> Outcome<Operation> {
    let wrong = |name: &str, what: &str| Fault::invalid(name, "PARAMETER", format!("{name} must be {what}."));
    let query = match body.remove("query") {
        Some(Json::String(query)) => query,
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
    match body.remove("extensions") {
        None | Some(Json::Null) => {}
        Some(Json::Object(extensions)) => {
            let values = extensions.into_iter().map(|(name, json)| Value::from_json(json).map(|value| (name, value)));
            operation.extensions = async_graphql::Extensions(
                values.collect::<Result<_, _>>().map_err(|_| wrong("extensions", "an object"))?,
            );
        }
        Some(_) => return Err(wrong("extensions", "an object or null")),
    }
    Ok(operation)
}

/// A header that may be sent in several lines.
fn joined(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The members of an answer, in the order that the specification recommends; no `data` where nothing was executed.
#[derive(Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<std::collections::BTreeMap<String, Value>>,
}

impl Answer {
    /// What was executed.
    pub fn of(response: async_graphql::Response) -> Self {
        let extensions = (!response.extensions.is_empty()).then_some(response.extensions);
        Self { errors: response.errors, data: Some(response.data), extensions }
    }

    /// What was not executed.
    pub fn failed(errors: Vec<ServerError>) -> Self {
        Self { errors, data: None, extensions: None }
    }
}

fn answer(media: Media, status: StatusCode, body: Answer) -> Response {
    match serde_json::to_vec(&body) {
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
