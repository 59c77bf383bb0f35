//! The inbox in the schema.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entity::enums;
use uuid::Uuid;

use super::{
    due::age,
    referral::Referral,
    request::Request,
    words::{ReferralStatus, RequestStatus, Side},
};
use crate::{
    directory::calendar::loader::WorkingDays,
    graphql::{
        access::access,
        context::{apart, reads},
        page::PageInfo,
        scalars::Instant,
    },
    platform::{
        fault::{Fault, Outcome},
        page::{Cursor, SortValue, Window, other_order},
        reads::Reads,
    },
    request::{
        model::clock,
        policy,
        store::{self, Entry, InboxFilter, PileCount, Waiting},
    },
};

/// The order of an inbox, as its cursors name it.
const ORDER: &str = "INBOX";
/// Halves of a working day before a due date from which on it is soon.
const SOON: u16 = 2;

/// Conditions on an inbox.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InboxWhere {
    /// What waits for this side only.
    pub side: Option<Side>,
    /// Overdue only.
    pub overdue: Option<bool>,
    /// Due at or before this instant.
    pub due_by: Option<Instant>,
    /// Requests in these statuses; together with no referralStatus, no referrals.
    pub request_status: Option<Vec<RequestStatus>>,
    /// Referrals in these statuses; together with no requestStatus, no requests.
    pub referral_status: Option<Vec<ReferralStatus>>,
}

impl InboxWhere {
    fn read(self, now: DateTime<Utc>) -> InboxFilter {
        let overdue = self.overdue.unwrap_or(false).then_some(now);
        let by = self.due_by.map(|by| by.0);
        let named = self.request_status.is_some() || self.referral_status.is_some();
        let requests = self.request_status.map(|list| list.into_iter().map(Into::into).collect());
        let referrals = self.referral_status.map(|list| list.into_iter().map(Into::into).collect());
        InboxFilter {
            side: self.side.map(Into::into),
            due_by: by.into_iter().chain(overdue).min(),
            requests: requests.or_else(|| named.then(Vec::new)),
            referrals: referrals.or_else(|| named.then(Vec::new)),
        }
    }
}

/// Something that waits for you: a request or a referral.
#[derive(Clone)]
pub struct InboxEntry {
    request: Option<Request>,
    referral: Option<Referral>,
}

/// Something that waits for you: a request or a referral.
#[Object]
impl InboxEntry {
    /// The request, where it waits itself; else that of the referral.
    async fn request(&self, ctx: &Context<'_>) -> Result<Option<Request>> {
        match (&self.request, &self.referral) {
            (Some(request), _) => Ok(Some(request.clone())),
            (None, Some(referral)) => Request::find(ctx, referral.row.request_id).await,
            (None, None) => Ok(None),
        }
    }

    /// The referral, where one waits.
    async fn referral(&self) -> Option<Referral> {
        self.referral.clone()
    }

    /// Since when it has been in its status.
    async fn since(&self) -> Option<Instant> {
        self.since_at().map(Instant)
    }

    /// Working days for which it has been in its status.
    async fn age_workdays(&self, ctx: &Context<'_>) -> Result<i32> {
        match self.since_at() {
            Some(since) => age(ctx, since).await,
            None => Ok(0),
        }
    }

    /// When it is due; null for a draft.
    async fn due_at(&self) -> Option<Instant> {
        self.due().map(Instant)
    }

    /// Whether it is overdue.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = reads(ctx)?.db.clock().now();
        Ok(self.due().is_some_and(|due| due <= now))
    }

    /// Whether it is due within a working day, and not overdue.
    async fn due_soon(&self, ctx: &Context<'_>) -> Result<bool> {
        let (now, soon) = soon(ctx).await?;
        Ok(self.due().is_some_and(|due| now < due && due <= soon))
    }
}

impl InboxEntry {
    fn since_at(&self) -> Option<DateTime<Utc>> {
        let request = self.request.as_ref().map(|request| request.row.status_at);
        request.or(self.referral.as_ref().map(|referral| referral.row.status_at))
    }

    fn due(&self) -> Option<DateTime<Utc>> {
        let request = self.request.as_ref().and_then(|request| request.row.due_at);
        request.or(self.referral.as_ref().and_then(|referral| referral.row.due_at))
    }
}

/// Now, and until when something is due soon.
async fn soon(ctx: &Context<'_>) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    Ok(soon_of(reads(ctx)?).await?)
}

async fn soon_of(reads: &Reads) -> Outcome<(DateTime<Utc>, DateTime<Utc>)> {
    let now = reads.db.clock().now();
    let calendar = reads.load(WorkingDays).await?.unwrap_or_default();
    Ok((now, clock::after(&calendar, now, SOON).at))
}

/// A page of an inbox.
#[derive(SimpleObject)]
pub struct InboxConnection {
    /// What waits, each with its cursor.
    edges: Vec<InboxEdge>,
    /// What waits, without cursors.
    nodes: Vec<InboxEntry>,
    /// Where this page stands in the list.
    page_info: PageInfo,
}

