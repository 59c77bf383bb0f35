//! Lists of offerings.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use entity::ids::{AgencyCode, LabId};

use super::{Offering, OfferingKind, OfferingStatus};
use crate::{
    capacity::offering::{
        loader::{OfferingCount, OfferingsOf},
        model::{self, OfferingEdge, OfferingFilter},
        policy, store,
    },
    connection,
    directory::{
        family::Args,
        graphql::{Visibility, agencies, any_of, words},
    },
    graphql::{
        access::access,
        context::{apart, reads},
        filter::TextWhere,
        scalars::{Date, parse_id},
    },
    platform::{
        fault::Outcome,
        lenient::fold_code,
        page::{Page, Window},
    },
};

/// The order of offerings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::OfferingOrder")]
pub enum OfferingOrder {
    /// By code.
    #[default]
    Code,
    /// By Chinese title.
    Title,
    /// The newest first.
    Recent,
}

/// Counts a list of offerings.
pub enum OfferingTotal {
    /// Of the whole register.
    All(OfferingFilter),
    /// Of one lab.
    Children(OfferingCount),
}

impl OfferingTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        match self {
            Self::All(filter) => store::count(&reads.db, &reads.visible, filter).await,
            Self::Children(key) => Ok(reads.load(key.clone()).await?.unwrap_or_default()),
        }
    }
}

connection!(OfferingConnection, OfferingNodeEdge, Offering, "offerings", OfferingTotal);

/// Conditions on offerings.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OfferingWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Ids of labs, any of which will do.
    pub lab: Option<Vec<ID>>,
    /// Natural key.
    pub code: Option<TextWhere>,
    /// Chinese title.
    pub title_zh: Option<TextWhere>,
    /// English title.
    pub title_en: Option<TextWhere>,
    /// What is offered, any of which will do.
    pub kind: Option<Vec<OfferingKind>>,
    /// Where it is in its life, any of which will do.
    pub status: Option<Vec<OfferingStatus>>,
    /// Open on this date, as far as its own status and dates tell.
    pub open_on: Option<Date>,
    /// With a turnaround of at most so many working days.
    pub turnaround_at_most: Option<i32>,
    /// Who may see it, any of which will do.
    pub visibility: Option<Vec<Visibility>>,
}

impl OfferingWhere {
    fn filter(self) -> Outcome<OfferingFilter> {
        let labs = |ids: Vec<ID>| ids.iter().map(|id| parse_id::<LabId>(id, "where.lab")).collect();
        Ok(OfferingFilter {
            agency: agencies(self.agency),
            lab: self.lab.map(labs).transpose()?.map(any_of),
            code: self.code.map(Into::into),
            title_zh: self.title_zh.map(Into::into),
            title_en: self.title_en.map(Into::into),
            kind: words(self.kind),
            status: words(self.status),
            open_on: self.open_on.map(|date| date.0),
            turnaround_at_most: self.turnaround_at_most,
            visibility: words(self.visibility),
        })
    }
}

/// What a list of offerings was asked for with.
pub struct OfferingArgs {
    /// Conditions.
    pub filter: Option<Box<OfferingWhere>>,
    /// Order.
    pub order_by: Option<OfferingOrder>,
    /// Part.
    pub window: Window,
}

impl OfferingArgs {
    /// The offerings of the whole register.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_register(self, ctx: &Context<'_>) -> Result<OfferingConnection> {
        let reads = reads(ctx)?;
        let filter = self.filter.unwrap_or_default().filter()?;
        let order = self.order_by.unwrap_or_default().into();
        let page = store::page(&reads.db, &reads.visible, &filter, order, &self.window).await?;
        Ok(OfferingConnection::new(page, |row| Offering { row }, OfferingTotal::All(filter)))
    }

    /// The offerings of one lab.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_lab(self, ctx: &Context<'_>, lab: LabId) -> Result<OfferingConnection> {
        let (edge, parent) = (OfferingEdge, lab.0);
        let filter = self.filter.unwrap_or_default().filter()?;
        let total = OfferingTotal::Children(OfferingCount { edge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: self.order_by.unwrap_or_default().into(), window: self.window });
        let page = reads(ctx)?.load(OfferingsOf { edge, parent, args }).await?;
        let page = page.unwrap_or_else(|| Arc::new(Page::empty()));
        Ok(OfferingConnection::new(page, |row| Offering { row }, total))
    }
}

/// Asking for offerings.
#[derive(Default)]
pub struct OfferingQuery;

#[Object]
impl OfferingQuery {
    /// The offering of that id; null where there is none that you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of an offering.")] id: ID,
    ) -> Result<Option<Offering>> {
        Offering::find(ctx, parse_id(&id, "id")?).await
    }

    /// The offering of an agency's code.
    #[graphql(directive = access::apply(policy::READ))]
    async fn offering_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the agency.")] agency: String,
        #[graphql(desc = "Code of the offering.")] code: String,
    ) -> Result<Option<Offering>> {
        let reads = reads(ctx)?;
        let row = store::by_code(&reads.db, &reads.visible, &AgencyCode(fold_code(&agency)), &fold_code(&code)).await?;
        Ok(row.map(|row| Offering { row: Arc::new(row) }))
    }

    /// Offerings that you may see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<OfferingWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<OfferingOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<OfferingConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(OfferingArgs { filter, order_by, window }.of_register(ctx)).await
    }
}
