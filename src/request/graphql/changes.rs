//! Hearing of what moves at the desk.
//!
//! Both subscriptions tell the present state, first at once and then whenever it may have changed, so that whoever comes
//! back has missed nothing. What the caller may see is decided anew at each delivery, by reading it anew.

use std::time::Duration;

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use entity::{change, ids::RequestId};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use super::{
    inbox::{InboxPile, piles},
    request::Request,
};
use crate::{
    graphql::{access::access, context::reads, scalars::parse_id, streams::Resume},
    notify::{
        self,
        graphql::hub,
        hub::{Hub, Lagged, Listener},
        model::{News, Position},
    },
    platform::{
        access::{Caller, Ruled},
        db::Db,
        fault::{Fault, Outcome},
        reads::Reads,
    },
    request::{
        model::news,
        policy::{self, Party},
        store,
    },
};

/// The shortest time between two counts of an inbox.
const GAP: Duration = Duration::from_secs(1);
/// How often an inbox is counted though nothing was heard: time alone makes things overdue.
const EVERY: Duration = Duration::from_mins(1);

/// That something of a request has moved.
#[derive(SimpleObject)]
pub struct RequestChange {
    /// The request as it is now.
    request: Request,
    /// Name of the event, such as `referral.offered.v1`; null for the first, which tells how the request is, and for what
    /// is no event of its own, such as the answer to a condition.
    name: Option<&'static str>,
    /// The place in the feed up to which this tells. Opaque.
    position: String,
}

/// Hearing of what moves at the desk.
#[derive(Default)]
pub struct DeskSubscription;

#[Subscription]
impl DeskSubscription {
    /// A request, at once and then whenever anything of it moves that you may see: its status, its referrals, offers,
    /// consignments. Ends with NOT_FOUND where you may not see it (any more).
    #[graphql(directive = access::apply(policy::READ))]
    async fn request_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Typed id of the request.")] id: ID,
    ) -> Result<impl Stream<Item = Result<RequestChange>>> {
        let id: RequestId = parse_id(&id, "id")?;
        let desk = Desk::of(ctx)?;
        let heard = desk.of_request(id);
        let position = notify::service::position(&desk.db).await?;
        desk.resume.begins(&position.to_string());
        let first = desk.shown(id, (None, position)).await?;
        let rest = stream::try_unfold((desk, heard), move |(desk, mut heard)| async move {
            let next = desk.next_of(id, &mut heard).await?;
            Ok(Some((next, (desk, heard))))
        });
        Ok(stream::iter([Ok(first)]).chain(rest))
    }

    /// How much waits for you, by status, at once and then whenever it has changed; at most once in a second.
    #[graphql(directive = access::apply(policy::READ))]
    async fn inbox_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Result<Vec<InboxPile>>>> {
        let desk = Desk::of(ctx)?;
        let inbox = Inbox { heard: desk.of_agency(), desk, told: None, again: Instant::now() };
        Ok(stream::try_unfold(inbox, |mut inbox| async move {
            let piles = inbox.next().await?;
            Ok(Some((piles, inbox)))
        }))
    }
}

/// Whoever listens, and where.
struct Desk {
    db: Db,
    caller: Caller,
    hub: Hub,
    resume: Resume,
}

impl Desk {
    fn of(ctx: &Context<'_>) -> Outcome<Self> {
        let reads = reads(ctx)?;
        let resume = ctx.data_opt::<Resume>().cloned().unwrap_or_default();
        Ok(Self { db: reads.db.clone(), caller: reads.caller.clone(), hub: hub(ctx)?.clone(), resume })
    }

    fn party(&self) -> Party {
        Party::of(&self.caller.actor)
    }

    /// Hears of what may be about one request.
    fn of_request(&self, id: RequestId) -> Listener {
        let reaches = self.reach();
        self.hub.listen(move |told| match told {
            News::Row(row) => news::may_concern(&row.change, id) && reaches(&row.change),
            News::Event(_) => false,
        })
    }

    /// Hears of what may change what lies in the caller's inbox.
    fn of_agency(&self) -> Listener {
        let reaches = self.reach();
        self.hub.listen(move |told| match told {
            News::Row(row) => reaches(&row.change),
            News::Event(_) => false,
        })
    }

    fn reach(&self) -> impl Fn(&change::Model) -> bool + Send + 'static {
        let party = self.party();
        move |change| match &party {
            Party::All => news::may_reach(change, None),
            Party::Agency(own) | Party::Sites(own, _) => news::may_reach(change, Some(own)),
            Party::Nobody => false,
        }
    }

    /// The request as the caller may see it now.
    async fn shown(&self, id: RequestId, (name, position): (Option<&'static str>, Position)) -> Outcome<RequestChange> {
        let reads = Reads::new(self.db.clone(), self.caller.clone());
        let row = reads.load(id).await?;
        let row = row.ok_or_else(|| Fault::not_found(<entity::request::Model as Ruled>::KIND, id.0))?;
        let position = position.to_string();
        self.resume.delivers(&position);
        Ok(RequestChange { request: Request { row }, name, position })
    }

    /// The next movement of a request that the caller may know of.
    async fn next_of(&self, id: RequestId, heard: &mut Listener) -> Outcome<RequestChange> {
        loop {
            match heard.hear().await {
                Ok(News::Row(row)) => {
                    let Ok(key) = Uuid::parse_str(&row.change.entity_id) else { continue };
                    let about = (row.change.entity.as_str(), key);
                    // A request that is hidden now is told as such, whatever moved.
                    let change = self.shown(id, (news::name(&row.change), row.position)).await?;
                    if store::knows(&self.db, &self.party(), about, id).await? {
                        return Ok(change);
                    }
                }
                Ok(News::Event(_)) => {}
                Err(Lagged) => {
                    // What was not heard is in the state that follows.
                    *heard = self.of_request(id);
                    let position = notify::service::position(&self.db).await?;
                    return self.shown(id, (None, position)).await;
                }
            }
        }
    }
}

/// One who listens to an inbox.
struct Inbox {
    desk: Desk,
    heard: Listener,
    /// What was told last.
    told: Option<Vec<InboxPile>>,
    /// When it may be counted again.
    again: Instant,
}

impl Inbox {
    /// What waits, once it is something else than what was told.
    async fn next(&mut self) -> Outcome<Vec<InboxPile>> {
        loop {
            if self.told.is_some() {
                // Time out or not: it is counted.
                let _ = timeout_at(Instant::now() + EVERY, self.hear()).await;
            }
            sleep_until(self.again).await;
            if self.heard.forget().is_err() {
                self.heard = self.desk.of_agency();
            }
            self.again = Instant::now() + GAP;
            let piles = piles(&Reads::new(self.desk.db.clone(), self.desk.caller.clone())).await?;
            if self.told.as_ref() != Some(&piles) {
                self.told = Some(piles.clone());
                return Ok(piles);
            }
        }
    }

    async fn hear(&mut self) {
        if self.heard.hear().await.is_err() {
            self.heard = self.desk.of_agency();
        }
    }
}
