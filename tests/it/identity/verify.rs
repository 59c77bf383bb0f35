//! Tokens that are good, and until when.

use chrono::TimeDelta;
use labpact::{
    identity::{
        config::{AlgorithmName, TokenType},
        revocation::{Kind, Revoked},
    },
    platform::{access::ActorKind, fault::Fault},
};
use serde_json::{Value, json};

use super::forge::*;

fn refused<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> String {
    match outcome {
        Err(Fault::Unauthenticated(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_algorithm_is_spoken() {
    let court = Court::new();
    for (signer, kid) in [(&*GD_ED, "ed"), (&*GD_EC, "ec"), (&*GD_RSA, "rsa")] {
        let actor = court.verifier.verify(&signer.token(&header(signer, kid), &claims())).await.unwrap();
        assert_eq!((actor.subject.as_str(), actor.kind), ("zhang", ActorKind::Person));
        assert_eq!(actor.expires_at.unwrap().timestamp(), NOW + 300);
        assert_eq!(actor.token_id.as_deref(), Some("t-1"));
        assert!(actor.holds("request:create") && !actor.holds("request:approve"));
    }
}

#[tokio::test]
async fn an_issuer_limited_to_one_algorithm_cannot_use_its_other_keys() {
    let court = Court::changed(|config| config.issuers[0].algorithms = vec![AlgorithmName::ES256]);
    court.verifier.verify(&GD_EC.token(&header(&GD_EC, "ec"), &claims())).await.unwrap();
    let why = refused(court.verifier.verify(&GD_ED.token(&header(&GD_ED, "ed"), &claims())).await);
    assert!(why.contains("may not sign with that algorithm"), "{why}");
}

#[tokio::test]
async fn variants_within_the_rules_are_accepted() {
    let court = Court::new();
    let heads = [
        json!({ "typ": "application/at+jwt" }),
        json!({ "typ": "AT+JWT" }),
        json!({ "b64": true }),
        json!({ "jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/", "jwk": SD_ED.jwk("ed"), "x5c": [1] }),
    ];
    let bodies = [
        json!({ "aud": ["other", "https://api.labpact.example"] }),
        json!({ "exp": NOW - 29 }),
        json!({ "nbf": NOW + 30, "iat": NOW + 30 }),
        json!({ "exp": NOW + 86_400 * 3650 }),
        json!({ "iat": null, "jti": null, "client_id": null, "roles": null }),
        json!({ "agency": "ｇｄ" }),
        json!({ "agency": null }),
    ];
    let token = |head: &Value, body: &Value| {
        GD_ED.token(&with(header(&GD_ED, "ed"), head.clone()), &with(claims(), body.clone()))
    };
    let none = json!({});
    for (head, body) in heads.iter().map(|head| (head, &none)).chain(bodies.iter().map(|body| (&none, body))) {
        let actor =
            court.verifier.verify(&token(head, body)).await.unwrap_or_else(|why| panic!("{head} {body}: {why:?}"));
        assert_eq!(actor.agency.as_ref().unwrap().as_str(), "GD");
    }
}

#[tokio::test]
async fn the_general_type_is_accepted_only_where_configured() {
    let court = Court::changed(|config| config.issuers[1].types = vec![TokenType::Jwt]);
    let body = with(claims(), json!({ "iss": SHANDONG, "agency": "SD" }));
    let typed = |typ: &str| SD_ED.token(&json!({ "alg": "EdDSA", "typ": typ, "kid": "ed" }), &body);
    court.verifier.verify(&typed("JWT")).await.unwrap();
    assert!(refused(court.verifier.verify(&typed("at+jwt")).await).contains("typ is not accepted"));
}

#[tokio::test]
async fn a_set_of_one_key_answers_a_token_without_kid() {
    let court = Court::new();
    let body = with(claims(), json!({ "iss": SHANDONG, "agency": "SD" }));
    court.verifier.verify(&SD_ED.token(&json!({ "alg": "EdDSA", "typ": "at+jwt" }), &body)).await.unwrap();
}

#[tokio::test]
async fn a_remembered_token_ends_when_it_says() {
    let court = Court::new();
    let token = GD_ED.token(&header(&GD_ED, "ed"), &claims());
    let first = court.verifier.verify(&token).await.unwrap();
    let second = court.verifier.verify(&token).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &second), "the second call is answered from memory");
    court.clock.advance(TimeDelta::seconds(299));
    court.verifier.still_valid(&first).unwrap();
    court.clock.advance(TimeDelta::seconds(31));
    assert!(refused(court.verifier.verify(&token).await).contains("expired"));
    assert!(refused(court.verifier.still_valid(&first)).contains("expired"));
}

fn revoked(agency: &str, kind: Kind, value: &str) -> Revoked {
    Revoked { agency: agency.into(), kind, value: value.to_owned() }
}

#[tokio::test]
async fn revocation_holds_at_once_also_for_remembered_tokens() {
    let ways = [(Kind::Token, "t-1"), (Kind::Client, "portal"), (Kind::Subject, "zhang")];
    for (kind, value) in ways {
        let court = Court::new();
        let token = GD_ED.token(&header(&GD_ED, "ed"), &claims());
        let actor = court.verifier.verify(&token).await.unwrap();
        court.revoked.revoke(revoked("GD", kind, value), now() + TimeDelta::seconds(1));
        assert!(refused(court.verifier.verify(&token).await).contains("revoked"), "{kind:?}");
        assert!(refused(court.verifier.still_valid(&actor)).contains("revoked"));
    }
}

#[tokio::test]
async fn a_token_that_was_issued_after_a_revocation_holds() {
    let court = Court::new();
    let issued = claims()["iat"].as_i64().expect("the claims say when");
    let before = chrono::DateTime::from_timestamp(issued, 0).unwrap();
    court.revoked.revoke(revoked("GD", Kind::Subject, "zhang"), before);
    court.verifier.verify(&GD_ED.token(&header(&GD_ED, "ed"), &claims())).await.unwrap();
    let undated = GD_ED.token(&header(&GD_ED, "ed"), &with(claims(), json!({ "iat": null })));
    assert!(refused(court.verifier.verify(&undated).await).contains("revoked"), "who does not say when, is before");
}

#[tokio::test]
async fn an_agency_revokes_its_own_tokens_only() {
    let court = Court::new();
    court.revoked.revoke(revoked("SD", Kind::Subject, "zhang"), now() + TimeDelta::days(1));
    court.verifier.verify(&GD_ED.token(&header(&GD_ED, "ed"), &claims())).await.unwrap();
    let body = with(claims(), json!({ "iss": SHANDONG, "agency": "SD" }));
    assert!(refused(court.verifier.verify(&SD_ED.token(&header(&SD_ED, "ed"), &body)).await).contains("revoked"));
}
