//! Setting capacity aside, making it firm, giving it back: inside the transaction of whoever decides about it.

mod end;
mod place;

pub use end::{confirm, expire, expire_all, extend, finish, of_hold, of_subject, release, together};
pub use place::place;
