//! From the configuration to the verifier: everybody whom this instance trusts.

use std::sync::Arc;

use super::{
    config::{Anonymous, IdentityConfig},
    embedded::EmbeddedIssuer,
    fetch::HttpFetch,
    issuer::Issuer,
    jwks::IssuerKeys,
    revocation::Revocations,
    roles::Roles,
    scopes::DIRECTORY_READ,
    verify::{Keys, Verifier},
};
use crate::platform::{access::Actor, clock::Clock, fault::Outcome};

/// The verifier of the configured issuers and of the embedded one.
///
/// # Errors
/// `INVALID` naming each wrong entry.
pub fn verifier(
    config: &IdentityConfig,
    embedded: Option<&Arc<EmbeddedIssuer>>,
    revocations: Arc<dyn Revocations>,
    clock: &Clock,
) -> Outcome<Verifier> {
    let fetch = Arc::new(HttpFetch::new()?);
    let mut issuers = Vec::new();
    for (at, entry) in config.issuers.iter().enumerate() {
        let issuer = Issuer::from_config(&format!("identity.issuers.{at}"), entry)?;
        let keys = IssuerKeys::new(&issuer, Arc::clone(&fetch) as _, clock.clone());
        issuers.push((issuer, Keys::Fetched(keys)));
    }
    if let Some(embedded) = embedded {
        issuers.push((embedded.issuer().clone(), Keys::Embedded(Arc::clone(embedded))));
    }
    let roles = Roles::from_config(&config.roles)?;
    Verifier::new(issuers, roles, revocations, clock.clone(), config.remembered_tokens)
}

/// Who calls without a token: nobody, or somebody who may read what is public.
pub fn anonymous(config: &IdentityConfig) -> Actor {
    let scopes = match config.anonymous {
        Anonymous::Off => None,
        Anonymous::PublicDirectory => Some(DIRECTORY_READ.to_owned()),
    };
    Actor::anonymous(scopes)
}
