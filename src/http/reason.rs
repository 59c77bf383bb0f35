//! Why somebody reads: told once with the request, kept wherever it reads something protected.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName};
use percent_encoding::percent_decode;

use crate::platform::fault::{Fault, Outcome};

/// The header in which clients may say why they read. Its value is UTF-8 in percent encoding (RFC 3986, section 2.1),
/// because headers have no other safe way to carry Chinese.
pub const HEADER: HeaderName = HeaderName::from_static("access-reason");

/// Longest reason, in characters.
const LONGEST: usize = 200;

/// What the client says, if anything.
///
/// # Errors
/// `INVALID` for one that is not UTF-8 in percent encoding, is too long, or has control characters.
pub fn sent(headers: &HeaderMap) -> Outcome<Option<Arc<str>>> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let text = percent_decode(value.as_bytes()).decode_utf8().ok();
    let fit = |text: &&str| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    let Some(text) = text.as_deref().map(str::trim).filter(fit) else {
        let message = format!(
            "Write the header access-reason as UTF-8 in percent encoding, at most {LONGEST} characters and none of them control characters."
        );
        return Err(Fault::invalid("access-reason", "ACCESS_REASON", message));
    };
    Ok((!text.is_empty()).then(|| text.into()))
}
