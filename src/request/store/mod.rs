//! Every query on the tables of the desk.

mod inbox;
mod reading;
mod rota;
mod sheet;
mod writing;

pub use inbox::{Entry, InboxFilter, PileCount, Waiting, inbox, inbox_counts};
pub use reading::*;
pub use rota::{load, placed_since, recused_since};
pub use sheet::{Sheet, sheets};
pub use writing::*;
