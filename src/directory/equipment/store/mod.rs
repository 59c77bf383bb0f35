//! Every query on `equipment`, `calibration` and `equipment_scope`.

mod calibrations;
mod items;
mod writing;

pub use calibrations::{calibration_count, calibrations_by_ids, calibrations_of, standings};
pub use items::{by_asset_code, by_ids, children, count, count_children, history, page, walk};
pub use writing::{calibration, item_of, known, last_of_ids, links, lock, lock_calibration};
