//! The operations that run on one socket, each a stream of what is to be said about it.

use std::{
    collections::HashMap,
    pin::Pin,
    task::{Context, Poll},
};

use async_graphql::{Response, Value, parser::types::OperationType};
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{AbortHandle, Abortable},
    stream::{self, BoxStream, SelectAll},
};

use super::message::Said;
use crate::http::answer::Answer;

/// What runs, by id.
#[derive(Default)]
pub struct Operations {
    running: SelectAll<Abortable<BoxStream<'static, Said>>>,
    handles: HashMap<String, (AbortHandle, OperationType)>,
}

impl Operations {
    /// Lets an operation run under an id that is not in use.
    pub fn start(&mut self, id: String, kind: OperationType, responses: BoxStream<'static, Response>) {
        let (handle, registration) = AbortHandle::new_pair();
        self.running.push(Abortable::new(said(id.clone(), kind, responses), registration));
        self.handles.insert(id, (handle, kind));
    }

    /// Ends an operation; nothing more is said of it.
    pub fn cancel(&mut self, id: &str) {
        if let Some((handle, _)) = self.handles.remove(id) {
            handle.abort();
        }
    }

    /// Ends all subscriptions.
    pub fn cancel_subscriptions(&mut self) {
        self.handles.retain(|_, (handle, kind)| {
            let stays = *kind != OperationType::Subscription;
            if !stays {
                handle.abort();
            }
            stays
        });
    }

    /// Whether nothing runs.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// What is to be said next; waits while there is nothing.
    pub async fn next(&mut self) -> Said {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Said> {
        match Pin::new(&mut self.running).poll_next(context) {
            Poll::Ready(Some(said)) => {
                if let Said::Error { id, .. } | Said::Complete { id } = &said {
                    self.handles.remove(id);
                }
                Poll::Ready(said)
            }
            // Without operations there is nothing to wait for; the socket wakes for something else.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

/// The messages of one operation: results and `complete`, or `error` alone in their place.
fn said(id: String, kind: OperationType, responses: BoxStream<'static, Response>) -> BoxStream<'static, Said> {
    let mut has_ended = false;
    let end = id.clone();
    let results = responses.map(move |response| match is_refusal(kind, &response) {
        true => Said::Error { id: id.clone(), payload: response.errors },
        false => Said::Next { id: id.clone(), payload: Answer::of(response) },
    });
    let complete = async move { Said::Complete { id: end } }.into_stream();
    results
        .chain(complete)
        .scan((), move |(), said| {
            let passed = (!has_ended).then_some(said);
            has_ended |= matches!(passed, Some(Said::Error { .. }));
            std::future::ready(passed)
        })
        .fuse()
        .boxed()
}

/// Whether a response says that the document was not executed, or that a subscription cannot go on: it has no data,
/// and no error lies below a root field.
pub fn is_refusal(kind: OperationType, response: &Response) -> bool {
    let deepest = if kind == OperationType::Subscription { 1 } else { 0 };
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|each| each.path.len() <= deepest)
}

/// A stream of one response.
pub fn once(response: Response) -> BoxStream<'static, Response> {
    stream::once(std::future::ready(response)).boxed()
}
