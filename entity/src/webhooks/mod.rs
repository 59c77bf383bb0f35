//! Endpoints of agencies, and what is delivered to them.

pub mod webhook;
pub mod webhook_cursor;
pub mod webhook_delivery;
pub mod webhook_queue;
pub mod webhook_secret;
