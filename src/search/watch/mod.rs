//! Saved searches that are asked again when the register has changed.
//!
//! Promise: a saved search whose `notify` is set is asked again when lines, sites, certificates, equipment, people, standards
//! or offerings have changed, or a day has begun; at most once in so many minutes, by one node. Its agency alone is told how
//! many matches are new, and the first of them. What the search found when it was first asked, or was asked something else,
//! is not news; and no match is ever told twice, also when it was gone meanwhile. A search that finds more than the
//! configuration says is too wide to be watched: nothing is told until it finds fewer, and what it then finds is no news.
//!
//! Tables: `saved_search_watch`, `saved_search_match`. Events: `savedSearch.matched.v1`.

pub mod events;
pub mod model;
pub mod policy;
pub mod service;
mod store;
