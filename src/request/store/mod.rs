//! Every query on the tables of the desk.

mod reading;
mod writing;

pub use reading::*;
pub use writing::*;
