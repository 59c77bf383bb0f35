//! Every query on the tables of the desk.

mod deadline;
mod decision;
mod inbox;
mod listing;
mod reading;
mod rota;
mod sheet;
mod spare;
mod theirs;
mod writing;

pub use deadline::{amendments_due, referrals_due, requests_due};
pub use decision::{
    Undecided, decision, decisions, decisions_on, fields_of, listed, mark, standing, to_escalate, undecided, voices,
};
pub use inbox::{Entry, InboxFilter, PileCount, Waiting, inbox, inbox_counts};
pub use listing::{
    DeskOrder, ReferralFilter, RequestFilter, count_referrals, count_requests, referral_page, request_page,
};
pub use reading::*;
pub use rota::{load, placed_since, recused_since};
pub use sheet::{Sheet, sheets};
pub use spare::{SpareFilter, count_spare, lock_spare, spare_by_ids, spare_page, spare_to_take, taken_of_spare};
pub use writing::*;
