//! Import and export of the register as files.
//!
//! [`sheet`] reads and writes rows of text in CSV and XLSX and knows no domain; [`format`](mod@format) knows which
//! columns each kind of record has, finds them under the headings of a file, and turns rows into typed records or
//! into refusals. Neither touches the database.

pub mod format;
pub mod graphql;
pub mod policy;
pub mod service;
pub mod sheet;
