//! Who may ask what the schema is, and holding a document against it without executing it.

use std::sync::Arc;

use async_graphql::{
    Request, Response, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use serde::Deserialize;

use super::root::{self, Schema};
use crate::platform::{
    access::{Actor, ActorKind},
    fault::{Fault, Outcome},
};

/// Who may introspect and read the published schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Introspection {
    /// Whoever may call at all.
    Everyone,
    /// Whoever has a token.
    #[default]
    Tokens,
    /// Nobody: the schema is published elsewhere.
    Nobody,
}

/// The fields that introspect; `__typename` is none of them.
const FIELDS: [&str; 2] = ["__schema", "__type"];

impl Introspection {
    /// Whether a root field may be asked for, as far as it introspects.
    ///
    /// # Errors
    /// As [`Introspection::check`].
    pub fn check_field(self, field: &str, actor: &Actor) -> Outcome<()> {
        if FIELDS.contains(&field) { self.check(actor) } else { Ok(()) }
    }

    /// Whether an actor may know the schema.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` or `FORBIDDEN`.
    pub fn check(self, actor: &Actor) -> Outcome<()> {
        match self {
            Self::Everyone => Ok(()),
            Self::Tokens if actor.kind == ActorKind::Anonymous => {
                Err(Fault::Unauthenticated("introspection without a token".to_owned()))
            }
            Self::Tokens => Ok(()),
            Self::Nobody => Err(Fault::Forbidden {
                action: "graphql.introspection",
                message: "The schema is not told here; use the published one.".to_owned(),
            }),
        }
    }
}

/// Holds documents against the schema without executing them. The schema of the API has no extension, since one costs every
/// field a future; so this is another, for the start of the program and for manifests.
pub struct Validator(Schema);

impl Validator {
    /// For the schema of this program.
    pub fn new() -> Self {
        Self(root::builder().extension(NothingIsExecuted).finish())
    }

    /// Says what is wrong with a document.
    ///
    /// # Errors
    /// The first error, as a sentence.
    pub fn check(&self, document: &str, operation: Option<&str>) -> Result<(), String> {
        let mut request = Request::new(document);
        request.operation_name = operation.map(str::to_owned);
        let executed = self.0.execute(request);
        // Nothing in it waits for anything, since nothing is executed.
        let response = futures_util::FutureExt::now_or_never(executed).ok_or("it cannot be checked.")?;
        response.errors.first().map_or(Ok(()), |error| Err(error.message.clone()))
    }
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

struct NothingIsExecuted;

impl ExtensionFactory for NothingIsExecuted {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NothingIsExecuted {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::new(Value::Null)
    }
}
