//! Who may do what with certificates.

use entity::{certificate, ids::CertificateId};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading certificates.
pub const READ: Action = Action::new("certificate.read", "directory:read");
/// Entering a certificate.
pub const CREATE: Action = Action::new("certificate.create", "directory:write");
/// Editing one.
pub const EDIT: Action = Action::new("certificate.edit", "directory:write");
/// Noting that its issuer has suspended it.
pub const SUSPEND: Action = Action::new("certificate.suspend", "directory:write");
/// Noting that its issuer has resumed it.
pub const RESUME: Action = Action::new("certificate.resume", "directory:write");
/// Noting that its issuer has withdrawn it.
pub const WITHDRAW: Action = Action::new("certificate.withdraw", "directory:write");
/// Entering that it covers a lab.
pub const COVER: Action = Action::new("certificate.cover", "directory:write");
/// Entering that it covers a lab no longer.
pub const UNCOVER: Action = Action::new("certificate.uncover", "directory:write");

impl Ruled for certificate::Model {
    const KIND: &'static str = CertificateId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, Some(self.institution_id), None)
    }
}
