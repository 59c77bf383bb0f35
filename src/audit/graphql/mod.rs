//! Looking back, in the schema.

mod access;
mod chain;
mod history;

pub use access::{AccessQuery, PersonalDataMutation};
pub use chain::ChainQuery;
pub use history::HistoryQuery;
