//! `GET /events` and `GET /events/NAME.json`: which events there are, and the schema of each. Everybody may read them, as
//! they tell nothing of what happened.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value as Json;

use crate::{
    graphql::catalogue::catalogue,
    notify::catalogue::{Catalogue, written},
};

/// The catalogue, in the state of the router.
#[derive(Clone, Debug)]
pub struct Published(Catalogue);

impl Default for Published {
    fn default() -> Self {
        Self(catalogue())
    }
}

/// The index.
pub async fn index(State(Published(catalogue)): State<Published>) -> Response {
    json("application/json", &catalogue.index())
}

/// One schema.
pub async fn schema(State(Published(catalogue)): State<Published>, Path(file): Path<String>) -> Response {
    match file.strip_suffix(".json").and_then(|name| catalogue.of(name)) {
        Some(kind) => json("application/schema+json", &kind.schema()),
        None => (StatusCode::NOT_FOUND, "There is no such event; see /events.\n").into_response(),
    }
}

fn json(media: &'static str, body: &Json) -> Response {
    ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "public, max-age=3600")], written(body)).into_response()
}
