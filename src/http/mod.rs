//! The edge: HTTP in front of the schema.

pub mod answer;
pub mod attachment;
pub mod auth;
pub mod body;
pub mod calendar;
pub mod connection;
pub mod events;
pub mod graphql;
pub mod health;
pub mod live;
pub mod metrics;
pub mod negotiate;
pub mod observe;
pub mod origin;
pub mod page;
pub mod reason;
pub mod request;
pub mod request_id;
pub mod server;
pub mod socket;
pub mod sse;
pub mod token;
pub mod unsubscribe;
