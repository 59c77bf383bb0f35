//! Lists of saved searches.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use super::{SavedSearch, SavedSearchKind};
use crate::{
    connection,
    directory::graphql::words,
    graphql::{
        access::access,
        context::{apart, reads},
        filter::TextWhere,
        scalars::parse_id,
    },
    platform::{fault::Outcome, page::Window},
    search::saved::{
        model::{self, SavedSearchFilter},
        policy, store,
    },
};

/// The order of saved searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::SavedSearchOrder")]
pub enum SavedSearchOrder {
    /// By name, without regard to case and width.
    #[default]
    Name,
    /// The newest first.
    Recent,
}

/// Counts a list of saved searches.
pub struct SavedSearchTotal(SavedSearchFilter);

impl SavedSearchTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count(&reads.db, &reads.visible, &self.0).await
    }
}

connection!(SavedSearchConnection, SavedSearchEdge, SavedSearch, "saved searches", SavedSearchTotal);

/// Conditions on saved searches.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SavedSearchWhere {
    /// Name.
    pub name: Option<TextWhere>,
    /// What they list, any of which will do.
    pub kind: Option<Vec<SavedSearchKind>>,
}

/// Asking for saved searches.
#[derive(Default)]
pub struct SavedSearchQuery;

#[Object]
impl SavedSearchQuery {
    /// The saved search of that id; null where your agency has none of it.
    #[graphql(directive = access::apply(policy::READ))]
    async fn saved_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a saved search.")] id: ID,
    ) -> Result<Option<SavedSearch>> {
        SavedSearch::find(ctx, parse_id(&id, "id")?).await
    }

    /// The searches that your agency keeps.
    #[graphql(directive = access::apply(policy::READ))]
    async fn saved_searches(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<SavedSearchWhere>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<SavedSearchOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<SavedSearchConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let given = filter.unwrap_or_default();
        let filter = SavedSearchFilter { name: given.name.map(Into::into), kind: words(given.kind) };
        apart(listed(ctx, filter, order_by.unwrap_or_default(), window)).await
    }
}

async fn listed(
    ctx: &Context<'_>,
    filter: SavedSearchFilter,
    order: SavedSearchOrder,
    window: Window,
) -> Result<SavedSearchConnection> {
    let reads = reads(ctx)?;
    let page = store::page(&reads.db, &reads.visible, &filter, order.into(), &window).await?;
    Ok(SavedSearchConnection::new(page, |row| SavedSearch { row }, SavedSearchTotal(filter)))
}
