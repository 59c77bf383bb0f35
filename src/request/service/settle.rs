//! What follows from a step: items move with their referrals, the next provider is asked, losers are told, and the
//! request moves with its items.

use std::pin::Pin;

use entity::{
    enums::{ItemState, OfferStatus, ReferralStatus, RequestStatus, Sending, Side},
    ids::RequestItemId,
    referral, referral_item, request, request_item,
};

use super::{desk::Desk, room};
use crate::{
    attachment,
    platform::fault::Outcome,
    request::{
        model::{amendment::may_change, item_state, need, reason::Reason, referral as machine},
        store,
    },
};

impl Desk<'_> {
    /// Draws all consequences of the steps that were taken, until nothing moves any more. Ends: each round either asks
    /// one more provider or ends one more referral.
    pub(super) fn settle(&mut self) -> Pin<Box<dyn Future<Output = Outcome<()>> + Send + '_>> {
        // On the heap, as every use case ends with it.
        Box::pin(async {
            self.draw_consequences().await?;
            while self.answer_by_rule().await? {
                self.draw_consequences().await?;
            }
            Ok(())
        })
    }

    async fn draw_consequences(&mut self) -> Outcome<()> {
        self.free_ended().await?;
        if need::is_over(self.request.status) {
            return self.withdraw_open().await;
        }
        self.move_items();
        if matches!(self.request.status, RequestStatus::Draft | RequestStatus::PendingApproval) {
            return Ok(());
        }
        self.lose_rivals().await?;
        while let Some(at) = self.next_to_ask() {
            self.send(at).await?;
        }
        self.follow_items().await?;
        self.free_ended().await
    }

    /// The items that a referral is about.
    pub(super) fn items_of(&self, at: usize) -> &[RequestItemId] {
        self.placed.get(&self.referrals[at].id).map_or(&[], Vec::as_slice)
    }

    /// Releases what is set aside for referrals that have ended without work.
    async fn free_ended(&mut self) -> Outcome<()> {
        let ended: Vec<usize> = (0..self.referrals.len()).filter(|at| self.is_left_behind(*at)).collect();
        if ended.is_empty() {
            return Ok(());
        }
        room::lock(self).await?;
        for at in ended {
            if self.is_amendment_over(at) {
                let why = Reason::code(self.referrals[at].status.word());
                self.end_amendment(at, OfferStatus::Superseded, (Side::System, why)).await?;
            }
            self.end_pending_where_over(at).await?;
            if self.is_hold_over(at) {
                let row = self.referrals[at].clone();
                room::release(self.tx, row.hold_id, row.status.word()).await?;
                self.write_referral(at, referral::Model { hold_id: None, ..row }).await?;
            }
        }
        Ok(())
    }

    /// Whether something stands of a referral for which it is too late.
    fn is_left_behind(&self, at: usize) -> bool {
        self.is_amendment_over(at) || self.is_pending_over(at) || self.is_hold_over(at)
    }

    fn is_amendment_over(&self, at: usize) -> bool {
        self.referrals[at].amendment_id.is_some() && !may_change(self.referrals[at].status)
    }

    /// Whether something is set aside for a referral that has ended, and nothing is done for it.
    fn is_hold_over(&self, at: usize) -> bool {
        use ReferralStatus::{Cancelled, Declined, Failed, LostRace, TimedOut};
        let row = &self.referrals[at];
        row.hold_id.is_some() && matches!(row.status, Declined | TimedOut | LostRace | Cancelled | Failed)
    }

    /// Ends every referral of an ended request that nobody has agreed to.
    async fn withdraw_open(&mut self) -> Outcome<()> {
        let reason = format!("REQUEST_{}", self.request.status.word());
        for at in 0..self.referrals.len() {
            if !machine::is_over(self.referrals[at].status) && !machine::is_agreed(self.referrals[at].status) {
                let why = Reason { code: Some(reason.clone()), text: self.request.reason_text.clone() };
                self.step_referral(at, machine::Event::Withdraw, (Side::System, why), |_| {}).await?;
            }
        }
        self.free_ended().await
    }

    /// Each item is as far as the referral that was agreed for it.
    fn move_items(&mut self) {
        self.states = self.items.iter().map(|item| self.state_of(item)).collect();
    }

    fn state_of(&self, item: &request_item::Model) -> ItemState {
        let about = (0..self.referrals.len()).filter(|at| self.items_of(*at).contains(&item.id));
        let about: Vec<&referral::Model> = about.map(|at| &self.referrals[at]).collect();
        let furthest = about.iter().filter_map(|row| item_state(row.status, row.resumes)).max();
        let cancelled =
            about.iter().any(|row| row.status == ReferralStatus::Cancelled && row.requester_signed_at.is_some());
        furthest.unwrap_or(if cancelled { ItemState::Cancelled } else { ItemState::Sought })
    }

    async fn write_items(&mut self) -> Outcome<()> {
        for place in 0..self.items.len() {
            let (item, state) = (self.items[place].clone(), self.states[place]);
            if item.state != state {
                let next = request_item::Model { state, ..item.clone() };
                self.items[place] = self.tx.update_together(item, next).await?;
            }
        }
        Ok(())
    }

    fn is_sought(&self, id: RequestItemId) -> bool {
        let mut states = self.items.iter().zip(&self.states);
        states.any(|(item, state)| item.id == id && *state == ItemState::Sought)
    }

    /// Whoever is asked for items of which one is agreed elsewhere has lost the race, and is told so.
    async fn lose_rivals(&mut self) -> Outcome<()> {
        for at in 0..self.referrals.len() {
            let row = &self.referrals[at];
            // Whoever was not asked yet has lost nothing, and may be asked where what was agreed fails.
            let asked = machine::is_asked(row.status) || row.status == ReferralStatus::RetryLater;
            let lost = self.items_of(at).iter().any(|item| !self.is_sought(*item));
            if asked && lost {
                let why = Reason::code("ANOTHER_PROVIDER_CHOSEN");
                self.step_referral(at, machine::Event::Lose, (Side::System, why), |_| {}).await?;
            }
        }
        Ok(())
    }

    /// The next referral whose turn has come: by rank, those of last resort behind all others.
    fn next_to_ask(&self) -> Option<usize> {
        if self.request.status != RequestStatus::Open && !self.has_sought() {
            return None;
        }
        let queued = |at: &usize| {
            let waits = self.referrals[*at].status == ReferralStatus::Queued;
            waits && self.items_of(*at).iter().any(|item| self.is_sought(*item))
        };
        let mut waiting: Vec<usize> = (0..self.referrals.len()).filter(queued).collect();
        waiting.sort_by_key(|at| (self.referrals[*at].last_resort, self.referrals[*at].rank));
        waiting.into_iter().find(|at| {
            let row = &self.referrals[*at];
            let abreast = self.request.sending == Sending::SideBySide && !row.last_resort;
            let sought = self.items_of(*at).iter().filter(|item| self.is_sought(**item));
            abreast || !sought.into_iter().any(|item| self.is_asked_for(*item, row.last_resort))
        })
    }

    fn has_sought(&self) -> bool {
        self.states.contains(&ItemState::Sought)
    }

    /// Whether somebody is being asked for an item. Before the last resort those who wait for a later date count too.
    fn is_asked_for(&self, item: RequestItemId, last_resort: bool) -> bool {
        (0..self.referrals.len()).any(|at| {
            let status = self.referrals[at].status;
            let counts = machine::is_asked(status) || (last_resort && status == ReferralStatus::RetryLater);
            counts && self.items_of(at).contains(&item)
        })
    }

    /// Sends a referral, or passes over a provider whose offering is closed by now.
    async fn send(&mut self, at: usize) -> Outcome<()> {
        if let Some(closed) = room::closed(self, at).await? {
            let why = Reason::code(closed);
            self.step_referral(at, machine::Event::Withdraw, (Side::System, why), |_| {}).await?;
            return Ok(());
        }
        self.leave_out_agreed(at).await?;
        let shown_to = store::shown_also(&self.request.shown_to, &self.referrals[at].agency);
        if shown_to != self.request.shown_to && self.referrals[at].agency != self.request.agency {
            self.write_request(request::Model { shown_to, ..self.request.clone() }).await?;
        }
        let (subject, agency) = (self.request.id.to_string(), self.referrals[at].agency.clone());
        attachment::service::show_to(self.tx, &subject, &[agency]).await?;
        self.step_referral(at, machine::Event::Send, (Side::System, Reason::default()), |_| {}).await?;
        self.offer_spare(at).await
    }

    /// Takes items off a referral that were agreed with somebody else while it waited for its turn.
    async fn leave_out_agreed(&mut self, at: usize) -> Outcome<()> {
        let row = self.referrals[at].clone();
        let (sought, agreed): (Vec<_>, Vec<_>) = self.items_of(at).iter().partition(|item| self.is_sought(**item));
        for item_id in agreed {
            let link = referral_item::Model { referral_id: row.id, item_id, agency: row.agency.clone() };
            self.tx.unlink(link).await?;
        }
        self.placed.insert(row.id, sought);
        Ok(())
    }

    /// The request is as far as its items.
    async fn follow_items(&mut self) -> Outcome<()> {
        let waiting = (0..self.referrals.len()).any(|at| {
            let status = self.referrals[at].status;
            let asked = machine::is_asked(status) || status == ReferralStatus::RetryLater;
            asked && self.items_of(at).iter().any(|item| self.is_sought(*item))
        });
        if !waiting {
            let sought = self.states.iter_mut().filter(|state| **state == ItemState::Sought);
            sought.for_each(|state| *state = ItemState::Unfilled);
        }
        self.write_items().await?;
        let message = need::message(&self.states, waiting);
        if self.request.status == RequestStatus::Disputed {
            return Ok(());
        }
        self.step_request(message, Side::System, Reason::default()).await?;
        if need::is_over(self.request.status) { self.withdraw_open().await } else { Ok(()) }
    }
}
