//! Holds and bookings: capacity that is set aside for somebody, and then firm.
//!
//! Promise: never more units than there are, never more for partners than is open to them, never two blocks of time that
//! overlap at one item; the database keeps that promise by guarded counters, named checks and an exclusion (see
//! `docs/decisions/0018-counters-and-exclusion.md`). A hold whose time is over counts as free for everybody who asks or
//! needs the room, whether or not a sweeper has been there. Where an offering has no calendar its units are recorded and
//! not counted; blocks never overlap all the same.
//!
//! Locks are taken in one order: the offering (shared), the items by id, holds by id, days in ascending order, blocks. Who
//! places several in one transaction takes the offerings in ascending order; who ends several calls [`together`] first.
//!
//! Tables: `hold`, `hold_day`, `hold_block`, `capacity_day`.

pub mod model;
pub mod policy;
pub mod service;
pub mod store;
pub mod sweep;

pub use model::{Block, Placed, Units, Wanted};
pub use service::{confirm, extend, finish, of_hold, of_subject, place, release, together};
