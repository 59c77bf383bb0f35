//! Search in the schema.

mod asked;
mod basket;
mod facets;
mod found;
mod items;
mod read;
mod standing;
mod suggest;

use async_graphql::{Context, ID, Object, Result};

use self::{
    asked::{cursor, span},
    basket::{CoverageItemInput, CoveragePlans, CoveragePreference},
    found::{LabHitEdge, LabRow, ScopeHitEdge, hits, lab_hits},
    read::{SearchIndex, count},
    standing::Availability,
    suggest::{Suggestion, SuggestionKind},
};
use super::{policy, service::Row};
use crate::{
    graphql::{
        access::access,
        context::{apart, as_of as asked_date, finder, reads},
        page::PageInfo,
        scalars::Date,
    },
    platform::{fault::Fault, page::Window},
};

pub use asked::{AvailableInput, MatchGrade, NearInput, PointInput, SearchOrder, SearchWhere};
pub use found::{LabHitConnection, ScopeHitConnection};
pub use items::EquipmentHitConnection;

/// Most of a site's lines that are listed with it.
const MOST_BEST: usize = 10;

/// Asking what can be tested where.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Lines that answer a question, row by row: who can test this parameter in this object by this method.
    #[graphql(directive = access::apply(policy::FIND))]
    async fn scope_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Free text of at most 400 characters: parameters, objects, standards, fields, labs and places, in Chinese, English or pinyin. A standard number is recognised anywhere in it."
        )]
        text: Option<String>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<SearchWhere>>,
        #[graphql(desc = "The order; RELEVANCE where not given.")] order_by: Option<SearchOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(
            desc = "The date on which lines are in force; where not given, the first day of where.available, or today."
        )]
        as_of: Option<Date>,
    ) -> Result<ScopeHitConnection> {
        let asked = Asked { text, filter, order_by, as_of };
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(asked.lines(ctx, window)).await
    }

    /// Sites that have lines which answer a question, each with the best of them.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field, one by one")]
    #[graphql(directive = access::apply(policy::FIND))]
    async fn lab_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Free text, as for scopeSearch.")] text: Option<String>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<SearchWhere>>,
        #[graphql(desc = "The order, by the best line of each; RELEVANCE where not given.")] order_by: Option<
            SearchOrder,
        >,
        #[graphql(desc = "How many lines of each site are listed with it, 0 to 10.", default = 3)] best: i32,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(
            desc = "The date on which lines are in force; where not given, the first day of where.available, or today."
        )]
        as_of: Option<Date>,
    ) -> Result<LabHitConnection> {
        let asked = Asked { text, filter, order_by, as_of };
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(asked.labs(ctx, window, best)).await
    }
}

/// What can be asked besides lists of lines and labs.
#[derive(Default)]
pub struct FindQuery;

#[Object]
impl FindQuery {
    /// Items of equipment that answer a question by name, class, model or manufacturer. Of `where`, what it says of sites,
    /// owners, equipment and availability counts.
    #[graphql(directive = access::apply(policy::FIND))]
    async fn equipment_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Free text, in Chinese, English or pinyin.")] text: Option<String>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<SearchWhere>>,
        #[graphql(desc = "RELEVANCE, where not given, or DISTANCE.")] order_by: Option<SearchOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(
            desc = "The date that the question is about; where not given, the first day of where.available, or today."
        )]
        as_of: Option<Date>,
    ) -> Result<EquipmentHitConnection> {
        let asked = Asked { text, filter, order_by, as_of };
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(asked.equipment(ctx, window)).await
    }

    /// Completions of what somebody types: parameters, objects, standards, fields, labs and instruments under which there
    /// is something for you to see.
    #[graphql(directive = access::apply(policy::FIND))]
    async fn suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What has been typed, at most 64 characters, in Chinese, English or pinyin.")] text: String,
        #[graphql(desc = "What may be named; anything where not given.")] kinds: Option<Vec<SuggestionKind>>,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: i32,
    ) -> Result<Vec<Suggestion>> {
        apart(suggest::suggest(ctx, text, kinds, first)).await
    }

    /// Whether lines, or the lines of labs, are available over a window: everything that they need holds on every day of
    /// it. Each thing that does not is told with its code and the first day on which it does not.
    #[graphql(directive = access::apply(policy::FIND))]
    async fn availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of scope lines, at most 200.")] scopes: Option<Vec<ID>>,
        #[graphql(desc = "Ids of labs, at most 200.")] labs: Option<Vec<ID>>,
        #[graphql(desc = "The window, and how much is wanted.")] window: AvailableInput,
    ) -> Result<Availability> {
        apart(standing::availability(ctx, scopes, labs, window)).await
    }

    /// Labs that together cover a basket, each item at one lab.
    #[graphql(directive = access::apply(policy::FIND))]
    async fn coverage_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wanted, at most 100 items.")] items: Vec<CoverageItemInput>,
        #[graphql(
            desc = "Over which days it must be available. A quantity given here is not used: each item has its own."
        )]
        window: AvailableInput,
        #[graphql(desc = "From where distances are measured, and how far labs may be.")] near: Option<NearInput>,
        #[graphql(desc = "What matters first.", default_with = "CoveragePreference::FewestLabs")]
        prefer: CoveragePreference,
        #[graphql(name = "where", desc = "Conditions on the lines of every item.")] filter: Option<Box<SearchWhere>>,
    ) -> Result<CoveragePlans> {
        apart(basket::Asked { items, window, near, prefer, filter }.plans(ctx)).await
    }
}

