//! Who may do what with webhooks. All of it is open to those who manage what their agency is told.

use entity::{ids::WebhookId, webhook};

use crate::platform::{
    access::{Action, Actor, Permit, Ruled, Ruling},
    fault::{Fault, Outcome},
};

/// Reading those of one's own agency, and what was delivered to them.
pub const READ: Action = Action::new("webhook.read", "notify:manage");
/// Making one.
pub const CREATE: Action = Action::new("webhook.create", "notify:manage");
/// Editing one.
pub const EDIT: Action = Action::new("webhook.edit", "notify:manage");
/// Pausing one.
pub const PAUSE: Action = Action::new("webhook.pause", "notify:manage");
/// Resuming one.
pub const RESUME: Action = Action::new("webhook.resume", "notify:manage");
/// Giving one a new secret.
pub const ROTATE: Action = Action::new("webhook.rotateSecret", "notify:manage");
/// Deleting one.
pub const DELETE: Action = Action::new("webhook.delete", "notify:manage");
/// Trying one out.
pub const TEST: Action = Action::new("webhook.sendTest", "notify:manage");
/// Having events delivered again.
pub const REPLAY: Action = Action::new("webhook.replay", "notify:manage");
/// Disabling one that fails: the system's own act.
pub const DISABLE: Action = Action::new("webhook.disable", "notify:manage");

/// Why a limited token manages none.
const LIMITED: &str = "Your token is limited to some labs or institutions; webhooks belong to the agency as a whole.";

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

impl Ruled for webhook::Model {
    const KIND: &'static str = WebhookId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies do not learn of it.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        if !actor.acts_for(&self.agency) {
            return Ruling::Hidden;
        }
        if is_limited(actor) { Ruling::Forbidden(LIMITED) } else { Ruling::Allowed }
    }
}
