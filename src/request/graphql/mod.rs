//! The desk in the schema.

mod amendment;
mod attach;
mod changes;
mod coordination;
mod custody;
mod decision;
mod due;
mod inbox;
mod input;
mod item;
mod list;
mod need;
mod offer;
mod payload;
mod referral;
mod request;
mod samples;
mod spare;
mod supply;
mod timeline;
mod words;

use async_graphql::{Context, Result};

pub use amendment::AmendmentMutation;
pub use attach::AttachMutation;
pub use changes::DeskSubscription;
pub use coordination::CoordinationMutation;
pub use decision::OfferApprovalMutation;
pub use inbox::InboxQuery;
pub use item::RequestItem;
pub use list::DeskQuery;
pub use need::RequestMutation;
pub use offer::Offer;
pub use payload::DeskPayload;
pub use referral::Referral;
pub use request::Request;
pub use samples::CustodyMutation;
pub use spare::{SpareMutation, SpareOffer, SpareQuery};
pub use supply::SupplyMutation;
pub use words::{Purpose, Side, Urgency, WorkArea};

use super::{model::Done, policy::Party};
use crate::graphql::context::reads;
use payload::DeskMove;

/// The steps of a command that the caller may know of: a provider learns nothing of the other providers.
async fn payload_moves(ctx: &Context<'_>, done: &Done) -> Result<Vec<DeskMove>> {
    let reads = reads(ctx)?;
    let own = match reads.load(done.request).await? {
        Some(request) => Party::of(&reads.caller.actor).is(&request.agency),
        // A rehearsal of what does not exist yet is its author's own.
        None => true,
    };
    let about = done.referral.map(|id| id.to_string());
    let request = done.request.to_string();
    let known = |subject: &String| own || *subject == request || Some(subject) == about.as_ref();
    Ok(done.moves.iter().filter(|one| known(&one.subject)).map(DeskMove::from).collect())
}
