//! The demonstration data.
