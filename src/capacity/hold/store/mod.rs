//! Every query on `hold`, `hold_day`, `hold_block` and `capacity_day`.

mod counter;
mod reading;
mod writing;

pub use counter::{Part, free, laid_out, recount, shift, take};
pub use reading::{Around, days_of, taken, whole};
pub use writing::{due, in_the_way, live_of, lock, lock_all, of_offering, of_subject, turnstile};
