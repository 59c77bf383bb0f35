//! Messages of `graphql-transport-ws`, read strictly and written.

use async_graphql::ServerError;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::close::Close;
use crate::http::answer::Answer;

/// What a client may say.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// `connection_init` with its payload.
    Init(Option<Map<String, Json>>),
    /// `ping` with its payload.
    Ping(Option<Map<String, Json>>),
    /// `pong`.
    Pong,
    /// `subscribe`.
    Subscribe {
        /// The id that the client chose.
        id: String,
        /// The operation, as it would be the body of a request.
        body: Map<String, Json>,
    },
    /// `complete`.
    Complete {
        /// Of which operation.
        id: String,
    },
}

impl Heard {
    /// Reads a message.
    ///
    /// # Errors
    /// 4400 for everything that the protocol does not know.
    pub fn parse(text: &str) -> Result<Self, Close> {
        let Ok(Json::Object(mut message)) = serde_json::from_str(text) else {
            return Err(Close::invalid("no JSON object"));
        };
        let Some(Json::String(kind)) = message.remove("type") else {
            return Err(Close::invalid("type must be a string"));
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(payload(&mut message)?)),
            "ping" => Ok(Self::Ping(payload(&mut message)?)),
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "complete" => Ok(Self::Complete { id: id(&mut message)? }),
            "subscribe" => {
                let id = id(&mut message)?;
                let body = payload(&mut message)?.ok_or_else(|| Close::invalid("subscribe needs a payload"))?;
                Ok(Self::Subscribe { id, body })
            }
            _ => Err(Close::invalid("unknown type")),
        }
    }
}

fn id(message: &mut Map<String, Json>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Json::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(Close::invalid("id must be a string that is not empty")),
    }
}

fn payload(message: &mut Map<String, Json>) -> Result<Option<Map<String, Json>>, Close> {
    match message.remove("payload") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Close::invalid("payload must be an object")),
    }
}

/// What the server says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    /// The client may ask.
    ConnectionAck,
    /// Are you there?
    Ping,
    /// I am.
    Pong {
        /// What the ping had.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Json>>,
    },
    /// One result.
    Next {
        /// Of which operation.
        id: String,
        /// The result.
        payload: Answer,
    },
    /// The operation was not executed, or could not go on; its id is free.
    Error {
        /// Which operation.
        id: String,
        /// Why.
        payload: Vec<ServerError>,
    },
    /// The operation has ended; its id is free.
    Complete {
        /// Which operation.
        id: String,
    },
}
