//! Client assertions and what the token endpoint makes of them.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Mutex,
};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use labpact::{
    identity::{
        assertion::{ClientKey, Endpoint, Seen, claimed_client, registered_key, verify},
        token_request::{ASSERTION_TYPE, JWT_BEARER, Role, TokenError, TokenRequest},
    },
    platform::fault::{Fault, Outcome},
};
use serde_json::{Value, json};

use super::forge::*;

#[derive(Default)]
struct Memory(Mutex<HashSet<(String, String)>>);

impl Seen for Memory {
    fn first_use<'a>(&'a self, client: &'a str, jti: &'a str, until: DateTime<Utc>) -> BoxFuture<'a, Outcome<bool>> {
        assert!(until > now());
        let first = self.0.lock().unwrap().insert((client.to_owned(), jti.to_owned()));
        Box::pin(async move { Ok(first) })
    }
}

fn endpoint() -> Endpoint {
    let ours = ["https://api.labpact.example", "https://api.labpact.example/token"];
    Endpoint { audiences: ours.map(str::to_owned).into() }
}

fn client(signer: &Signer) -> ClientKey {
    ClientKey { client: "gd-lims".into(), key: registered_key(&signer.jwk("k")).unwrap() }
}

fn body() -> Value {
    json!({
        "iss": "gd-lims", "sub": "gd-lims", "aud": "https://api.labpact.example/token",
        "exp": NOW + 60, "iat": NOW, "jti": "a-1",
    })
}

fn assertion(signer: &Signer, change: Value) -> String {
    signer.token(&json!({ "alg": signer.alg(), "typ": "JWT" }), &with(body(), change))
}

#[tokio::test]
async fn an_assertion_works_once_with_every_kind_of_key() {
    for signer in [&*GD_ED, &*GD_EC, &*GD_RSA] {
        let seen = Memory::default();
        let token = assertion(signer, json!({}));
        assert_eq!(claimed_client(&token).unwrap(), "gd-lims");
        verify(&token, &client(signer), &endpoint(), &seen, now()).await.unwrap();
        let fault = verify(&token, &client(signer), &endpoint(), &seen, now()).await.unwrap_err();
        assert!(matches!(&fault, Fault::Unauthenticated(why) if why.contains("used before")), "{fault:?}");
    }
}

