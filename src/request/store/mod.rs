//! Every query on the tables of the desk.

mod deadline;
mod inbox;
mod reading;
mod rota;
mod sheet;
mod writing;

pub use deadline::{amendments_due, referrals_due, requests_due};
pub use inbox::{Entry, InboxFilter, PileCount, Waiting, inbox, inbox_counts};
pub use reading::*;
pub use rota::{load, placed_since, recused_since};
pub use sheet::{Sheet, sheets};
pub use writing::*;
