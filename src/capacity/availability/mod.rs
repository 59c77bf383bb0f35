//! Truthful availability: a line counts as available over a window only if everything that it needs holds on every day
//! of the window, and each thing that does not is told with its code and the date from which it bites.
//!
//! Each check is a pure function from what the register knows to exclusions. A check that comes later, such as that of
//! free capacity, is one more function of that shape.

pub mod graphql;
pub mod model;
