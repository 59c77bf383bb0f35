//! Mutations of saved searches.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use entity::{enums, ids::SavedSearchId};

use super::{SavedSearch, SavedSearchKind, asked};
use crate::{
    graphql::{
        access::access,
        context::command,
        scalars::{parse_id, patch, show_id},
    },
    payload,
    platform::{fault::Outcome, patch::Patch},
    search::{
        graphql::{SearchOrder, SearchWhere},
        saved::{
            model::{NewSavedSearch, SavedSearchEdit},
            policy, service,
        },
    },
};

payload!(SavedSearchPayload, saved_search: SavedSearch, SavedSearchId, "The saved search");

/// What is left of a saved search that was deleted.
#[derive(Clone, Debug, SimpleObject)]
pub struct SavedSearchDeletePayload {
    /// The id that it had.
    id: ID,
}

/// A search to be saved.
#[derive(Clone, Debug, InputObject)]
pub struct SavedSearchCreateInput {
    /// Name, unique within the agency without regard to case and width.
    pub name: String,
    /// What it lists; stays as it is.
    pub kind: SavedSearchKind,
    /// Free text, as for scopeSearch.
    pub text: Option<String>,
    /// Conditions. Dates in it stay the dates that they are.
    #[graphql(name = "where")]
    pub filter: Option<Box<SearchWhere>>,
    /// The order; RELEVANCE where not given.
    pub order_by: Option<SearchOrder>,
    /// Whether new matches shall be told.
    #[graphql(default)]
    pub notify: bool,
    /// Remarks.
    pub remarks: Option<String>,
}

impl SavedSearchCreateInput {
    fn read(self) -> Outcome<NewSavedSearch> {
        Ok(NewSavedSearch {
            name: self.name,
            kind: self.kind.into(),
            text: self.text,
            filter: self.filter.map(|filter| asked::spelled(&filter)).transpose()?,
            order: self.order_by.map_or(enums::SearchOrder::Relevance, asked::kept),
            notify: self.notify,
            remarks: self.remarks,
        })
    }
}

/// Edits of a saved search. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct SavedSearchEditInput {
    /// Name, unique within the agency without regard to case and width.
    pub name: Option<String>,
    /// Free text, as for scopeSearch.
    pub text: MaybeUndefined<String>,
    /// Conditions, in place of all that there were.
    #[graphql(name = "where")]
    pub filter: MaybeUndefined<Box<SearchWhere>>,
    /// The order.
    pub order_by: Option<SearchOrder>,
    /// Whether new matches shall be told.
    pub notify: Option<bool>,
    /// Remarks.
    pub remarks: MaybeUndefined<String>,
}

impl SavedSearchEditInput {
    fn read(self) -> Outcome<SavedSearchEdit> {
        let filter = match self.filter {
            MaybeUndefined::Undefined => Patch::Keep,
            MaybeUndefined::Null => Patch::Clear,
            MaybeUndefined::Value(filter) => Patch::Set(asked::spelled(&filter)?),
        };
        Ok(SavedSearchEdit {
            name: self.name,
            text: patch(self.text, |text| text),
            filter,
            order: self.order_by.map(asked::kept),
            notify: self.notify,
            remarks: patch(self.remarks, |text| text),
        })
    }
}

/// Changing saved searches.
#[derive(Default)]
pub struct SavedSearchMutation;

#[Object]
impl SavedSearchMutation {
    /// Keep a search of your agency under a name, at most 200 of them.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn saved_search_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The search.")] input: Box<SavedSearchCreateInput>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SavedSearchPayload> {
        let command = command(ctx, None, idempotency_key)?;
        Ok(SavedSearchPayload(service::create(&command, input.read()?, asked::check).await?))
    }

    /// Edit a saved search.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn saved_search_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: Box<SavedSearchEditInput>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SavedSearchPayload> {
        let id = parse_id(&id, "id")?;
        let command = command(ctx, version, idempotency_key)?;
        Ok(SavedSearchPayload(service::edit(&command, id, input.read()?, asked::check).await?))
    }

    /// Delete a saved search. It is gone for good; the change log keeps what it was.
    #[graphql(directive = access::apply(policy::DELETE))]
    async fn saved_search_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SavedSearchDeletePayload> {
        let id = parse_id(&id, "id")?;
        let gone = service::delete(&command(ctx, version, idempotency_key)?, id).await?;
        Ok(SavedSearchDeletePayload { id: show_id(gone) })
    }
}
