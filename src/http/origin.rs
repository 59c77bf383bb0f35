//! Which pages may call. A browser lets any page try, and says whose page it is: in `Origin`, or in `Sec-Fetch-Site` where
//! it sends no `Origin`. Tokens travel in no cookie, so a page of another site has none to misuse; yet what it sends has no
//! business here.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::platform::fault::{Fault, Outcome};

/// How long a browser may remember what it may send.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// Refuses what a page of another site has sent.
///
/// # Errors
/// `FORBIDDEN`.
pub fn refuse_other_sites(headers: &HeaderMap, listed: &[String]) -> Outcome<()> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    // An origin that is no text is somebody's all the same.
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("null"));
    let fetched = headers.get("sec-fetch-site");
    let elsewhere = origin.is_none() && fetched.is_some_and(|site| site == "cross-site" || site == "same-site");
    if is_welcome(origin, host, listed) && !elsewhere {
        return Ok(());
    }
    Err(Fault::Forbidden {
        action: "http.cross_site",
        message: "Another site's page may not call this; call it from a server, or list its origin in server.origins."
            .into(),
    })
}

/// What browsers are told about pages of the listed origins (CORS, Fetch standard). No credentials of the browser: tokens
/// are sent by the page.
pub fn cors(listed: &[String]) -> CorsLayer {
    let origins = listed.iter().filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::RANGE,
            header::IF_RANGE,
            header::IF_NONE_MATCH,
            super::graphql::LAST_EVENT_ID,
            super::request_id::HEADER,
            super::reason::HEADER,
        ])
        .expose_headers([
            super::request_id::HEADER,
            header::RETRY_AFTER,
            header::CONTENT_DISPOSITION,
            header::CONTENT_RANGE,
            header::ETAG,
        ])
        .max_age(REMEMBERED)
}

/// Whether a request with these headers is welcome: from no page at all, from one of the same host, or from a listed
/// origin.
pub fn is_welcome(origin: Option<&str>, host: Option<&str>, listed: &[String]) -> bool {
    let Some(origin) = origin else { return true };
    let own = match (origin.split_once("://"), host) {
        (Some(("http" | "https", authority)), Some(host)) => bare(origin, authority).eq_ignore_ascii_case(host),
        _ => false,
    };
    own || listed.iter().any(|each| each.trim_end_matches('/').eq_ignore_ascii_case(origin))
}

/// The authority without the port that its scheme implies.
fn bare<'a>(origin: &str, authority: &'a str) -> &'a str {
    let implied = if origin.starts_with("https") { ":443" } else { ":80" };
    authority.strip_suffix(implied).unwrap_or(authority)
}
