//! Asking the desk.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{
    offer::Offer,
    referral::Referral,
    request::Request,
    words::{DeskOrder, ReferralStatus, RequestStatus},
};
use crate::{
    connection,
    directory::graphql::{agencies, any_of, words},
    graphql::{
        access::access,
        context::{apart, reads},
        filter::{DateWhere, TextWhere},
        scalars::parse_id,
    },
    platform::{fault::Outcome, page::Window},
    request::{
        policy::{self, Party},
        store::{self, ReferralFilter, RequestFilter},
    },
};

/// Counts requests.
pub struct RequestTotal(RequestFilter);

impl RequestTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count_requests(&reads.db, &Party::of(&reads.caller.actor), &self.0).await
    }
}

connection!(RequestConnection, RequestEdge, Request, "requests", RequestTotal);

/// Counts referrals.
pub struct ReferralTotal(ReferralFilter);

impl ReferralTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count_referrals(&reads.db, &Party::of(&reads.caller.actor), &self.0).await
    }
}

connection!(ReferralConnection, ReferralEdge, Referral, "referrals", ReferralTotal);

/// Conditions on requests.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RequestWhere {
    /// Codes of requesting agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Where they are in their life, any of which will do.
    pub status: Option<Vec<RequestStatus>>,
    /// Number.
    pub code: Option<TextWhere>,
    /// Title.
    pub title: Option<TextWhere>,
    /// The date on which they are needed.
    pub need_by: Option<DateWhere>,
}

/// Conditions on referrals.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ReferralWhere {
    /// Codes of providing agencies, any of which will do.
    pub provider: Option<Vec<String>>,
    /// Codes of requesting agencies, any of which will do.
    pub requester: Option<Vec<String>>,
    /// Where they are in their life, any of which will do.
    pub status: Option<Vec<ReferralStatus>>,
    /// Ids of labs, any of which will do.
    pub lab: Option<Vec<ID>>,
}

/// Asking the desk.
#[derive(Default)]
pub struct DeskQuery;

#[Object]
impl DeskQuery {
    /// The request of that id; null where there is none that you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a request.")] id: ID,
    ) -> Result<Option<Request>> {
        Request::find(ctx, parse_id(&id, "id")?).await
    }

    /// The requests that you can see: those of your agency, and those that were sent to it.
    #[graphql(directive = access::apply(policy::READ))]
    async fn requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<RequestWhere>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<DeskOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<RequestConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let given = filter.unwrap_or_default();
        let filter = RequestFilter {
            agency: agencies(given.agency),
            status: words(given.status),
            code: given.code.map(Into::into),
            title: given.title.map(Into::into),
            need_by: given.need_by.map(Into::into),
        };
        apart(requests(ctx, filter, order_by.unwrap_or_default(), window)).await
    }

    /// The referral of that id; null where there is none that you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a referral.")] id: ID,
    ) -> Result<Option<Referral>> {
        Referral::find(ctx, parse_id(&id, "id")?).await
    }

    /// The referrals that you can see: those of your agency's requests, and those that were sent to it.
    #[graphql(directive = access::apply(policy::READ))]
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<ReferralWhere>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<DeskOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<ReferralConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let given = filter.unwrap_or_default();
        let labs = |ids: Vec<ID>| ids.iter().map(|id| parse_id(id, "where.lab")).collect::<Outcome<Vec<_>>>();
        let filter = ReferralFilter {
            provider: agencies(given.provider),
            requester: agencies(given.requester),
            status: words(given.status),
            lab: given.lab.map(labs).transpose()?.map(any_of),
        };
        apart(referrals(ctx, filter, order_by.unwrap_or_default(), window)).await
    }

    /// The offer of that id; null where there is none that you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn offer(&self, ctx: &Context<'_>, #[graphql(desc = "Id of an offer.")] id: ID) -> Result<Option<Offer>> {
        Offer::find(ctx, parse_id(&id, "id")?).await
    }
}

async fn requests(
    ctx: &Context<'_>,
    filter: RequestFilter,
    order: DeskOrder,
    window: Window,
) -> Result<RequestConnection> {
    let reads = reads(ctx)?;
    let party = Party::of(&reads.caller.actor);
    let page = store::request_page(&reads.db, &party, &filter, (order.into(), &window)).await?;
    Ok(RequestConnection::new(page, |row| Request { row }, RequestTotal(filter)))
}

async fn referrals(
    ctx: &Context<'_>,
    filter: ReferralFilter,
    order: DeskOrder,
    window: Window,
) -> Result<ReferralConnection> {
    let reads = reads(ctx)?;
    let party = Party::of(&reads.caller.actor);
    let page = store::referral_page(&reads.db, &party, &filter, (order.into(), &window)).await?;
    Ok(ReferralConnection::new(page, |row| Referral { row }, ReferralTotal(filter)))
}
