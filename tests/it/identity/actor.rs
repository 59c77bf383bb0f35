//! What claims add up to.

use std::collections::BTreeMap;

use labpact::{
    identity::{
        config::{ClaimNames, RoleConfig},
        roles::{BUILT_IN, Roles},
        scopes,
    },
    platform::{access::ActorKind, fault::Fault},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::forge::*;

async fn actor(court: &Court, change: Value) -> std::sync::Arc<labpact::platform::access::Actor> {
    court.verifier.verify(&GD_ED.token(&header(&GD_ED, "ed"), &with(claims(), change))).await.unwrap()
}

#[tokio::test]
async fn roles_and_scopes_add_up_and_unknown_ones_open_nothing() {
    let court = Court::new();
    let found = actor(
        &court,
        json!({ "roles": ["auditor", "offline_access", "AUDITOR"], "scope": "openid request:create root directory:* " }),
    )
    .await;
    let held: Vec<&str> = found.scopes.iter().map(String::as_str).collect();
    assert_eq!(held, ["audit:read", "directory:read", "request:create"]);
    assert_eq!(found.roles, ["auditor", "offline_access", "AUDITOR"]);
    let found = actor(&court, json!({ "roles": "officer editor", "scope": ["audit:read"] })).await;
    assert!(found.holds("directory:write") && found.holds("request:create") && found.holds("audit:read"));
    let found = actor(&court, json!({ "roles": null })).await;
    assert!(found.scopes.is_empty());
}

#[tokio::test]
async fn machines_are_told_from_persons() {
    let court = Court::new();
    assert_eq!(actor(&court, json!({})).await.kind, ActorKind::Person);
    assert_eq!(actor(&court, json!({ "client_id": "zhang" })).await.kind, ActorKind::Machine);
    assert_eq!(actor(&court, json!({ "machine": true })).await.kind, ActorKind::Machine);
    let by_azp = actor(&court, json!({ "client_id": null, "azp": "zhang" })).await;
    assert_eq!((by_azp.kind, by_azp.client.as_deref()), (ActorKind::Person, Some("zhang")));
}

#[tokio::test]
async fn limits_are_read_bare_or_typed_and_an_empty_one_allows_nothing() {
    let court = Court::new();
    let (one, two) = ("018f3e1c-0000-7000-8000-000000000001", "018f3e1c-0000-7000-8000-000000000002");
    let found =
        actor(&court, json!({ "labs": [one, format!("lab:{two}")], "institutions": [format!("institution:{one}")] }))
            .await;
    assert_eq!(found.labs.as_ref().unwrap().len(), 2);
    assert_eq!(found.institutions.as_ref().unwrap().len(), 1);
    assert_eq!(actor(&court, json!({ "labs": [] })).await.labs.as_ref().map(|labs| labs.len()), Some(0));
    assert!(actor(&court, json!({})).await.labs.is_none());
}

#[tokio::test]
async fn an_issuer_of_several_agencies_must_name_one() {
    let court = Court::new();
    let token =
        |change: Value| PAIR_ED.token(&header(&PAIR_ED, "ed"), &with(with(claims(), json!({ "iss": PAIR })), change));
    let found = court.verifier.verify(&token(json!({ "agency": " gx" }))).await.unwrap();
    assert_eq!(found.agency.as_ref().unwrap().as_str(), "GX");
    for change in [json!({ "agency": "GD" }), json!({ "agency": null })] {
        assert_eq!(court.verifier.verify(&token(change)).await.unwrap_err().code(), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn claims_may_have_other_names_and_lie_deep() {
    let court = Court::changed(|config| {
        config.issuers[0].claims = ClaimNames {
            agency: "https://pact.example/agency".into(),
            roles: "/resource_access/labpact~1api/roles".into(),
            ..ClaimNames::default()
        };
    });
    let found = actor(
        &court,
        json!({
            "agency": "SD", "roles": null, "https://pact.example/agency": "GD",
            "resource_access": { "labpact/api": { "roles": ["approver"] } },
        }),
    )
    .await;
    assert!(found.holds("request:sign"));
    assert_eq!(found.agency.as_ref().unwrap().as_str(), "GD");
}

#[test]
fn every_built_in_role_is_made_of_known_scopes_and_every_scope_is_in_a_role() {
    for (role, scopes) in BUILT_IN {
        assert!(scopes.iter().all(|scope| scopes::is_known(scope)), "{role}");
        assert!(Roles::default().scopes_of(role).is_some_and(|found| found.len() == scopes.len()), "{role}");
    }
    for (scope, description) in scopes::ALL {
        assert!(BUILT_IN.iter().any(|(_, scopes)| scopes.contains(scope)), "{scope} is in no role");
        assert!(description.ends_with('.'));
    }
}

fn role(scopes: &[&str], extends: &[&str]) -> RoleConfig {
    let own = |list: &[&str]| list.iter().map(|each| (*each).to_owned()).collect();
    RoleConfig { scopes: own(scopes), extends: own(extends) }
}

#[test]
fn the_configuration_replaces_and_extends_roles() {
    let config = BTreeMap::from([
        ("officer".to_owned(), role(&["audit:read"], &["officer"])),
        ("auditor".to_owned(), role(&["audit:read"], &[])),
        ("inspector".to_owned(), role(&[], &["officer", "auditor"])),
    ]);
    let roles = Roles::from_config(&config).unwrap();
    let held = |name: &str| roles.scopes_of(name).unwrap().iter().cloned().collect::<Vec<_>>();
    assert_eq!(held("officer"), ["attachment:write", "audit:read", "directory:read", "request:create", "search:save"]);
    assert_eq!(held("auditor"), ["audit:read"]);
    assert_eq!(held("inspector"), held("officer"));
    assert!(roles.scopes_of("editor").is_some());
}

#[test]
fn wrong_roles_are_all_told_at_once() {
    let config = BTreeMap::from([
        ("a".to_owned(), role(&["no:such"], &["b"])),
        ("b".to_owned(), role(&[], &["a"])),
        ("c".to_owned(), role(&[], &["nobody"])),
        ("d".to_owned(), role(&[], &["d"])),
    ]);
    let Err(Fault::Invalid(problems)) = Roles::from_config(&config) else { panic!("accepted") };
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "identity.roles.a.scopes",
            "identity.roles.a.extends",
            "identity.roles.b.extends",
            "identity.roles.c.extends",
            "identity.roles.d.extends"
        ]
    );
}

proptest! {
    /// Whatever an issuer writes as the agency, it never becomes one that it may not speak for.
    #[test]
    fn no_agency_beyond_the_issuers(claimed in "\\PC{0,6}|[ ]?[GgＧｇSsＳｓ][DdＤｄ][ ]?") {
        let config = issuer(GUANGDONG, &["GD"], labpact::identity::config::KeysConfig::Discovery);
        let issuer = labpact::identity::issuer::Issuer::from_config("identity.issuers.0", &config).unwrap();
        if let Some(agency) = issuer.agency(&claimed) {
            prop_assert_eq!(agency.as_str(), "GD");
        }
    }
}
