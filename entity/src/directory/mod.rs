//! Rows of the register.

pub mod agency;
pub mod calibration;
pub mod certificate;
pub mod certificate_lab;
pub mod competence_scope;
pub mod equipment;
pub mod equipment_scope;
pub mod holiday;
pub mod institution;
pub mod lab;
pub mod scope_version;
pub mod signatory;
pub mod signatory_scope;
pub mod standard;
