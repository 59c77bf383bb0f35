//! Messages to people: what happened that concerns them, what waits for them, and what is due.
//!
//! Promise: each event of the feed is told once to those whom the table in [`model::rule`] names; each deadline is announced
//! once and, where it passed, told once more, as long as it does not move. Who asked for it gets mail besides: at once, or once
//! a day; each mail is sent at least once and bears the same Message-ID whenever it is sent. Any number of nodes do this
//! together. A person who leaves takes everything along that was kept about them.
//!
//! This room names no capability: it is fed by the feed, and by what implements [`deadline::Deadlines`].
//!
//! Tables: `message`, `message_mark`, `message_preference`, `mail`, `message_cursor`, all of them bookkeeping
//! (`platform::db::Books`), so none is in the change log. Actions: see [`policy`]. Events: none.

pub mod deadline;
pub mod digest;
pub mod follower;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod post;
pub mod reminder;
pub mod run;
pub mod service;
pub mod settings;
pub mod store;
pub mod words;

pub use run::Messages;
