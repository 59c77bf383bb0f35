//! Truthful availability: a line counts as available over a window only if everything that it needs holds on every day
//! of the window, and each thing that does not is told with its code and the date from which it bites.
//!
//! Each check is a pure function from what the register knows to exclusions. What is free is read from the calendars and
//! the holds as a whole, so that whoever asks often can keep it (see [`units`]).

pub mod graphql;
pub mod model;
pub mod units;
