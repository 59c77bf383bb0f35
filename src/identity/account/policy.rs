//! Who may do what with machine accounts.

use entity::{ids::MachineAccountId, machine_account, revocation};

use crate::{
    identity::scopes::ACCOUNT_MANAGE,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading.
pub const READ: Action = Action::new("account.read", ACCOUNT_MANAGE);
/// Registering one.
pub const REGISTER: Action = Action::new("account.register", ACCOUNT_MANAGE);
/// Editing one.
pub const EDIT: Action = Action::new("account.edit", ACCOUNT_MANAGE);
/// Giving one another key.
pub const REPLACE_KEY: Action = Action::new("account.replace_key", ACCOUNT_MANAGE);
/// Ending one, with all its tokens.
pub const REVOKE: Action = Action::new("account.revoke", ACCOUNT_MANAGE);
/// Ending tokens before their time.
pub const REVOKE_TOKEN: Action = Action::new("token.revoke", ACCOUNT_MANAGE);

impl Ruled for machine_account::Model {
    const KIND: &'static str = MachineAccountId::KIND;

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

impl Ruled for revocation::Model {
    const KIND: &'static str = "revocation";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        if actor.acts_for(&self.agency) { Ruling::Allowed } else { Ruling::Hidden }
    }
}

/// Why a limited token makes no accounts: an account has no limits, so it would be a way around one's own.
pub const LIMITED: &str = "Your token is limited to some labs or institutions, and accounts have no such limit.";

/// Whether a token is limited to labs or institutions.
pub fn is_limited(actor: &Actor) -> bool {
    actor.labs.is_some() || actor.institutions.is_some()
}
