//! Who may bring and take files. Bringing a kind needs the scope that writes it; each row is then decided by its own rule.

use super::format::Kind;
use crate::platform::access::Action;

/// Taking files of what one may see.
pub const EXPORT: Action = Action::new("exchange.export", "directory:read");

/// Asking what a file would do, or bringing it: the scope is decided by the kind.
pub const IMPORT: Action = Action::new("exchange.import", "directory:read");

/// The action of bringing a kind.
pub const fn import(kind: Kind) -> Action {
    match kind {
        Kind::Institutions => Action::new("institutions.import", "directory:write"),
        Kind::Labs => Action::new("labs.import", "directory:write"),
        Kind::Certificates => Action::new("certificates.import", "directory:write"),
        Kind::Signatories => Action::new("signatories.import", "directory:write"),
        Kind::Scopes => Action::new("scopes.import", "scope:write"),
        Kind::Equipment => Action::new("equipment.import", "equipment:write"),
        Kind::Calibrations => Action::new("calibrations.import", "equipment:write"),
        Kind::Standards => Action::new("standards.import", "standard:write"),
        Kind::Holidays => Action::new("holidays.import", "calendar:write"),
    }
}
