//! Until when the next step of a request or a referral is due, and on which side.

use chrono::{DateTime, Utc};
use entity::{
    enums::{RequestStatus, Side},
    referral,
};

use super::desk::Desk;
use crate::request::model::{
    clock,
    machine::{Allowance, Span},
    referral as machine,
};

impl Desk<'_> {
    /// A referral with the due date that follows from it now.
    pub(super) fn due_anew(&self, row: referral::Model) -> referral::Model {
        let facts = machine::Facts { lapses: row.lapses, resumes: row.resumes.unwrap_or(row.status) };
        match machine::clock(row.status, facts) {
            Some(clock) if matches!(clock.span, Span::Start | Span::Report) => {
                let (due, side) = self.due_of_referral(clock, &row);
                referral::Model { due_at: Some(due.at), due_side: Some(side), due_provisional: due.provisional, ..row }
            }
            _ => row,
        }
    }

    pub(super) fn due_of_request(&self, allowance: Allowance) -> (clock::Due, Side) {
        let needed = clock::end_of(self.request.need_by);
        let due = match allowance.span {
            Span::Halves(usual, urgent) => {
                let halves = if self.urgent() { urgent } else { usual };
                let due = clock::after(&self.calendar, self.tx.now(), halves);
                // An approval is of no use behind the date on which the results were needed.
                let open = self.request.status != RequestStatus::Disputed && needed > self.tx.now();
                if open && allowance.side == Side::Requester {
                    clock::Due { at: due.at.min(needed), ..due }
                } else {
                    due
                }
            }
            Span::Start | Span::Report | Span::Offer | Span::Retry | Span::NeedBy => {
                clock::Due { at: needed, provisional: false }
            }
        };
        (due, allowance.side)
    }

    pub(super) fn due_of_referral(&self, allowance: Allowance, row: &referral::Model) -> (clock::Due, Side) {
        let fixed =
            |at: Option<DateTime<Utc>>| clock::Due { at: at.unwrap_or_else(|| self.tx.now()), provisional: false };
        let due = match allowance.span {
            Span::Halves(usual, urgent) => {
                clock::after(&self.calendar, self.tx.now(), if self.urgent() { urgent } else { usual })
            }
            Span::Start => fixed(row.starts_on.map(clock::end_of)),
            Span::Report => fixed(row.report_by.map(clock::end_of)),
            Span::Offer => fixed(self.offer_ends.get(&row.id).copied().or(row.due_at)),
            // Asked again on the morning of that date.
            Span::Retry => fixed(row.retry_on.and_then(|date| date.pred_opt()).map(clock::end_of)),
            Span::NeedBy => fixed(Some(clock::end_of(self.request.need_by))),
        };
        (due, allowance.side)
    }
}
