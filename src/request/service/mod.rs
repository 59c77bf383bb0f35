//! What can be done at the desk: one function for each thing that somebody does.
//!
//! Every one has the same few lines: the row of the request is locked, the rule of the row asked, the step taken through
//! its machine, its consequences drawn, and all of it written in one transaction.

mod accept;
mod amend;
mod answer;
mod approve;
mod attach;
mod cancel;
mod counsel;
mod custody;
mod deliver;
mod desk;
mod draft;
mod due;
mod pending;
mod place;
pub mod recount;
pub mod remind;
mod room;
mod rota;
mod rules;
mod settle;
mod spare;
mod step;
pub mod sweep;
mod truth;
mod work;

pub use accept::{accept, answer as answer_condition, counter, reject};
pub use amend::{propose as amend, refuse as refuse_amendment, sign as sign_amendment};
pub use answer::{acknowledge, decline, offer, retry_later};
pub use approve::{approve, give_back, submit, unblind, withdraw};
pub use attach::{to_consignment, to_offer, to_request};
pub use cancel::{Verdict, answer_cancel, call_off, dispute, fail, request_cancel, resolve};
pub use custody::{NewConsignment, dispatch, lose, receive, reject as reject_samples, send_back};
pub use deliver::{Report, deliver};
pub use draft::{create, edit};
pub use pending::{approve as approve_offer, give_back as return_offer};
pub use place::refer;
pub use rules::{Effect, effects};
pub use spare::{spare, withdraw_spare};
pub use work::{correct, schedule, settle, start};
