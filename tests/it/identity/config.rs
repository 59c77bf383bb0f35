//! The section `identity` as people write it.

use std::sync::Arc;

use figment::{
    Figment,
    providers::{Format, Toml},
};
use labpact::{
    identity::{
        config::{Anonymous, IdentityConfig, KeysConfig, TokenType},
        revocation::RevocationList,
        trust::{Surroundings, anonymous, verifier},
    },
    platform::{clock::Clock, fault::Fault},
};

use super::forge::{http, now};

fn read(text: &str) -> Result<IdentityConfig, Box<figment::Error>> {
    Figment::from(Toml::string(text)).extract().map_err(Box::new)
}

fn problems(text: &str) -> Vec<(String, &'static str)> {
    let around = Surroundings {
        fetch: http(),
        embedded: None,
        revocations: Arc::new(RevocationList::default()),
        clock: Clock::fixed(now()),
    };
    match verifier(&read(text).unwrap(), around) {
        Err(Fault::Invalid(problems)) => problems.into_iter().map(|problem| (problem.path, problem.code)).collect(),
        Ok(_) => Vec::new(),
        Err(other) => panic!("{other:?}"),
    }
}

const FULL: &str = r#"
anonymous = "public-directory"
[[issuers]]
url = "https://sso.gd.example/realms/gov"
audiences = ["labpact"]
algorithms = ["ES256"]
keys = "discovery"
agencies = ["gd"]
types = ["at+jwt", "JWT"]
claims = { roles = "/realm_access/roles" }
[[issuers]]
url = "https://sso.sd.example"
audiences = ["labpact"]
keys = { jwks_url = "https://sso.sd.example/keys" }
agencies = ["SD"]
[[issuers]]
url = "https://sso.fj.example"
audiences = ["labpact"]
keys = { jwks_file = "fj.json" }
agencies = ["FJ"]
[embedded]
url = "http://127.0.0.1:8080"
agencies = ["HI"]
keys = "var/keys"
[roles.inspector]
scopes = ["audit:read"]
extends = ["officer"]
"#;

#[test]
fn the_whole_section_is_read_with_its_defaults() {
    let config = read(FULL).unwrap();
    assert_eq!(config.anonymous, Anonymous::PublicDirectory);
    assert_eq!(config.issuers[0].keys, KeysConfig::Discovery);
    assert_eq!(config.issuers[0].claims.roles, "/realm_access/roles");
    assert_eq!(config.issuers[0].claims.agency, "agency");
    assert_eq!(config.issuers[1].types, [TokenType::AccessToken]);
    assert_eq!((config.issuers[1].leeway_seconds, config.issuers[1].algorithms.len()), (30, 3));
    assert_eq!(config.embedded.as_ref().unwrap().audience, "labpact");
    assert!(problems(FULL).is_empty());
    assert!(anonymous(&config).unwrap().holds("directory:read"));
}

#[test]
fn nothing_is_trusted_by_default() {
    let config = read("").unwrap();
    assert_eq!(config, IdentityConfig::default());
    assert!(config.issuers.is_empty() && config.embedded.is_none() && anonymous(&config).is_none());
}

#[test]
fn unknown_keys_and_algorithms_are_refused() {
    for (from, to) in [
        ("anonymous =", "anonymus ="),
        ("audiences = [\"labpact\"]\nalgo", "audience = [\"labpact\"]\nalgo"),
        ("\"ES256\"", "\"HS256\""),
        ("\"ES256\"", "\"none\""),
        ("{ roles =", "{ role ="),
        ("\"discovery\"", "{ jwks_uri = \"https://a.example\" }"),
        ("extends =", "extend ="),
        ("\"public-directory\"", "\"everything\""),
    ] {
        assert!(FULL.contains(from));
        assert!(read(&FULL.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn every_problem_of_every_issuer_is_told_at_once() {
    let found = problems(
        r#"
        [[issuers]]
        url = "http://sso.gd.example"
        audiences = []
        algorithms = []
        keys = { jwks_url = "http://sso.gd.example/keys" }
        agencies = []
        types = []
        leeway_seconds = 61
        refresh_seconds = 59
        [[issuers]]
        url = "nonsense"
        audiences = [""]
        keys = "discovery"
        agencies = ["广东"]
        [roles.officer]
        scopes = ["root"]
        "#,
    );
    let codes: Vec<&str> = found.iter().map(|(_, code)| *code).collect();
    assert_eq!(
        codes,
        [
            "ISSUER_URL",
            "AUDIENCE_REQUIRED",
            "ALGORITHM_REQUIRED",
            "TYPE_REQUIRED",
            "LEEWAY_TOO_LONG",
            "REFRESH_TOO_SHORT",
            "AGENCY_REQUIRED",
            "KEYS_URL",
            "ISSUER_URL",
            "AUDIENCE_REQUIRED",
            "AGENCY_CODE",
            "SCOPE_UNKNOWN"
        ]
    );
    assert_eq!(found[0].0, "identity.issuers.0.url");
}

#[test]
fn an_issuer_named_twice_is_refused() {
    let one =
        "[[issuers]]\nurl = \"https://a.example\"\naudiences = [\"x\"]\nkeys = \"discovery\"\nagencies = [\"GD\"]\n";
    assert_eq!(problems(&one.repeat(2)), [("identity.issuers".to_owned(), "ISSUER_TWICE")]);
}
