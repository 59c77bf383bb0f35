//! A file on its way in.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use entity::attachment::Model;
use futures_util::{Stream, StreamExt, stream};
use serde_json::json;
use tokio::time::timeout;

use super::{called, charge, text};
use crate::{
    app::App,
    attachment::{
        address::Act,
        desk::invalid_address,
        model::content::too_long,
        service::{self, Receiving},
    },
    http::{body, connection::address::ClientAddress, origin},
    platform::{
        fault::{Fault, Outcome},
        telemetry::metrics::Metrics,
    },
};

/// As much is read of what comes to an address that does not hold, and more is thrown away: who is cut off in the middle of
/// sending may never see the answer.
const LISTENED: usize = 32 * 1024;

/// Answers one request.
pub(super) async fn serve(app: &Arc<App>, request: Request, request_id: &Arc<str>) -> Outcome<Response> {
    let pause = Duration::from_secs(app.config.server.connections.body_seconds.max(1));
    let (head, body) = request.into_parts();
    let found = admitted(app, &head).await;
    let (row, _place) = match found {
        Ok(found) => found,
        Err(fault) => {
            // Whoever waits to be told to go on has sent nothing yet.
            if !head.headers.contains_key(header::EXPECT) {
                let _ = body::read(body, LISTENED, pause).await;
            }
            return Err(fault);
        }
    };
    let by = Receiving { db: app.db.clone(), files: app.attachments.clone(), request_id: Arc::clone(request_id) };
    let most = app.attachments.settings().transfer;
    let pieces = pieces(body, pause, Arc::clone(&app.metrics));
    let receiving = timeout(most, service::receive(&by, row, pieces));
    let row = receiving.await.unwrap_or_else(|_| Err(too_slow(most)))?;
    let told = json!({
        "id": row.id.to_string(),
        "status": row.status.word(),
        "size": row.size,
        "sha256": row.sha256,
    });
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::OK, headers, told.to_string()).into_response())
}

/// The file whose content may come now, and its place among those that come.
async fn admitted(app: &App, head: &Parts) -> Outcome<(Model, tokio::sync::OwnedSemaphorePermit)> {
    origin::refuse_other_sites(&head.headers, &app.config.server.origins)?;
    charge(app, &app.anonymous, &head.extensions)?;
    let called = called(head)?.ok_or_else(invalid_address)?;
    let row = match service::addressed(&app.db, &app.attachments, Act::Upload, &called).await {
        Err(fault @ Fault::Rule { code: "ADDRESS_INVALID", .. }) => {
            let stranger = app.api.budgets().fine_stranger(ClientAddress::network_of(&head.extensions));
            return Err(stranger.err().unwrap_or(fault));
        }
        found => found?,
    };
    refuse_headers(&head.headers, &row)?;
    Ok((row, app.attachments.place()?))
}

/// Refuses what the headers show not to be what was announced.
fn refuse_headers(headers: &HeaderMap, row: &Model) -> Outcome<()> {
    if text(headers, &header::CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let message = "Send the bytes of the file as they are, without a content coding.";
        return Err(Fault::invalid("Content-Encoding", "CONTENT_ENCODING", message));
    }
    let announced = row.size.max(0).cast_unsigned();
    match text(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > announced => Err(too_long(announced)),
        Some(length) if length < announced => {
            let message = format!("{length} bytes would come, and {announced} were announced; send all of the file.");
            Err(Fault::rule("SIZE_MISMATCH", message, json!({ "came": length, "announced": announced })))
        }
        _ => Ok(()),
    }
}

/// The pieces of a body, with no longer pause between them than that.
fn pieces(body: Body, pause: Duration, metrics: Arc<Metrics>) -> impl Stream<Item = Outcome<Bytes>> + Send {
    stream::unfold(Some(body.into_data_stream()), move |body| {
        let metrics = Arc::clone(&metrics);
        async move {
            let mut body = body?;
            match timeout(pause, body.next()).await {
                Ok(None) => None,
                Ok(Some(Ok(piece))) => {
                    metrics.came(piece.len());
                    Some((Ok(piece), Some(body)))
                }
                Ok(Some(Err(_))) => {
                    let broken = "The body ended before its end; send it again.";
                    Some((Err(Fault::invalid("", "BODY_BROKEN", broken)), None))
                }
                Err(_) => Some((Err(too_slow(pause)), None)),
            }
        }
    })
}

fn too_slow(within: Duration) -> Fault {
    Fault::invalid(
        "",
        "BODY_TOO_SLOW",
        format!("The body came too slowly; nothing may take longer than {} s.", within.as_secs()),
    )
}
