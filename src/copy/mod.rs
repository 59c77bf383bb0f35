//! Copies: how a partner's system copies what it may see, and keeps up.
//!
//! Promise: whoever asks `changes` again and again, each time since the position that the last page ended with, comes to
//! hold exactly what `node` shows to them, and comes to hold it again after every change. The first pages walk through
//! everything; the position that was taken before the walk is carried along, so that the feed is read from there on
//! without a gap. What is told is an object as it is now, never a change, so that telling it twice does no harm. What can no
//! longer be seen is told by its id alone, and only to those who could see it before (see
//! `docs/decisions/0024-copies-kept-by-partners.md`).
//!
//! Tables: none; it reads `feed`, `change`, and the rows by the rules of their own capabilities. Actions: `copy.read`.

pub mod graphql;
pub mod model;
pub mod policy;
pub mod service;
mod store;
