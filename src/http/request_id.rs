//! One name per request: in logs, errors, the change log and the answer.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
};

use crate::platform::clock::Clock;

/// The header in which clients may send it and always get it back.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of the request under way.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// Takes the client's name for the request where it is fit for logs, else gives one; repeats it in the answer.
pub async fn around(clock: &Clock, mut request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let id: Arc<str> = sent(request.headers()).map_or_else(|| clock.id().simple().to_string().into(), Into::into);
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let mut response = next(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Letters, digits and `-_.:`, at most 64: nothing that could break a log line.
fn sent(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(HEADER)?.to_str().ok()?;
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (!text.is_empty() && text.len() <= 64 && text.bytes().all(fit)).then_some(text)
}
