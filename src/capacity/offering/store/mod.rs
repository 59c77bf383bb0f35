//! Every query on `offering`, `offering_scope` and `offering_equipment`.

mod reading;
mod whole;
mod writing;

pub use reading::{by_code, by_ids, children, count, count_children, lists, page, shown_ids, shown_in, walk};
pub use whole::{WithLists, after, of_labs};
pub use writing::{items, lab_of, lines, lock};
