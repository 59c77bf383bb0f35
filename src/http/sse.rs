//! GraphQL over Server-Sent Events, "distinct connections" mode: one operation, one stream of `next` events, one
//! `complete`.
//!
//! A document that cannot be executed is told as a `next` with its errors. A stream whose token has ended says so in
//! a `next` before its `complete`; a stream that the server ends for its own reasons has no `complete`, so that
//! clients come back.

use std::{convert::Infallible, sync::Arc, time::Duration};

use async_graphql::{Response as Result, ServerError};
use axum::{
    http::{HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use tokio::time::sleep_until;

use super::{
    graphql::Answer,
    live::{Live, Slot, next_look, still_valid},
};
use crate::{
    app::App,
    graphql::{api::Admitted, error, streams::StreamLimits},
    platform::{
        access::Caller,
        fault::{Fault, Outcome},
    },
};

/// Proxies that buffer answers would hold events back.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

struct Streaming {
    app: Arc<App>,
    slot: Slot,
    caller: Caller,
    results: BoxStream<'static, Result>,
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
pub fn answer(app: &Arc<App>, live: &Live, admitted: Admitted, caller: Caller) -> Outcome<Response> {
    let slot = live.enter()?;
    let results = app.api.stream(admitted);
    let streaming = Streaming { app: Arc::clone(app), slot, caller, results, state: State::Running };
    let events = stream::unfold(streaming, |mut streaming| async move {
        let event = streaming.next().await?;
        Some((Ok::<_, Infallible>(event), streaming))
    });
    let quiet = StreamLimits::span(app.config.graphql.streams.ping_milliseconds);
    Ok(respond(events, quiet))
}

/// Tells that a document was not executed.
pub fn refusal(errors: Vec<ServerError>) -> Response {
    let events = [next(&Answer::failed(errors)), complete()].map(Ok::<_, Infallible>);
    respond(stream::iter(events), Duration::from_secs(15))
}

fn respond(
    events: impl futures_util::Stream<Item = std::result::Result<Event, Infallible>> + Send + 'static,
    quiet: Duration,
) -> Response {
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(quiet));
    ([(header::CACHE_CONTROL, "no-store"), (header::VARY, "accept, authorization")], [UNBUFFERED], events)
        .into_response()
}

impl Streaming {
    async fn next(&mut self) -> Option<Event> {
        loop {
            match self.state {
                State::Ended => return None,
                State::Ending => {
                    self.state = State::Ended;
                    return Some(complete());
                }
                State::Running => {}
            }
            tokio::select! {
                result = self.results.next() => match result {
                    None => self.state = State::Ending,
                    Some(result) => return Some(self.told(Answer::of(result))),
                },
                () = sleep_until(next_look(&self.app, &self.caller.actor)) => {
                    if still_valid(&self.app, &self.caller.actor).is_err() {
                        return Some(self.told(Answer::failed(Vec::new())));
                    }
                }
                () = self.slot.draining() => return None,
            }
        }
    }

    /// A result, or the end of the token in its place.
    fn told(&mut self, answer: Answer) -> Event {
        match still_valid(&self.app, &self.caller.actor) {
            Ok(()) => next(&answer),
            Err(ended) => {
                self.state = State::Ending;
                let fault = Fault::Unauthenticated(ended.reason().to_owned());
                next(&Answer::failed(vec![error::whole(&fault, &self.caller.request_id)]))
            }
        }
    }
}

fn next(answer: &Answer) -> Event {
    // What cannot be written as JSON is not there: every value came from a GraphQL response.
    Event::default().event("next").data(serde_json::to_string(answer).unwrap_or_default())
}

fn complete() -> Event {
    // Browsers drop an event that has no data line.
    Event::default().event("complete").data("")
}
