//! The register: who can test what, where, with which instruments, under which certificate.
//!
//! Each noun is a folder with the same rooms (`model`, `policy`, `store`, `service`, `graphql`, `loader`).

pub mod agency;
pub mod calendar;
pub mod certificate;
pub mod contact;
pub mod equipment;
pub mod events;
pub mod family;
pub mod graphql;
pub mod institution;
pub mod lab;
pub mod person;
pub mod policy;
pub mod region;
pub mod reminder;
pub mod rows;
pub mod scope;
pub mod standard;
pub mod standing;
pub mod text;
