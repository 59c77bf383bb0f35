//! What every capability stands on: access, transactions, the feed, faults, time. Knows no capability.

pub mod access;
pub mod clock;
pub mod command;
pub mod db;
pub mod fault;
pub mod feed;
pub mod filter;
pub mod lag;
pub mod lenient;
pub mod page;
pub mod patch;
pub mod reads;
pub mod schema;
pub mod secret;
pub mod secret_file;
pub mod telemetry;
pub mod touched;
pub mod workday;
