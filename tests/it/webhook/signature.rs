//! Signatures against values that other programs have computed.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use entity::enums::WebhookSigning;
use labpact::webhook::model::signature::{Secret, draw, header, shown};

const BODY: &[u8] = br#"{"test": 2432232314}"#;

#[test]
fn a_symmetric_signature_is_that_of_the_specification() {
    let material = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
    let secret = Secret::new(WebhookSigning::Symmetric, &material).expect("a key");
    let signed = header(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, BODY);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_eq!(shown(WebhookSigning::Symmetric, &material).expect("text"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

#[test]
fn an_asymmetric_signature_is_that_of_another_library() {
    let seed: Vec<u8> = (0..32).collect();
    let secret = Secret::new(WebhookSigning::Ed25519, &seed).expect("a key");
    let signed = header(&[secret], "msg_1", 1_614_265_330, b"{}");
    assert_eq!(signed, "v1a,G+FOcjOrQw25LBHP01nQRuFFFOWFpq7Zx0a8WbB9EYLleGrIWLEnEZWXrjCl+uy/iS1RUZxWElSsyZWD1VtsBA==");
    let public = shown(WebhookSigning::Ed25519, &seed).expect("text");
    assert_eq!(public, "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=");
}

#[test]
fn secrets_are_random_and_every_one_of_them_signs() {
    let (one, other) = (draw().expect("bits"), draw().expect("bits"));
    assert_ne!(one, other);
    let secrets = [
        Secret::new(WebhookSigning::Ed25519, &one).expect("a key"),
        Secret::new(WebhookSigning::Symmetric, &other).expect("a key"),
    ];
    assert!(!format!("{secrets:?}").contains(&STANDARD.encode(&other)), "a secret stands in no text");
    let signed = header(&secrets, "m", 1, BODY);
    let (first, second) = signed.split_once(' ').expect("two");
    assert!(second.starts_with("v1,"));
    let public = shown(WebhookSigning::Ed25519, &one).expect("text");
    let key = STANDARD.decode(public.trim_start_matches("whpk_")).expect("base64");
    let tag = STANDARD.decode(first.trim_start_matches("v1a,")).expect("base64");
    let message = [b"m.1.".as_slice(), BODY].concat();
    UnparsedPublicKey::new(&ED25519, key).verify(&message, &tag).expect("it holds");
}
