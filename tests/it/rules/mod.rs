//! Pure rules of the domain.

mod certificate_number;
mod divisions;
mod lenient;
mod serial;
mod standard_number;
mod uscc;
mod workday;
