//! The request desk: needs, where they were placed, what was answered, and every step that was taken.

pub mod approval;
pub mod consignment;
pub mod custody_event;
pub mod decision;
pub mod deliverable;
pub mod enums;
pub mod offer;
pub mod offer_condition;
pub mod referral;
pub mod referral_item;
pub mod request;
pub mod request_item;
pub mod spare_offer;
pub mod transition;
