//! Events: what happened in the pact, in one order, told to those who may hear of it.
//!
//! An event is told when it has its number in the feed, never before its transaction has committed. One follower per
//! process reads the feed and hands what it finds to those who asked for it, through a bounded queue of each; whoever
//! falls behind is cut off and told where to go on. Each event carries its position, so that a subscriber who comes back misses
//! nothing. What a caller may hear of is decided for each event at its delivery.
//!
//! Tables owned by this room: none; it reads `feed`, `outbox` and, for other rooms, kinds of `change`. Actions: `event.read`.

pub mod catalogue;
pub mod envelope;
pub mod follower;
pub mod graphql;
pub mod hub;
pub mod model;
pub mod policy;
pub mod service;
pub(crate) mod store;
