//! Roles: named bundles of scopes. The defaults cover the desks of product use; the configuration may change them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    config::RoleConfig,
    scopes::{self, *},
};
use crate::platform::fault::{Outcome, Problems};

/// The built-in roles.
pub const BUILT_IN: &[(&str, &[&str])] = &[
    ("officer", &[DIRECTORY_READ, SEARCH_SAVE, ATTACHMENT_WRITE, REQUEST_CREATE]),
    (
        "approver",
        &[DIRECTORY_READ, SEARCH_SAVE, ATTACHMENT_WRITE, REQUEST_APPROVE, REQUEST_SIGN, SUPPLY_APPROVE, SUPPLY_SIGN],
    ),
    (
        "lab-manager",
        &[DIRECTORY_READ, SEARCH_SAVE, ATTACHMENT_WRITE, SCOPE_WRITE, EQUIPMENT_WRITE, OFFERING_WRITE, SUPPLY_RESPOND],
    ),
    ("editor", &[DIRECTORY_READ, SEARCH_SAVE, DIRECTORY_WRITE, SCOPE_WRITE, EQUIPMENT_WRITE, OFFERING_WRITE]),
    ("coordinator", &[DIRECTORY_READ, SEARCH_SAVE, STANDARD_WRITE, CALENDAR_WRITE, AUDIT_READ, COORDINATOR]),
    ("auditor", &[DIRECTORY_READ, AUDIT_READ]),
    ("client", &[DIRECTORY_READ, ATTACHMENT_WRITE, REQUEST_CREATE, SUPPLY_RESPOND, NOTIFY_MANAGE]),
    (
        "administrator",
        &[DIRECTORY_READ, APPROVAL_MANAGE, NOTIFY_MANAGE, AUDIT_READ, AUDIT_ERASE, ACCOUNT_MANAGE, GRAPHQL_ADHOC],
    ),
];

/// Every role of this instance with its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(BTreeMap<String, BTreeSet<String>>);

impl Default for Roles {
    /// The built-in roles.
    fn default() -> Self {
        Self(BUILT_IN.iter().map(|(role, _)| ((*role).to_owned(), built_in(role).unwrap_or_default())).collect())
    }
}

impl Roles {
    /// The built-in roles as changed by the configuration.
    ///
    /// # Errors
    /// `INVALID` with every unknown scope, unknown role and circle of roles that extend each other.
    pub fn from_config(config: &BTreeMap<String, RoleConfig>) -> Outcome<Self> {
        let mut problems = Problems::default();
        let mut roles = Self::default();
        for (name, role) in config {
            let at = format!("identity.roles.{name}");
            for scope in role.scopes.iter().filter(|scope| !scopes::is_known(scope)) {
                problems.add(
                    format!("{at}.scopes"),
                    "SCOPE_UNKNOWN",
                    format!("There is no scope {scope:?}; the known ones are {}.", known_scopes()),
                );
            }
            match resolve(name, config, &mut Vec::new()) {
                Ok(scopes) => drop(roles.0.insert(name.clone(), scopes)),
                Err(message) => problems.add(format!("{at}.extends"), "ROLE_UNRESOLVED", message),
            }
        }
        problems.finish().map(|()| roles)
    }

    /// Scopes of a role; `None` for a role that is not known here, which opens nothing.
    pub fn scopes_of(&self, role: &str) -> Option<&BTreeSet<String>> {
        self.0.get(role)
    }

    /// Names of all roles, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Scopes of a configured or built-in role; `above` are the roles that are being resolved, to find circles.
fn resolve<'a>(
    name: &'a str,
    config: &'a BTreeMap<String, RoleConfig>,
    above: &mut Vec<&'a str>,
) -> Result<BTreeSet<String>, String> {
    let Some(role) = config.get(name) else {
        return built_in(name).ok_or_else(|| format!("There is no role {name:?}."));
    };
    if above.contains(&name) {
        return Err(format!("{name:?} extends itself through {}.", above.join(" → ")));
    }
    above.push(name);
    let mut scopes: BTreeSet<String> = role.scopes.iter().cloned().collect();
    for other in &role.extends {
        scopes.extend(if other == name {
            built_in(name).ok_or_else(|| format!("{name:?} is not built in, so it cannot extend itself."))?
        } else {
            resolve(other, config, above)?
        });
    }
    above.pop();
    Ok(scopes)
}

fn built_in(name: &str) -> Option<BTreeSet<String>> {
    let (_, scopes) = BUILT_IN.iter().find(|(role, _)| *role == name)?;
    Some(scopes.iter().map(|scope| (*scope).to_owned()).collect())
}

fn known_scopes() -> String {
    scopes::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
