//! Who may do what with equipment.

use entity::{
    calibration, equipment,
    ids::{CalibrationId, EquipmentId},
};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading equipment and calibrations.
pub const READ: Action = Action::new("equipment.read", "directory:read");
/// Entering an item.
pub const CREATE: Action = Action::new("equipment.create", "equipment:write");
/// Editing one.
pub const EDIT: Action = Action::new("equipment.edit", "equipment:write");
/// Putting one in or out of service, or retiring it.
pub const CHANGE_STATUS: Action = Action::new("equipment.change_status", "equipment:write");
/// Entering that a scope line needs an item.
pub const LINK: Action = Action::new("equipment.link", "equipment:write");
/// Entering that a scope line needs an item no longer.
pub const UNLINK: Action = Action::new("equipment.unlink", "equipment:write");
/// Recording a calibration.
pub const RECORD: Action = Action::new("calibration.record", "equipment:write");
/// Declaring the entry of a calibration wrong.
pub const VOID: Action = Action::new("calibration.void", "equipment:write");

impl Ruled for equipment::Model {
    const KIND: &'static str = EquipmentId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, None, Some(self.lab_id))
    }
}

impl Ruled for calibration::Model {
    const KIND: &'static str = CalibrationId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// A calibration has no visibility of its own: its item, which is opened first, decides who may see it.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, entity::enums::Visibility::Own, None, None)
    }
}
