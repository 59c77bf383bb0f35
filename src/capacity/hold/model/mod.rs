//! What is asked for, what is found, and where a hold is in its life: pure functions.

mod block;
mod lifecycle;
mod refusal;
mod units;
mod wanted;

pub use block::{Clash, Taken, clashes};
pub use lifecycle::{Next, Step, is_alive, next};
pub use refusal::refusal;
pub use units::{Bucket, Short, Shortage, allot, kept, recorded, summed};
pub use wanted::{Block, Placed, Units, Wanted};
