//! Use cases of looking back.

pub mod erase;
pub mod export;
pub mod history;
pub mod seal;
pub mod verify;
