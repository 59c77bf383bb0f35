//! Equipment and calibrations as callers write them, and what a calibration is worth on a date.

mod calibration;
mod item;
mod query;

pub use calibration::{CalibrationStanding, NewCalibration};
pub use item::{EquipmentEdit, NewEquipment, StatusChange, may_become};
pub use query::{CalibrationOrder, EquipmentEdge, EquipmentFilter, EquipmentOrder};
