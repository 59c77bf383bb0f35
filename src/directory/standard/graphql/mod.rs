//! Standards in the schema.

mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use entity::{enums, ids::StandardId, standard::Model};

use super::{
    loader::{EditionsOfKey, Printed, ReplacedBy},
    model::{self, StandardFilter},
    policy, store,
};
use crate::{
    connection,
    directory::{
        graphql::words,
        scope::{
            graphql::{LineArgs, ScopeConnection, ScopeOrder, ScopeWhere},
            model::LineEdge,
        },
    },
    graphql::{
        access::access,
        context::{apart, as_of as asked_date, reads},
        filter::{DateWhere, TextWhere},
        scalars::{Date, show_id},
    },
    platform::{fault::Outcome, page::Window},
};

pub use mutation::StandardMutation;

/// The life of an edition of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::StandardStatus")]
pub enum StandardStatus {
    /// 即将实施: published, not yet in force.
    Upcoming,
    /// 现行.
    Current,
    /// 被代替.
    Superseded,
    /// 废止 without a successor.
    Withdrawn,
}

/// The order of standards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::StandardOrder")]
pub enum StandardOrder {
    /// By number.
    #[default]
    Number,
    /// The latest entry first.
    Recent,
}

/// One edition of a standard.
#[derive(Clone)]
pub struct Standard {
    row: Arc<Model>,
}

impl From<Arc<Model>> for Standard {
    fn from(row: Arc<Model>) -> Self {
        Self { row }
    }
}

/// One edition of a standard.
#[Object]
impl Standard {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Number in canonical print, such as `GB/T 5009.12-2017`.
    async fn number(&self) -> &str {
        &self.row.number
    }

    /// Family and number without `/T` and year, such as `GB 5009.12`: the same for all editions.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// Year of the edition.
    async fn year(&self) -> Option<i32> {
        self.row.year
    }

    /// Chinese title.
    async fn title_zh(&self) -> &str {
        &self.row.title_zh
    }

    /// English title.
    async fn title_en(&self) -> Option<&str> {
        self.row.title_en.as_deref()
    }

    /// Where it is in its life.
    async fn status(&self) -> StandardStatus {
        self.row.status.into()
    }

    /// 发布日期.
    async fn published_on(&self) -> Option<Date> {
        self.row.published_on.map(Date)
    }

    /// 实施日期.
    async fn effective_on(&self) -> Option<Date> {
        self.row.effective_on.map(Date)
    }

    /// 废止日期.
    async fn withdrawn_on(&self) -> Option<Date> {
        self.row.withdrawn_on.map(Date)
    }

    /// Number of the edition that replaced it, known to the register or not.
    async fn replaced_by_number(&self) -> Option<&str> {
        self.row.replaced_by.as_deref()
    }

    /// The edition that replaced it, where the register knows it.
    async fn replaced_by(&self, ctx: &Context<'_>) -> Result<Option<Standard>> {
        let Some(number) = self.row.replaced_by.clone() else { return Ok(None) };
        Ok(reads(ctx)?.load(Printed(number)).await?.map(Self::from))
    }

    /// The editions that it replaced.
    async fn replaces(&self, ctx: &Context<'_>) -> Result<Vec<Standard>> {
        let rows = reads(ctx)?.load(ReplacedBy(self.row.number.clone())).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| Self { row: Arc::new(row.clone()) }).collect())
    }

    /// All editions of this standard, the newest first, itself included.
    async fn editions(&self, ctx: &Context<'_>) -> Result<Vec<Standard>> {
        let editions = reads(ctx)?.load(EditionsOfKey(self.row.key.clone())).await?.unwrap_or_default();
        Ok(editions.iter().map(|one| Self { row: Arc::clone(&one.standard) }).collect())
    }

    /// Whether it is the edition now in force.
    async fn current(&self, ctx: &Context<'_>) -> Result<bool> {
        let editions = reads(ctx)?.load(EditionsOfKey(self.row.key.clone())).await?.unwrap_or_default();
        Ok(editions.iter().any(|one| one.current && one.standard.id == self.row.id))
    }

    /// The scope lines that cite this edition, by its year or, while it is the one in force, without a year; ask them for
    /// their labs.
    async fn scopes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<ScopeWhere>>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<ScopeOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<ScopeConnection> {
        let on: NaiveDate = asked_date(ctx, as_of)?;
        let args = LineArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on,
        };
        apart(args.of_parent(ctx, LineEdge::Standard, self.row.id.0)).await
    }
}

impl Standard {
    /// The edition of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: StandardId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(Self::from))
    }
}

/// Counts a list of standards.
pub struct StandardTotal(StandardFilter);

impl StandardTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        store::count(&reads(ctx)?.db, &self.0).await
    }
}

connection!(StandardConnection, StandardEdge, Standard, "standards", StandardTotal);

/// Conditions on standards.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StandardWhere {
    /// Number in any spelling: every edition of it, or the one of the year that is named.
    pub number: Option<String>,
    /// The number as text, in canonical print.
    pub printed: Option<TextWhere>,
    /// Chinese title.
    pub title_zh: Option<TextWhere>,
    /// English title.
    pub title_en: Option<TextWhere>,
    /// Where it is in its life, any of which will do.
    pub status: Option<Vec<StandardStatus>>,
    /// 实施日期.
    pub effective_on: Option<DateWhere>,
}

impl From<StandardWhere> for StandardFilter {
    fn from(given: StandardWhere) -> Self {
        Self {
            number: given.number,
            printed: given.printed.map(Into::into),
            title_zh: given.title_zh.map(Into::into),
            title_en: given.title_en.map(Into::into),
            status: words(given.status),
            effective_on: given.effective_on.map(Into::into),
        }
    }
}

/// Asking for standards.
#[derive(Default)]
pub struct StandardQuery;

#[Object]
impl StandardQuery {
    /// The pact's catalogue of standards.
    #[graphql(directive = access::apply(policy::READ))]
    async fn standards(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<StandardWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<StandardOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<StandardConnection> {
        let filter = StandardFilter::from(*filter.unwrap_or_default());
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let page = store::page(&reads(ctx)?.db, &filter, order_by.unwrap_or_default().into(), &window).await?;
        Ok(StandardConnection::new(page, |row| Standard { row }, StandardTotal(filter)))
    }

    /// The edition that a number in any spelling means: dated, the one of that year; undated, the one in force.
    #[graphql(directive = access::apply(policy::READ))]
    async fn standard_by_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Such as `GB/T 5009.12-2017` or `gb5009.12`.")] number: String,
    ) -> Result<Option<Standard>> {
        let row = store::by_number(&reads(ctx)?.db, &number).await?;
        Ok(row.map(|row| Standard { row: Arc::new(row) }))
    }
}
