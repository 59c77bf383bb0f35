//! What webhooks are made of: addresses, secrets, endpoints, messages, and what follows from an attempt. Pure.

pub mod attempt;
pub mod endpoint;
pub mod guard;
pub mod message;
pub mod signature;
