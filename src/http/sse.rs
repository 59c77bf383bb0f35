//! GraphQL over Server-Sent Events, "distinct connections" mode: one operation, one stream of `next` events, one
//! `complete`.
//!
//! A document that cannot be executed is told as a `next` with its errors. A stream whose token has ended says so in
//! a `next` before its `complete`; a stream that the server ends for its own reasons has no `complete`, so that
//! clients come back. They say in `Last-Event-ID` where they were: a subscription that can be resumed has its position in
//! the `id` of each event, and before the first of them in an `id` without an event.

use std::{convert::Infallible, sync::Arc};

use async_graphql::{Response as Result, ServerError};
use axum::{
    body::{Body, Bytes},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use tokio::time::{sleep, sleep_until};

use super::{
    answer::Answer,
    live::{Ended, Live, Slot, next_look, still_valid},
};
use crate::{
    app::App,
    graphql::{
        api::Admitted,
        error,
        streams::{Resume, StreamLimits},
    },
    platform::{
        access::Caller,
        fault::{Fault, Outcome},
    },
};

/// Proxies that buffer answers would hold events back.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Browsers drop an event that has no data line.
const COMPLETE: &[u8] = b"event: complete\ndata: \n\n";
/// Keeps a quiet connection open.
const COMMENT: &[u8] = b":\n\n";

struct Streaming {
    app: Arc<App>,
    slot: Slot,
    caller: Caller,
    results: BoxStream<'static, Result>,
    resume: Resume,
    /// Whether it was told where the stream begins.
    has_begun: bool,
    state: State,
}

enum State {
    Running,
    /// All results were told; `complete` is not.
    Ending,
    Ended,
}

/// Streams what was admitted.
///
/// # Errors
/// `UNAVAILABLE` where there is no room.
pub fn answer(
    app: &Arc<App>,
    live: &Live,
    (admitted, resume): (Admitted, Resume),
    caller: Caller,
) -> Outcome<Response> {
    let slot = live.enter()?;
    let results = app.api.stream(admitted);
    let (app, state) = (Arc::clone(app), State::Running);
    let streaming = Streaming { app, slot, caller, results, resume, has_begun: false, state };
    Ok(respond(Body::from_stream(stream::unfold(streaming, |mut streaming| async move {
        let event = streaming.next().await?;
        Some((Ok::<_, Infallible>(event), streaming))
    }))))
}

/// Tells that a document was not executed.
pub fn refusal(errors: Vec<ServerError>) -> Response {
    let events = [next(&Answer::failed(errors), None), Bytes::from_static(COMPLETE)];
    respond(Body::from(events.concat()))
}

fn respond(events: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept, authorization"),
        UNBUFFERED,
    ];
    (headers, events).into_response()
}

impl Streaming {
    async fn next(&mut self) -> Option<Bytes> {
        let quiet = sleep(StreamLimits::span(self.app.config.graphql.streams.ping_milliseconds));
        tokio::pin!(quiet);
        loop {
            match self.state {
                State::Ended => return None,
                State::Ending => {
                    self.state = State::Ended;
                    return Some(Bytes::from_static(COMPLETE));
                }
                State::Running => {}
            }
            tokio::select! {
                result = self.results.next() => match result {
                    None => self.state = State::Ending,
                    Some(result) => return Some(self.told(Answer::of(result))),
                },
                () = sleep_until(next_look(&self.app, &self.caller.actor)) => {
                    if let Err(ended) = still_valid(&self.app, &self.caller.actor) {
                        return Some(self.end(ended));
                    }
                }
                position = self.resume.begun(), if !self.has_begun => {
                    self.has_begun = true;
                    return Some(format!("id: {position}\n\n").into());
                }
                () = &mut quiet => return Some(Bytes::from_static(COMMENT)),
                () = self.slot.draining() => return None,
            }
        }
    }

    /// A result, or the end of the token in its place.
    fn told(&mut self, answer: Answer) -> Bytes {
        match still_valid(&self.app, &self.caller.actor) {
            Ok(()) => {
                // Whoever has this position needs none from before it.
                self.has_begun = true;
                next(&answer, self.resume.position().as_deref())
            }
            Err(ended) => self.end(ended),
        }
    }

    fn end(&mut self, ended: Ended) -> Bytes {
        self.state = State::Ending;
        let fault = Fault::Unauthenticated(ended.reason().to_owned());
        next(&Answer::failed(vec![error::whole(&fault, &self.caller.request_id)]), None)
    }
}

/// JSON has no line breaks outside of its escapes, so that one data line holds it.
fn next(answer: &Answer, id: Option<&str>) -> Bytes {
    // Every value came from a GraphQL response, so that it can be written.
    let json = serde_json::to_string(answer).unwrap_or_default();
    match id {
        Some(id) => format!("event: next\ndata: {json}\nid: {id}\n\n").into(),
        None => format!("event: next\ndata: {json}\n\n").into(),
    }
}