/// What the arguments of a search have in common.
pub(super) struct Asked {
    pub(super) text: Option<String>,
    pub(super) filter: Option<Box<SearchWhere>>,
    pub(super) order_by: Option<SearchOrder>,
    pub(super) as_of: Option<Date>,
}

impl Asked {
    fn question(self, ctx: &Context<'_>) -> Result<super::find::question::Question> {
        let filter = self.filter.unwrap_or_default();
        let first_day = filter.available.as_ref().map(|window| window.from);
        let on = asked_date(ctx, self.as_of.or(first_day))?;
        Ok(filter.question(reads(ctx)?.visible.clone(), self.text, self.order_by, on)?)
    }

    pub(super) async fn lines(self, ctx: &Context<'_>, window: Window) -> Result<ScopeHitConnection> {
        let question = self.question(ctx)?;
        let (on, name, finder) = (question.on, question.name("scope"), finder(ctx)?);
        let counts = ctx.look_ahead().field("facets").exists();
        let lines = finder.lines(question, span(&name, &window)?, counts).await?;
        let cursors: Vec<_> = lines.part.lines.iter().map(|line| cursor(&name, line.rank)).collect();
        let page_info = PageInfo {
            has_next_page: lines.part.has_next,
            has_previous_page: lines.part.has_previous,
            start_cursor: cursors.first().map(ToString::to_string),
            end_cursor: cursors.last().map(ToString::to_string),
        };
        let hits = hits(ctx, lines.rows, on).await?;
        let nodes = hits.iter().map(|(_, hit)| hit.clone()).collect();
        let edge =
            |(at, node)| ScopeHitEdge { cursor: cursors.get(at).map(ToString::to_string).unwrap_or_default(), node };
        Ok(ScopeHitConnection {
            edges: hits.into_iter().map(edge).collect(),
            nodes,
            page_info,
            total_count: count(lines.part.total),
            facets: lines.part.facets.map(Into::into),
            understood: (&lines.understood).into(),
            index: SearchIndex(finder.shown().standing()),
        })
    }

    pub(super) async fn labs(self, ctx: &Context<'_>, window: Window, best: i32) -> Result<LabHitConnection> {
        let Some(best) = usize::try_from(best).ok().filter(|best| *best <= MOST_BEST) else {
            let message = format!("Ask for 0 to {MOST_BEST} lines of each site.");
            return Err(Fault::invalid("best", "PAGE_SIZE", message).into());
        };
        let question = self.question(ctx)?;
        let (on, name, finder) = (question.on, question.name("lab"), finder(ctx)?);
        let labs = finder.labs(question, span(&name, &window)?, best).await?;
        let cursors: Vec<_> = labs.part.labs.iter().map(|lab| cursor(&name, lab.rank)).collect();
        let page_info = PageInfo {
            has_next_page: labs.part.has_next,
            has_previous_page: labs.part.has_previous,
            start_cursor: cursors.first().map(ToString::to_string),
            end_cursor: cursors.last().map(ToString::to_string),
        };
        let row = |lab: super::find::FoundLab| LabRow {
            id: labs.understood.lab_id(lab.lab),
            count: lab.count,
            metres: lab.metres,
            best: lab.lines.iter().map(|line| Row::of(&labs.understood, line)).collect(),
        };
        let rows = labs.part.labs.into_iter().map(row).collect();
        let hits = lab_hits(ctx, rows, on).await?;
        let nodes = hits.iter().map(|(_, hit)| hit.clone()).collect();
        let edge =
            |(at, node)| LabHitEdge { cursor: cursors.get(at).map(ToString::to_string).unwrap_or_default(), node };
        Ok(LabHitConnection {
            edges: hits.into_iter().map(edge).collect(),
            nodes,
            page_info,
            total_count: count(labs.part.total),
            facets: labs.part.facets.into(),
            understood: (&labs.understood).into(),
            index: SearchIndex(finder.shown().standing()),
        })
    }
}
