//! What an offering covers, in the schema.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use entity::offering::Model;

use crate::{
    capacity::offering::{loader::ListsOf, model::fields_of},
    directory::{equipment::graphql::Equipment, scope::graphql::CompetenceScope},
    graphql::context::{apart, reads},
};

/// What an offering covers: the whole lab, fields, named lines of its annex, or named equipment.
pub struct OfferingCoverage {
    row: Arc<Model>,
}

impl OfferingCoverage {
    /// What this offering covers.
    pub(super) fn of(row: Arc<Model>) -> Self {
        Self { row }
    }
}

/// What an offering covers: the whole lab, fields, named lines of its annex, or named equipment.
#[Object]
impl OfferingCoverage {
    /// Whether it covers all that the lab can do: tests of every line in force, or what is not bound to lines.
    async fn whole_lab(&self, ctx: &Context<'_>) -> Result<bool> {
        let lists = reads(ctx)?.load(ListsOf(self.row.id)).await?.unwrap_or_default();
        Ok(self.row.lab_id.is_some() && fields_of(&self.row).is_empty() && lists.0.is_empty() && lists.1.is_empty())
    }

    /// Fields (类别) that it covers; empty where it is not bound to fields.
    async fn fields(&self) -> Vec<String> {
        fields_of(&self.row)
    }

    /// The scope lines that it names, as far as they are in force today and you may see them.
    async fn scopes(&self, ctx: &Context<'_>) -> Result<Vec<CompetenceScope>> {
        let lists = reads(ctx)?.load(ListsOf(self.row.id)).await?.unwrap_or_default();
        let found = lists.0.iter().map(|line| CompetenceScope::find(ctx, *line));
        Ok(apart(futures_util::future::try_join_all(found)).await?.into_iter().flatten().collect())
    }

    /// The equipment that it names, as far as you may see it.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Vec<Equipment>> {
        let lists = reads(ctx)?.load(ListsOf(self.row.id)).await?.unwrap_or_default();
        let found = lists.1.iter().map(|item| Equipment::find(ctx, *item));
        Ok(apart(futures_util::future::try_join_all(found)).await?.into_iter().flatten().collect())
    }
}
