//! What a request asks for, in the schema.

use async_graphql::{Context, ID, Object, Result};
use entity::request_item;

use super::words::ItemState;
use crate::{directory::scope::graphql::CompetenceScope, graphql::scalars::show_id};

/// One thing that a request asks for.
#[derive(Clone)]
pub struct RequestItem {
    pub(super) row: request_item::Model,
}

/// One thing that a request asks for.
#[Object]
impl RequestItem {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Place in the request, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// Parameter (项目/参数).
    async fn parameter(&self) -> &str {
        &self.row.parameter
    }

    /// Object (产品/检测对象).
    async fn object(&self) -> &str {
        &self.row.object
    }

    /// Method: a standard number as it was written.
    async fn method(&self) -> Option<&str> {
        self.row.method.as_deref()
    }

    /// How many units.
    async fn quantity(&self) -> i32 {
        self.row.quantity
    }

    /// What is counted.
    async fn unit(&self) -> &str {
        &self.row.unit
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// The scope line that the requester has in mind, where you may see it.
    async fn scope(&self, ctx: &Context<'_>) -> Result<Option<CompetenceScope>> {
        match self.row.scope_id {
            Some(id) => CompetenceScope::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// How far it has come.
    async fn state(&self) -> ItemState {
        self.row.state.into()
    }
}
