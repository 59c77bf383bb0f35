//! GraphQL over WebSocket: the subprotocol `graphql-transport-ws`, at `/graphql` by upgrade.
//!
//! [`protocol`] decides and `session` does: the former is pure. Operations are admitted and executed by the same
//! executor as those of HTTP, so every limit and every `@access` holds here too.
//!
//! A socket is one task. It takes the next result from its operations only when the peer has taken the last one, so
//! nothing is queued for a slow peer; a peer that takes none for the configured time is cut off with 4413.

pub mod close;
pub mod message;
pub mod operations;
pub mod protocol;
mod session;

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    http::{Method, header},
    response::{IntoResponse, Response},
};

use self::session::Session;
use super::{auth, connection::address::ClientAddress, live::Live, origin};
use crate::{
    app::App,
    platform::{fault::Outcome, telemetry::trail::Trail},
};

/// The one subprotocol.
pub const SUBPROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks to become a WebSocket.
pub fn is_upgrade(request: &Request) -> bool {
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    request.method() == Method::GET
        && upgrade.is_some_and(|text| text.split(',').any(|each| each.trim().eq_ignore_ascii_case("websocket")))
}

/// Opens a WebSocket.
///
/// # Errors
/// `FORBIDDEN` for a page of another origin, `UNAUTHENTICATED` for a token in the headers that does not hold,
/// `UNAVAILABLE` where there is no room: all of them before the upgrade.
pub async fn upgrade(app: &Arc<App>, live: &Live, request: Request, request_id: &Arc<str>) -> Outcome<Response> {
    let streams = &app.config.graphql.streams;
    let (mut parts, _) = request.into_parts();
    let address = ClientAddress::network_of(&parts.extensions);
    origin::refuse_other_sites(&parts.headers, &app.config.server.origins)?;
    let caller = auth::caller(app, &parts.headers, request_id).await?;
    let slot = live.enter()?;
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let speaks = upgrade.selected_protocol().is_some();
    // What is refused on a socket counts as well; its operations have no request whose span they could be in.
    let trail = Trail::new(Arc::clone(&app.metrics), Default::default());
    let session = Session::new(Arc::clone(app), slot, caller, address);
    // A message that is a little too long is answered with its code; what is far too long is not even read.
    let most = streams.message_bytes.saturating_mul(4);
    Ok(upgrade
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| trail.along(session.run(socket, speaks))))
}
