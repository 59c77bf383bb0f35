//! `/graphql` by POST and GET (specification "GraphQL over HTTP"); by upgrade it is a [`socket`], and what streams goes on
//! in [`sse`].

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_graphql::{Request as Operation, parser::types::OperationType};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};

use super::{
    answer::{self, Answer, status_of},
    auth,
    connection::address::ClientAddress,
    live::Live,
    negotiate::{self, Media, Streaming},
    origin, reason,
    request::{self, Asked, Most, Stop},
    request_id::RequestId,
    socket, sse,
};
use crate::{
    app::App,
    graphql::{
        api::{Read, Refused},
        streams::Resume,
    },
    platform::{access::Caller, fault::Fault},
};

/// After which position an event stream goes on, as browsers say it when they come back.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Answers one request.
pub async fn handle(State(app): State<Arc<App>>, State(live): State<Arc<Live>>, request: Request) -> Response {
    let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
    let accept = request::joined(request.headers(), &header::ACCEPT);
    let streaming = negotiate::streaming(accept.as_deref());
    // Who reads nothing but streams still gets a status and JSON where there is nothing to stream.
    let fallback = (streaming != Streaming::Refused).then_some(Media::GraphqlResponse);
    let Some(media) = negotiate::accepted(accept.as_deref()).or(fallback) else {
        let fault = Fault::invalid(
            "Accept",
            "NOT_ACCEPTABLE",
            "Accept application/graphql-response+json, application/json or text/event-stream.",
        );
        return answer::ended(Media::Json, StatusCode::NOT_ACCEPTABLE, &fault, &request_id);
    };
    let outcome = match auth::refuse_token_in_url(request.uri()) {
        Err(fault) => Err((StatusCode::BAD_REQUEST, fault)),
        Ok(()) if socket::is_upgrade(&request) => {
            Box::pin(socket::upgrade(&app, &live, request, &request_id)).await.map_err(by_fault)
        }
        Ok(()) => {
            let address = ClientAddress::network_of(request.extensions());
            let exchange = Exchange { app: &app, live: &live, media, streaming, address, request_id: &request_id };
            exchange.serve(request).await
        }
    };
    outcome.unwrap_or_else(|(status, fault)| answer::ended(media, status, &fault, &request_id))
}

fn by_fault(fault: Fault) -> Stop {
    (status_of(&fault), fault)
}

/// One request and what is known of it.
struct Exchange<'a> {
    app: &'a Arc<App>,
    live: &'a Live,
    media: Media,
    streaming: Streaming,
    address: IpAddr,
    request_id: &'a Arc<str>,
}

impl Exchange<'_> {
    async fn serve(&self, request: Request) -> Result<Response, Stop> {
        let settings = &self.app.config.server;
        origin::refuse_other_sites(request.headers(), &settings.origins).map_err(by_fault)?;
        let caller = auth::caller(self.app, request.headers(), self.request_id).await;
        let why = reason::sent(request.headers());
        let is_get = request.method() == Method::GET;
        let resume = Resume::after_position(request.headers().get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()));
        let asked = if is_get {
            let query = request.uri().query().unwrap_or_default();
            let operation = request::from_query(query).map_err(|fault| (StatusCode::BAD_REQUEST, fault))?;
            Asked::One(Box::new(operation))
        } else {
            let limits = self.app.api.limits();
            let time = Duration::from_secs(settings.connections.body_seconds);
            request::from_body(request, Most { bytes: limits.body_bytes, operations: limits.batch, time }).await?
        };
        // Who is nobody has nothing parsed.
        let caller = caller
            .map_err(|fault| by_fault(self.app.api.budgets().fine_stranger(self.address).err().unwrap_or(fault)))?
            .reading(why.map_err(by_fault)?);
        match asked {
            Asked::One(operation) => self.one((*operation, resume), caller, is_get).await,
            Asked::Many(operations) => Ok(Box::pin(self.many(operations, &caller)).await),
        }
    }

    async fn one(
        &self,
        (operation, resume): (Operation, Resume),
        caller: Caller,
        is_get: bool,
    ) -> Result<Response, Stop> {
        let operation = operation.data(resume.clone());
        let read = match self.app.api.read(operation, caller.clone(), self.address) {
            Ok(read) => read,
            Err(refused) => return Ok(self.refused(refused, self.streaming == Streaming::Preferred)),
        };
        if is_get && read.kind() == Some(OperationType::Mutation) {
            return Ok(self.only_by_post());
        }
        let streams = self.streams(&read)?;
        let admitted = match self.app.api.admit(read) {
            Ok(admitted) => admitted,
            Err(refused) => return Ok(self.refused(refused, streams)),
        };
        if streams {
            return sse::answer(self.app, self.live, (admitted, resume), caller).map_err(by_fault);
        }
        let response = self.app.api.execute(admitted).await.map_err(by_fault)?;
        Ok(answer::executed(self.media, response))
    }

    /// One after the other, so that changes come in the order in which they were sent. One that is refused does not keep
    /// the others from being executed.
    async fn many(&self, operations: Vec<Operation>, caller: &Caller) -> Response {
        let mut answers = Vec::new();
        for operation in operations {
            answers.push(self.of_batch(operation, caller).await);
        }
        answer::respond(self.media, StatusCode::OK, &answers)
    }

    async fn of_batch(&self, operation: Operation, caller: &Caller) -> Answer {
        let api = &self.app.api;
        let read = match api.read(operation, caller.clone(), self.address) {
            Ok(read) => read,
            Err(refused) => return Answer::failed(refused.errors),
        };
        if read.kind() == Some(OperationType::Subscription) {
            let fault =
                Fault::invalid("query", "SUBSCRIPTION", "A batch has no subscriptions; open a stream for each.");
            return Answer::fault(&fault, self.request_id);
        }
        match api.admit(read) {
            Ok(admitted) => match api.execute(admitted).await {
                Ok(response) => Answer::of(response),
                Err(fault) => Answer::fault(&fault, self.request_id),
            },
            Err(refused) => Answer::failed(refused.errors),
        }
    }

    /// Whether the answer is a stream of events.
    fn streams(&self, read: &Read) -> Result<bool, Stop> {
        match read.kind() {
            Some(OperationType::Subscription) if self.streaming == Streaming::Refused => {
                let fault = Fault::invalid(
                    "Accept",
                    "SUBSCRIPTION",
                    "Send a subscription with Accept: text/event-stream, or over a WebSocket at this address.",
                );
                Err((StatusCode::NOT_ACCEPTABLE, fault))
            }
            Some(OperationType::Subscription) => Ok(true),
            _ => Ok(self.streaming == Streaming::Preferred),
        }
    }

    /// Only a document's own fault belongs into a stream; who may not ask is told by the status.
    fn refused(&self, refused: Refused, streams: bool) -> Response {
        match refused {
            Refused { errors, fault: None | Some(Fault::Invalid(_)) } if streams => sse::refusal(errors),
            refused => answer::refused(self.media, refused),
        }
    }

    fn only_by_post(&self) -> Response {
        let fault = Fault::invalid("query", "METHOD_NOT_ALLOWED", "Send this by POST; GET only reads.");
        let mut response = answer::ended(self.media, StatusCode::METHOD_NOT_ALLOWED, &fault, self.request_id);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        response
    }
}