/// One entry of an inbox with its place.
#[derive(SimpleObject)]
pub struct InboxEdge {
    /// Where it stands; pass it as `after`.
    cursor: String,
    /// The entry itself.
    node: InboxEntry,
}

/// How much waits in one pile of an inbox.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct InboxPile {
    /// Status of the requests; null for a pile of referrals.
    request_status: Option<RequestStatus>,
    /// Status of the referrals; null for a pile of requests.
    referral_status: Option<ReferralStatus>,
    /// Whether it is of changes of what was agreed that wait for your signature; both statuses are null then.
    amendments: bool,
    /// For which side you act on them.
    side: Side,
    /// How many.
    total: i32,
    /// How many of them are overdue.
    overdue: i32,
    /// How many of them are due within a working day, and not overdue.
    due_soon: i32,
}

impl InboxPile {
    fn of(row: &PileCount) -> Option<Self> {
        let number = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let side: enums::Side = row.side.parse().ok()?;
        let request: Option<enums::RequestStatus> = (row.kind == "request").then(|| row.status.parse().ok()).flatten();
        let referral: Option<enums::ReferralStatus> =
            (row.kind == "referral").then(|| row.status.parse().ok()).flatten();
        Some(Self {
            amendments: row.kind == "amendment",
            request_status: request.map(Into::into),
            referral_status: referral.map(Into::into),
            side: side.into(),
            total: number(row.total),
            overdue: number(row.overdue),
            due_soon: number(row.soon),
        })
    }
}

/// Asking for what waits.
#[derive(Default)]
pub struct InboxQuery;

#[Object]
impl InboxQuery {
    /// Everything in which you can act now, what is due first; drafts, which have no date, last.
    #[graphql(directive = access::apply(policy::READ))]
    async fn inbox(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<InboxWhere>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where not given.")] first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
    ) -> Result<InboxConnection> {
        let window = Window::from_args(first, after.as_deref(), None, None)?;
        apart(listed(ctx, filter.unwrap_or_default(), window)).await
    }

    /// How much waits for you, by status.
    #[graphql(directive = access::apply(policy::READ))]
    async fn inbox_counts(&self, ctx: &Context<'_>) -> Result<Vec<InboxPile>> {
        Ok(piles(reads(ctx)?).await?)
    }
}

/// How much waits for the caller, by pile.
pub(super) async fn piles(reads: &Reads) -> Outcome<Vec<InboxPile>> {
    let counts = store::inbox_counts(&reads.db, &reads.caller.actor, soon_of(reads).await?).await?;
    Ok(counts.iter().filter_map(InboxPile::of).collect())
}

async fn listed(ctx: &Context<'_>, filter: InboxWhere, window: Window) -> Result<InboxConnection> {
    let reads = reads(ctx)?;
    let filter = filter.read(reads.db.clock().now());
    let after = window.after().map(place).transpose()?;
    let wanted = window.limit();
    let mut entries = store::inbox(&reads.db, &reads.caller.actor, &filter, (after, wanted + 1)).await?;
    let has_next_page = entries.len() as u64 > wanted;
    entries.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
    let found = entries.iter().map(|entry| entry_of(ctx, entry));
    let nodes = futures_util::future::try_join_all(found).await?;
    let cursors: Vec<String> = entries.iter().map(|entry| cursor(entry).to_string()).collect();
    let edges: Vec<InboxEdge> = cursors
        .iter()
        .zip(&nodes)
        .map(|(cursor, node)| InboxEdge { cursor: cursor.clone(), node: node.clone() })
        .collect();
    let page_info = PageInfo {
        has_next_page,
        has_previous_page: window.after().is_some(),
        start_cursor: cursors.first().cloned(),
        end_cursor: cursors.last().cloned(),
    };
    Ok(InboxConnection { edges, nodes, page_info })
}

async fn entry_of(ctx: &Context<'_>, entry: &Entry) -> Result<InboxEntry> {
    Ok(match entry.what {
        Waiting::Request(id) => InboxEntry { request: Request::find(ctx, id).await?, referral: None },
        Waiting::Referral(id) => InboxEntry { request: None, referral: Referral::find(ctx, id).await? },
    })
}

fn cursor(entry: &Entry) -> Cursor {
    Cursor::new(ORDER, vec![SortValue::Int(entry.due_at.timestamp_micros()), SortValue::Id(entry.id)])
}

fn place(cursor: &Cursor) -> Outcome<(DateTime<Utc>, Uuid)> {
    let values = cursor.of_order(ORDER).ok_or_else(|| other_order("after"))?;
    let bad = || Fault::invalid("after", "CURSOR", "Pass a cursor as an earlier page gave it.");
    match values {
        [SortValue::Int(micros), SortValue::Id(id)] => {
            DateTime::from_timestamp_micros(*micros).map(|at| (at, *id)).ok_or_else(bad)
        }
        _ => Err(bad()),
    }
}
