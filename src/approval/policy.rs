//! Who may do what with an agency's rules and deputies.

use entity::{
    approval_rules, deputy,
    ids::{ApprovalRulesId, DeputyId},
};

use crate::platform::{
    access::{Action, Actor, Permit, Ruled, Ruling},
    fault::{Fault, Outcome},
};

/// Reading those of one's own agency.
pub const READ: Action = Action::new("approvalRules.read", "directory:read");
/// Writing a set of rules.
pub const SET: Action = Action::new("approvalRules.set", "approval:manage");
/// Appointing a deputy.
pub const APPOINT: Action = Action::new("deputy.appoint", "approval:manage");
/// Ending an appointment.
pub const END: Action = Action::new("deputy.end", "approval:manage");

/// Why a limited token writes none.
const LIMITED: &str = "Your token is limited to some labs or institutions; these rules are of the agency as a whole.";

/// Whether the permitted actor may write what belongs to the agency as a whole.
///
/// # Errors
/// `FORBIDDEN` for a limited token.
pub fn whole(permit: &Permit) -> Outcome<()> {
    if is_limited(permit.actor()) {
        return Err(Fault::Forbidden { action: permit.action().name, message: LIMITED.to_owned() });
    }
    Ok(())
}

fn is_limited(actor: &Actor) -> bool {
    actor.labs.is_some() || actor.institutions.is_some()
}

fn own(actor: &Actor, agency: &entity::ids::AgencyCode) -> Ruling {
    match (actor.acts_for(agency), is_limited(actor)) {
        (false, _) => Ruling::Hidden,
        (true, true) => Ruling::Forbidden(LIMITED),
        (true, false) => Ruling::Allowed,
    }
}

impl Ruled for approval_rules::Model {
    const KIND: &'static str = ApprovalRulesId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies do not learn of them.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        own(actor, &self.agency)
    }
}

impl Ruled for deputy::Model {
    const KIND: &'static str = DeputyId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies do not learn of them.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        own(actor, &self.agency)
    }
}
