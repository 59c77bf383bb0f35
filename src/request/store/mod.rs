//! Every query on the tables of the desk.

mod inbox;
mod reading;
mod writing;

pub use inbox::{Entry, InboxFilter, PileCount, Waiting, inbox, inbox_counts};
pub use reading::*;
pub use writing::*;
