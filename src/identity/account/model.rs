//! What a machine account may be.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    ids::{AgencyCode, MachineAccountId},
    machine_account::Model,
};
use serde_json::Value;

use crate::{
    identity::{assertion::registered_key, jwk::PublicKey, scopes},
    platform::{
        access::Actor,
        fault::{Outcome, Problems},
    },
};

/// Longest name, in characters.
const NAME: usize = 200;

/// Scopes of the whole pact: an account gets them only from somebody who holds them.
const PACT_WIDE: [&str; 3] = [scopes::COORDINATOR, scopes::STANDARD_WRITE, scopes::CALENDAR_WRITE];

/// An account to be registered.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Name for people, unique within the agency.
    pub name: String,
    /// The public key as a JWK (RFC 7517).
    pub key: Value,
    /// Scopes that its tokens may carry.
    pub scopes: Vec<String>,
}

/// An edit; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountEdit {
    /// Name for people.
    pub name: Option<String>,
    /// Scopes that its tokens may carry.
    pub scopes: Option<Vec<String>>,
}

impl NewAccount {
    /// The row of the account.
    ///
    /// # Errors
    /// `INVALID` with everything that is wrong.
    pub fn opened(self, id: MachineAccountId, agency: AgencyCode, actor: &Actor, now: DateTime<Utc>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let name = name(&mut problems, &self.name);
        let granted = granted(&mut problems, &self.scopes, actor);
        problems.finish()?;
        Ok(Model {
            id,
            agency,
            name,
            jwk: stored_key(&self.key)?,
            scopes: granted,
            created_by: actor.subject.clone(),
            revoked_at: None,
            revoke_reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }
}

impl AccountEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with everything that is wrong.
    pub fn over(self, row: &Model, actor: &Actor, now: DateTime<Utc>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let mut next = row.clone();
        if let Some(given) = self.name {
            next.name = name(&mut problems, &given);
        }
        if let Some(given) = self.scopes {
            next.scopes = granted(&mut problems, &given, actor);
        }
        problems.finish()?;
        next.updated_at = now;
        Ok(next)
    }
}

/// The scopes of an account.
pub fn scopes_of(row: &Model) -> BTreeSet<String> {
    let listed = row.scopes.as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).filter(|scope| scopes::is_known(scope)).map(str::to_owned).collect()
}

/// The key of an account.
///
/// # Errors
/// `INVALID` where the stored key is not taken any more.
pub fn key_of(row: &Model) -> Outcome<PublicKey> {
    registered_key(&row.jwk)
}

/// The public members of a key, and nothing else of what was sent.
///
/// # Errors
/// `INVALID` at `key`, also for a key that shows its private part.
pub fn stored_key(jwk: &Value) -> Outcome<Value> {
    registered_key(jwk)?;
    let kept = ["kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"];
    let members = jwk.as_object().into_iter().flatten().filter(|(name, _)| kept.contains(&name.as_str()));
    Ok(Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

fn name(problems: &mut Problems, text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME || text.chars().any(char::is_control) {
        problems.add("input.name", "NAME_FORM", format!("Give a name of 1 to {NAME} characters on one line."));
    }
    text.to_owned()
}

fn granted(problems: &mut Problems, asked: &[String], actor: &Actor) -> Value {
    let asked: BTreeSet<&str> = asked.iter().map(|scope| scope.trim()).collect();
    if asked.is_empty() {
        problems.add("input.scopes", "REQUIRED", "Name at least one scope, such as directory:read.");
    }
    for scope in &asked {
        let shown: String = scope.chars().take(40).collect();
        if !scopes::is_known(scope) {
            let known: Vec<&str> = scopes::ALL.iter().map(|(name, _)| *name).collect();
            let message = format!("There is no scope {shown:?}; the known ones are {}.", known.join(", "));
            problems.add("input.scopes", "SCOPE_UNKNOWN", message);
        } else if *scope == scopes::ACCOUNT_MANAGE {
            problems.add("input.scopes", "SCOPE_FOR_PERSONS", format!("A machine cannot have {scope}; leave it out."));
        } else if PACT_WIDE.contains(scope) && !actor.holds(scope) {
            let message = format!("{scope} is for the whole pact, and you do not hold it yourself; leave it out.");
            problems.add("input.scopes", "SCOPE_NOT_HELD", message);
        }
    }
    asked.into_iter().collect()
}