#[tokio::test]
async fn hostile_assertions_are_refused_and_leave_no_trace() {
    let seen = Memory::default();
    let bad = [
        (assertion(&GD_ED, json!({ "iss": "sd-lims" })), "not both the client"),
        (assertion(&GD_ED, json!({ "sub": "zhang" })), "not both the client"),
        (assertion(&GD_ED, json!({ "iss": "sd-lims", "sub": "sd-lims" })), "not both the client"),
        (assertion(&GD_ED, json!({ "aud": "https://other.example/token" })), "somebody else"),
        (
            assertion(&GD_ED, json!({ "aud": ["https://api.labpact.example/token", "https://other.example"] })),
            "somebody else",
        ),
        (assertion(&GD_ED, json!({ "aud": null })), "aud is missing"),
        (assertion(&GD_ED, json!({ "exp": NOW + 331 })), "five minutes"),
        (assertion(&GD_ED, json!({ "exp": NOW - 30 })), "expired"),
        (assertion(&GD_ED, json!({ "exp": null })), "exp is missing"),
        (assertion(&GD_ED, json!({ "iat": NOW + 31 })), "future"),
        (assertion(&GD_ED, json!({ "nbf": NOW + 31 })), "not valid yet"),
        (assertion(&GD_ED, json!({ "jti": null })), "jti is missing"),
        (assertion(&SD_ED, json!({})), "registered key"),
        (assertion(&GD_EC, json!({})), "registered key"),
        (GD_ED.token(&json!({ "alg": "EdDSA", "typ": "at+jwt" }), &body()), "no client assertion"),
        (GD_ED.token(&json!({ "alg": "none" }), &body()), "alg is none of"),
        (GD_ED.token(&json!({ "alg": "EdDSA", "crit": ["exp"] }), &body()), "crit"),
        (GD_ED.seal(r#"{"alg":"EdDSA"}"#, r#"{"iss":"gd-lims","iss":"gd-lims"}"#), "strict JSON"),
        ("a.b".to_owned(), "three parts"),
    ];
    for (token, expected) in bad {
        match verify(&token, &client(&GD_ED), &endpoint(), &seen, now()).await {
            Err(Fault::Unauthenticated(why)) => assert!(why.contains(expected), "{why:?}, not {expected:?}"),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert!(seen.0.lock().unwrap().is_empty(), "a refused assertion uses nothing up");
}

#[test]
fn only_sound_public_keys_are_registered() {
    for bad in [json!("x"), json!({ "kty": "oct", "k": "AAAA" }), with(GD_ED.jwk("k"), json!({ "d": "AAAA" }))] {
        assert!(matches!(registered_key(&bad), Err(Fault::Invalid(problems)) if problems[0].code == "CLIENT_KEY"));
    }
}

#[test]
fn the_form_of_a_token_request_is_checked() {
    let good =
        [("grant_type", "client_credentials"), ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", "x")];
    let read = TokenRequest::read(good).unwrap();
    assert_eq!((read.assertion.as_str(), read.role, read.scopes), ("x", Role::Client, None));
    let read = TokenRequest::read([("grant_type", JWT_BEARER), ("assertion", "x"), ("resource", "y")]).unwrap();
    assert_eq!(read.role, Role::Grant);
    let with = |more: &[(&'static str, &'static str)]| TokenRequest::read(good.into_iter().chain(more.iter().copied()));
    for (error, found) in [
        (TokenError::InvalidRequest, TokenRequest::read([])),
        (TokenError::InvalidRequest, with(&[("client_assertion", "y")])),
        (TokenError::InvalidRequest, TokenRequest::read(good.into_iter().take(2))),
        (TokenError::InvalidRequest, TokenRequest::read([("grant_type", JWT_BEARER), ("assertion", "")])),
        (TokenError::InvalidClient, TokenRequest::read([("grant_type", "client_credentials"), ("client_secret", "s")])),
        (TokenError::UnsupportedGrantType, TokenRequest::read([("grant_type", "password")])),
        (TokenError::InvalidScope, with(&[("scope", "directory:read root")])),
        (TokenError::InvalidScope, with(&[("scope", "directory:read  audit:read")])),
    ] {
        assert_eq!(found.unwrap_err(), error);
    }
}

#[test]
fn a_client_never_gets_more_than_its_account_has() {
    let account: BTreeSet<String> = ["directory:read", "request:create"].map(str::to_owned).into();
    let ask = |scope: &str| {
        TokenRequest::read([("grant_type", JWT_BEARER), ("assertion", "x"), ("scope", scope)]).unwrap().grant(&account)
    };
    assert_eq!(ask("directory:read").unwrap().len(), 1);
    assert_eq!(ask("").unwrap(), account);
    assert_eq!(ask("directory:read audit:read").unwrap_err(), TokenError::InvalidScope);
}

#[test]
fn faults_become_the_errors_of_the_token_endpoint() {
    let bad = Fault::Unauthenticated("because".into());
    assert_eq!(TokenError::of_assertion(&bad, Role::Client).body(), json!({ "error": "invalid_client" }));
    assert_eq!(TokenError::of_assertion(&bad, Role::Grant).code(), "invalid_grant");
    assert_eq!(TokenError::of_assertion(&Fault::Unavailable("db".into()), Role::Client).status(), 503);
    assert_eq!(TokenError::InvalidClient.status(), 401);
    assert_eq!(TokenError::UnsupportedGrantType.code(), "unsupported_grant_type");
}
