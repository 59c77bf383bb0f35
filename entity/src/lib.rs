//! The stored rows of Labpact and nothing else: no rules, no GraphQL.
//!
//! One folder per capability, one file per table. Three nouns keep their whole past in the table itself:
//! [`certificate`], [`competence_scope`] and [`equipment`] have the key (id, revision), and each revision is in
//! force on the half-open span of dates `[effective_from, effective_to)`; the last one runs to [`FOREVER`].

mod approvals;
mod attachments;
mod capacity;
mod desk;
mod directory;
pub mod enums;
mod identity;
pub mod ids;
mod message;
mod platform;
mod record;
mod search;
mod webhooks;

pub use approvals::{approval_rules, deputy};
pub use attachments::{attachment, attachment_party};
pub use capacity::{
    calendar_feed, capacity_calendar, capacity_closure, capacity_day, capacity_exception, equipment_outage, hold,
    hold_block, hold_day, offering, offering_equipment, offering_scope,
};
pub use desk::{
    approval, consignment, custody_event, decision, deliverable, offer, offer_condition, referral, referral_item,
    request, request_item, spare_offer, transition,
};
pub use directory::{
    agency, calibration, certificate, certificate_lab, competence_scope, equipment, equipment_scope, holiday,
    institution, lab, scope_version, signatory, signatory_scope, standard,
};
pub use identity::{machine_account, revocation, used_assertion};
pub use message::{mail, message_cursor, message_mark, message_note, message_preference};
pub use platform::{access_log, change, checkpoint, feed, idempotency, outbox, pruned, reminder, uncounted};
pub use record::{Bookkeeping, Counters, Record, Revised, Versioned};
pub use search::{saved_search, saved_search_match, saved_search_watch};
pub use webhooks::{webhook, webhook_cursor, webhook_delivery, webhook_queue, webhook_secret};

use chrono::NaiveDate;

/// The end of a span that has no end.
pub const FOREVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a valid date");
