//! Every query on `hold`, `hold_day`, `hold_block` and `capacity_day`.

mod counter;
mod reading;
mod shown;
mod writing;

pub use counter::{Part, free, laid_out, last_taken, recount, shift, take, taken_from};
pub use reading::{Around, blocks_of, days_of, recorded_within, stretches, taken, whole};
pub use shown::{Booking, Counted, blocks, bookings, counted, next_lapses};
pub use writing::{due, in_the_way, live_of, lock, lock_all, lock_at, of_offering, of_subject, over_of, turnstile};
