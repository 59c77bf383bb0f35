//! The query page: one small file of our own, with nothing from elsewhere, for people who try queries by hand.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::json;

use super::{answer, auth, negotiate::Media, request_id::RequestId};
use crate::app::App;

const PAGE: &str = include_str!("page.html");
const PLACE: &str = "<!--LABPACT:CONFIG-->";

/// A query worth trying.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// What it shows.
    pub name: &'static str,
    /// The document.
    pub query: String,
    /// The role whose token goes with it.
    pub role: &'static str,
}

/// A ready token for the page; given out by `demo` alone.
#[derive(Clone, Debug, Serialize)]
pub struct ReadyToken {
    /// Its role.
    pub role: String,
    /// Its agency.
    pub agency: String,
    /// The token.
    pub token: String,
}

/// What the page offers besides an editor.
#[derive(Clone, Debug, Default)]
pub struct PageContent {
    /// Queries worth trying.
    pub samples: Vec<Sample>,
    /// Ready tokens.
    pub tokens: Vec<ReadyToken>,
}

/// Serves the page, with a policy that lets it load nothing and talk to nobody but this server.
pub async fn page(State(content): State<Arc<PageContent>>, State(app): State<Arc<App>>) -> Response {
    let nonce = STANDARD.encode(app.db.clock().id().as_bytes());
    let config = json!({ "endpoint": "/graphql", "samples": content.samples, "tokens": content.tokens });
    // `<` is spelled out so that no text of ours can close the element.
    let embedded = format!(
        "<script type=\"application/json\" id=\"config\" nonce=\"{nonce}\">{}</script>",
        config.to_string().replace('<', "\\u003c")
    );
    let html = PAGE
        .replace("<script>", &format!("<script nonce=\"{nonce}\">"))
        .replace("<style>", &format!("<style nonce=\"{nonce}\">"))
        .replace(PLACE, &embedded);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src 'self' data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    match HeaderValue::from_str(&policy) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The published schema, for those who may introspect.
pub async fn sdl(
    State(app): State<Arc<App>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
) -> Response {
    let caller = auth::caller(&app, &headers, &request_id).await;
    if let Err(fault) = caller.and_then(|caller| app.api.may_introspect(&caller.actor)) {
        return answer::ended(Media::Json, answer::status_of(&fault), &fault, &request_id);
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], app.api.sdl()).into_response()
}
