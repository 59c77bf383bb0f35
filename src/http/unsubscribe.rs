//! `/messages/unsubscribe/TOKEN`: mail is ended by whoever got it (RFC 8058). A mail program posts, and that ends it; a person
//! who follows the link is asked first, since some programs open every link that they see.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{answer, connection::address::ClientAddress, negotiate::Media, request_id::RequestId};
use crate::{app::App, platform::fault::Outcome};

const ASK: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>Labpact</title></head><body>\
    <p>不再接收 Labpact 的邮件？ / No more mail from Labpact?</p>\
    <form method=\"post\"><button>确认 / Confirm</button></form></body></html>";
const DONE: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>Labpact</title></head><body>\
    <p>已停止发送邮件；消息仍可在系统中查看。 / No more mail is sent; your messages are still in the system.</p></body></html>";

/// Asks whether mail is to be ended; nothing is changed.
pub async fn ask() -> Response {
    page(StatusCode::OK, ASK)
}

/// Ends mail.
pub async fn end(
    State(app): State<Arc<App>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let address = ClientAddress::network_of(request.extensions());
    match ended(&app, &token, address).await {
        Ok(true) => page(StatusCode::OK, DONE),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => answer::ended(Media::Json, answer::status_of(&fault), &fault, &request_id),
    }
}

/// Each try costs its address as much as a token that does not hold, so that nobody tries many.
async fn ended(app: &App, token: &str, address: std::net::IpAddr) -> Outcome<bool> {
    app.api.budgets().fine_stranger(address)?;
    app.unsubscribe(token).await
}

fn page(status: StatusCode, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; form-action 'self'"),
    ];
    (status, headers, text).into_response()
}
