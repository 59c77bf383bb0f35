//! Webhooks: an agency's endpoints are told of events by HTTP, by the specification Standard Webhooks.
//!
//! Promise: what an endpoint hears of is what its agency may see, as for subscribers, and of that what it asks for. Each
//! event is delivered at least once, under the id of the event; those about one object arrive in the order of the feed,
//! since the next one waits until the one before was taken or given up. What is sent is signed, never redirected, and never
//! sent to an address of the house's own network, unless the operator allows it. A secret is told once and stands in no log.
//!
//! * `follower` turns entries of the feed into rows of `webhook_delivery`; `sender` sends them; `sweep` clears them away.
//!   All nodes do so at once.
//! * `store/queue` keeps the books, beside the change log; endpoints and secrets are written through it like all else.
//!
//! Tables: `webhook`, `webhook_secret`, `webhook_queue`, `webhook_cursor`, `webhook_delivery`. Actions: see [`policy`].
//! Events: `webhook.disabled.v1`.

pub mod events;
pub mod follower;
pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod sender;
pub mod service;
pub mod settings;
pub mod store;
pub mod sweep;

pub use settings::Settings;
