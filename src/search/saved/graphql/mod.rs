//! Saved searches in the schema.

mod asked;
mod list;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Json, Object, Result};
use entity::{enums, ids::SavedSearchId, saved_search::Model};
use serde_json::{Value, json};

use super::model::window_past;
use crate::{
    directory::agency::graphql::Agency,
    graphql::{
        context::{apart, reads},
        scalars::{Instant, show_id},
    },
    platform::{access::permit, fault::Fault, page::Window},
    search::{
        graphql::{Asked, EquipmentHitConnection, LabHitConnection, ScopeHitConnection, SearchOrder},
        policy::FIND,
    },
};

pub use asked::question;
pub use list::SavedSearchQuery;
pub use mutation::SavedSearchMutation;

/// What a saved search lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::SavedSearchKind")]
pub enum SavedSearchKind {
    /// Lines of capability annexes, as scopeSearch does.
    Scope,
    /// Sites, as labSearch does.
    Lab,
    /// Items of equipment, as equipmentSearch does.
    Equipment,
}

/// A search that an agency keeps under a name. Nobody but the persons and systems of that agency sees it.
#[derive(Clone)]
pub struct SavedSearch {
    row: Arc<Model>,
}

/// A search that an agency keeps under a name. Nobody but the persons and systems of that agency sees it.
#[Object]
impl SavedSearch {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The agency that keeps it.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What it lists.
    async fn kind(&self) -> SavedSearchKind {
        self.row.kind.into()
    }

    /// Free text that is searched for.
    async fn text(&self) -> Option<&str> {
        self.row.text.as_deref()
    }

    /// Conditions, spelled as the input SearchWhere: pass the object as a variable of that type. Null where there are none.
    #[graphql(name = "where")]
    async fn conditions(&self) -> Option<Json<&Value>> {
        self.row.filter.as_ref().map(Json)
    }

    /// The order.
    async fn order_by(&self) -> SearchOrder {
        asked::shown(self.row.order_by)
    }

    /// Whether new matches shall be told.
    async fn notify(&self) -> bool {
        self.row.notify
    }

    /// Whether the days of `where.available` are all over, so that the search asks about the past; false where it names none.
    async fn window_past(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(window_past(&self.row, reads(ctx)?.db.clock().today()))
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// Subject of who saved it.
    async fn created_by(&self) -> &str {
        &self.row.created_by
    }

    /// When it was saved.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }

    /// What a search of kind SCOPE finds now; null, with the error SAVED_SEARCH_OTHER_KIND, for one of another kind.
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where not given.")] first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
    ) -> Option<Result<ScopeHitConnection>> {
        let found = async {
            let (asked, window) = self.asked(ctx, SavedSearchKind::Scope, first, after.as_deref())?;
            asked.lines(ctx, window).await
        };
        Some(apart(found).await)
    }

    /// What a search of kind LAB finds now; null, with the error SAVED_SEARCH_OTHER_KIND, for one of another kind.
    async fn labs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many lines of each site are listed with it, 0 to 10.", default = 3)] best: i32,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where not given.")] first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
    ) -> Option<Result<LabHitConnection>> {
        let found = async {
            let (asked, window) = self.asked(ctx, SavedSearchKind::Lab, first, after.as_deref())?;
            asked.labs(ctx, window, best).await
        };
        Some(apart(found).await)
    }

    /// What a search of kind EQUIPMENT finds now; null, with the error SAVED_SEARCH_OTHER_KIND, for one of another kind.
    async fn equipment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where not given.")] first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
    ) -> Option<Result<EquipmentHitConnection>> {
        let found = async {
            let (asked, window) = self.asked(ctx, SavedSearchKind::Equipment, first, after.as_deref())?;
            asked.equipment(ctx, window).await
        };
        Some(apart(found).await)
    }
}

impl SavedSearch {
    /// The saved search of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: SavedSearchId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }

    /// The question, for the field that answers searches of a kind, and the part that is wanted. Such a field answers
    /// `Option<Result<…>>`, so that a refusal leaves the rest of the search and the other searches of a list in place.
    ///
    /// Whoever may only save reaches a saved search through the answer to that, and may not search through it.
    fn asked(
        &self,
        ctx: &Context<'_>,
        wanted: SavedSearchKind,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<(Asked, Window)> {
        permit(&reads(ctx)?.caller, FIND)?;
        if self.row.kind != wanted.into() {
            let (kind, field) = (self.row.kind.word(), asked::field(self.row.kind));
            let message = format!("This search is of kind {kind}; ask for {field}.");
            return Err(Fault::rule("SAVED_SEARCH_OTHER_KIND", message, json!({ "kind": kind, "field": field })).into());
        }
        Ok((asked::of(&self.row)?, Window::from_args(first, after, None, None)?))
    }
}
