//! The words of approval rules in the schema.

use async_graphql::Enum;
use entity::enums;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::DecisionPoint")]
pub enum DecisionPoint {
    /// The requester approves a request before it goes out.
    Request,
    /// The provider takes note of what it is asked; by rule, or by whoever answers.
    Acknowledge,
    /// The provider approves an offer before it goes out.
    Offer,
    /// The requester accepts an offer, or signs a change of what was agreed.
    Accept,
    /// The provider signs what was accepted, or a change of it.
    Sign,
    /// The provider answers a wish to cancel.
    Cancel,
}
