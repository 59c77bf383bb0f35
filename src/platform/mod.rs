//! What every capability stands on: access, transactions, the feed, faults, time. Knows no capability.

pub mod access;
pub mod access_log;
pub mod clock;
pub mod command;
pub mod db;
pub mod event;
pub mod fault;
pub mod feed;
pub mod filter;
pub mod lag;
pub mod lenient;
pub mod pace;
pub mod page;
pub mod patch;
pub mod personal;
pub mod reads;
pub mod retention;
pub mod schema;
pub mod secret;
pub mod secret_file;
pub mod signing;
pub mod telemetry;
pub mod touched;
pub mod workday;
