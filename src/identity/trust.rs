//! From the configuration to whom this instance trusts.

use std::sync::Arc;

use super::{
    config::{Anonymous, IdentityConfig},
    embedded::EmbeddedIssuer,
    fetch::Fetch,
    issuer::Issuer,
    jwks::IssuerKeys,
    revocation::Revocations,
    roles::Roles,
    scopes,
    verify::{Keys, Verifier},
};
use crate::platform::{
    access::Actor,
    clock::Clock,
    fault::{Fault, Outcome, Problem},
};

/// What the verifier needs beside the configuration.
pub struct Surroundings {
    /// The network.
    pub fetch: Arc<dyn Fetch>,
    /// The issuer of this instance, where it has one.
    pub embedded: Option<Arc<EmbeddedIssuer>>,
    /// Who is revoked.
    pub revocations: Arc<dyn Revocations>,
    /// The time.
    pub clock: Clock,
}

/// The verifier that a configuration describes. Keys are not fetched yet.
///
/// # Errors
/// `INVALID` with everything that is wrong in `identity.issuers` and `identity.roles`.
pub fn verifier(config: &IdentityConfig, around: Surroundings) -> Outcome<Verifier> {
    let mut problems = Vec::new();
    let mut trusted = Vec::new();
    for (at, each) in config.issuers.iter().enumerate() {
        if let Some(issuer) = kept(Issuer::from_config(&format!("identity.issuers.{at}"), each), &mut problems)? {
            let keys = IssuerKeys::new(&issuer, Arc::clone(&around.fetch), around.clock.clone());
            trusted.push((issuer, Keys::Fetched(keys)));
        }
    }
    if let Some(embedded) = around.embedded {
        trusted.push((embedded.issuer().clone(), Keys::Embedded(embedded)));
    }
    let roles = kept(Roles::from_config(&config.roles), &mut problems)?;
    match roles {
        Some(roles) if problems.is_empty() => {
            Verifier::new(trusted, roles, around.revocations, around.clock, config.remembered_tokens)
        }
        _ => Err(Fault::Invalid(problems)),
    }
}

/// Who a caller without a token is; `None` where such callers are turned away.
pub fn anonymous(config: &IdentityConfig) -> Option<Actor> {
    match config.anonymous {
        Anonymous::Off => None,
        Anonymous::PublicDirectory => Some(Actor::anonymous([scopes::DIRECTORY_READ.to_owned()])),
    }
}

/// Puts the problems of one part with those of the others.
fn kept<T>(outcome: Outcome<T>, problems: &mut Vec<Problem>) -> Outcome<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Invalid(found)) => {
            problems.extend(found);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}
