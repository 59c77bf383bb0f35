//! Which keys of a set are used.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use labpact::identity::jwk::{KeySet, PublicKey};
use serde_json::{Value, json};

use super::forge::*;

fn read(keys: &Value) -> (KeySet, Vec<(String, &'static str)>) {
    let (set, left_out) = KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap();
    (set, left_out.into_iter().map(|each| (each.key, each.why)).collect())
}

#[test]
fn keys_that_are_not_for_our_signatures_are_left_out() {
    let ed = |change: Value| with(GD_ED.jwk("x"), change);
    let weak = URL_SAFE_NO_PAD.encode([0xff; 128]);
    let bad = [
        (json!({ "kid": "x", "kty": "oct", "k": "c2VjcmV0" }), "symmetric"),
        (json!({ "kid": "x", "kty": "oct" }), "symmetric"),
        (ed(json!({ "d": "AAAA" })), "private"),
        (ed(json!({ "use": "enc" })), "not for signatures"),
        (ed(json!({ "key_ops": ["encrypt"] })), "not for verifying"),
        (ed(json!({ "key_ops": "verify" })), "not for verifying"),
        (ed(json!({ "alg": "ES256" })), "does not fit"),
        (ed(json!({ "alg": "HS256" })), "does not fit"),
        (with(GD_RSA.jwk("x"), json!({ "alg": "PS256" })), "does not fit"),
        (with(GD_RSA.jwk("x"), json!({ "alg": "RSA-OAEP" })), "does not fit"),
        (with(GD_RSA.jwk("x"), json!({ "n": weak })), "less than 2048"),
        (with(GD_RSA.jwk("x"), json!({ "n": format!("{}{weak}", "AAAA".repeat(64)) })), "less than 2048"),
        (with(GD_RSA.jwk("x"), json!({ "e": "AQ" })), "no sound RSA key"),
        (with(GD_RSA.jwk("x"), json!({ "e": "Ag" })), "no sound RSA key"),
        (with(GD_RSA.jwk("x"), json!({ "n": null })), "lacks a part"),
        (ed(json!({ "x": "AAAA" })), "wrong length"),
        (ed(json!({ "x": "a+/=" })), "not base64url"),
        (ed(json!({ "crv": "Ed448" })), "curve"),
        (with(GD_EC.jwk("x"), json!({ "crv": "secp256k1" })), "curve"),
        (with(GD_EC.jwk("x"), json!({ "kty": "AKP" })), "type"),
        (ed(json!({ "kid": 1 })), "wrong type"),
        (ed(json!({ "kid": "" })), "kid"),
        (json!("key"), "no object"),
    ];
    for (key, why) in bad {
        let (set, left_out) = read(&json!([key.clone(), GD_EC.jwk("good")]));
        assert_eq!(set.len(), 1, "{key} is used");
        assert!(set.find(Some("good")).is_some());
        assert!(left_out[0].1.contains(why), "{key}: {left_out:?}");
    }
}

#[test]
fn good_keys_in_all_forms_are_used() {
    let full = |signer: &Signer, kid: &str| {
        with(signer.jwk(kid), json!({ "use": "sig", "alg": signer.alg(), "key_ops": ["verify"], "x5t": "unknown" }))
    };
    let (set, left_out) = read(&json!([full(&GD_ED, "a"), full(&GD_EC, "b"), full(&GD_RSA, "c"), SD_ED.jwk("d")]));
    assert_eq!((set.len(), left_out), (4, vec![]));
}

#[test]
fn a_kid_of_two_different_keys_names_neither() {
    let (set, left_out) = read(&json!([GD_ED.jwk("x"), SD_ED.jwk("x"), GD_EC.jwk("y"), GD_EC.jwk("y")]));
    assert!(set.find(Some("x")).is_none());
    assert!(set.find(Some("y")).is_some(), "the same key twice is one key");
    assert_eq!(left_out, [("x".to_owned(), "names two different keys")]);
}

#[test]
fn what_is_no_key_set_is_refused() {
    let many = json!({ "keys": vec![GD_ED.jwk("x"); 65] }).to_string();
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, "<html>", many.as_str()] {
        assert!(KeySet::read(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn the_thumbprint_is_that_of_rfc_8037() {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let key = PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap();
    assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
