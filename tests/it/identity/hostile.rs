//! Hostile tokens: each refused, for its own reason, and never quoted.

use aws_lc_rs::hmac;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use labpact::platform::fault::Fault;
use serde_json::json;

use super::forge::*;

struct Attack {
    name: &'static str,
    token: String,
    /// Part of the reason in the log.
    why: &'static str,
}

fn attack(name: &'static str, why: &'static str, token: impl Into<String>) -> Attack {
    Attack { name, token: token.into(), why }
}

fn good() -> String {
    GD_ED.token(&header(&GD_ED, "ed"), &claims())
}

/// Signed with changed claims.
fn claim(name: &'static str, why: &'static str, change: serde_json::Value) -> Attack {
    attack(name, why, GD_ED.token(&header(&GD_ED, "ed"), &with(claims(), change)))
}

/// Signed with a changed header.
fn head(name: &'static str, why: &'static str, change: serde_json::Value) -> Attack {
    attack(name, why, GD_ED.token(&with(header(&GD_ED, "ed"), change), &claims()))
}

/// Signed, with a payload of these bytes.
fn payload(name: &'static str, why: &'static str, bytes: impl AsRef<[u8]>) -> Attack {
    attack(name, why, GD_ED.seal(header(&GD_ED, "ed").to_string(), bytes))
}

fn hmac_with(secret: &[u8]) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({ "alg": "HS256", "typ": "at+jwt", "kid": "rsa" })), part(claims()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn forms() -> Vec<Attack> {
    let token = good();
    let parts: Vec<&str> = token.split('.').collect();
    let (h, p, s) = (parts[0], parts[1], parts[2]);
    let text = claims().to_string();
    let twice = format!(r#"{},"agency":"GD"}}"#, text.trim_end_matches('}'));
    let escaped = format!(r#"{},"\u0061gency":"SD"}}"#, text.trim_end_matches('}'));
    let nested = format!(r#"{},"x":[{{"y":{{"a":1,"a":2}}}}]}}"#, text.trim_end_matches('}'));
    let deep = format!(r#"{},"x":{}{}}}"#, text.trim_end_matches('}'), "[".repeat(1000), "]".repeat(1000));
    let standard = STANDARD.encode([0xfb, 0xff, 0xfe]);
    // The last letter of an Ed25519 signature has four bits to spare.
    let spare = format!("{h}.{p}.{}", flip_spare_bits(s));
    vec![
        attack("nothing", "three parts", ""),
        attack("two parts", "three parts", format!("{h}.{p}")),
        attack("four parts", "three parts", format!("{token}.{s}")),
        attack("five parts, as an encrypted token", "three parts", format!("{h}.{p}.{s}.{p}.{s}")),
        attack("dots alone", "signature is empty", ".."),
        attack("no signature", "signature is empty", format!("{h}.{p}.")),
        attack("no header", "header", format!(".{p}.{s}")),
        attack(
            "padding",
            "strict base64url",
            format!("{h}.{p}.{}", URL_SAFE.encode(URL_SAFE_NO_PAD.decode(s).unwrap())),
        ),
        attack("spare bits set", "strict base64url", spare),
        attack("blank before", "strict base64url", format!(" {token}")),
        attack("newline after", "strict base64url", format!("{token}\n")),
        attack("blank inside", "strict base64url", format!("{h}.{p} .{s}")),
        attack("standard alphabet", "strict base64url", format!("{h}.{p}.{standard}")),
        attack("not ASCII", "strict base64url", format!("{h}.{p}.签名")),
        attack(
            "nine kibibytes",
            "larger than 8 KiB",
            GD_ED.token(&header(&GD_ED, "ed"), &with(claims(), json!({ "x": "x".repeat(9000) }))),
        ),
        attack("header that is an array", "header is no JSON object", GD_ED.seal("[]", &text)),
        attack("header that is no JSON", "header is no strict JSON", GD_ED.seal("alg", &text)),
        attack(
            "header name twice",
            "header is no strict JSON",
            GD_ED.seal(r#"{"alg":"EdDSA","typ":"at+jwt","kid":"ed","alg":"EdDSA"}"#, &text),
        ),
        payload("claim twice", "payload is no strict JSON", twice),
        payload("claim twice by an escape", "payload is no strict JSON", escaped),
        payload("claim twice deep inside", "payload is no strict JSON", nested),
        payload("a thousand levels", "payload is no strict JSON", deep),
        payload("text after the object", "payload is no strict JSON", format!("{text}{{}}")),
        payload("byte order mark", "payload is no strict JSON", format!("\u{feff}{text}")),
        payload("not UTF-8", "payload is not UTF-8", [text.as_bytes(), &[0xff]].concat()),
        payload("not UTF-8 inside", "payload is not UTF-8", b"{\"sub\":\"\xc3\x28\"}"),
        payload("lone surrogate", "payload is no strict JSON", text.replace("zhang", "\\ud800")),
        payload("array of claims", "payload is no JSON object", format!("[{text}]")),
        payload("string", "payload is no JSON object", "\"claims\""),
    ]
}

fn flip_spare_bits(signature: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (head, last) = signature.split_at(signature.len() - 1);
    let at = LETTERS.iter().position(|each| *each == last.as_bytes()[0]).unwrap();
    format!("{head}{}", char::from(LETTERS[at | 1]))
}

fn algorithms() -> Vec<Attack> {
    let rsa_text = GD_RSA.jwk("rsa").to_string();
    let n = GD_RSA.jwk("rsa")["n"].as_str().unwrap().to_owned();
    let stranger = Signer::ed();
    let other = |signer: &Signer, alg: &str, kid: &str| {
        signer.token(&json!({ "alg": alg, "typ": "at+jwt", "kid": kid }), &claims())
    };
    let token = good();
    let (signed, _) = token.rsplit_once('.').unwrap();
    let swapped = GD_ED.token(&header(&GD_ED, "ed"), &with(claims(), json!({ "sub": "other" })));
    let (_, foreign) = swapped.rsplit_once('.').unwrap();
    vec![
        head("alg none", "alg is none of", json!({ "alg": "none" })),
        head("alg NONE", "alg is none of", json!({ "alg": "NONE" })),
        attack("HS256 with the public key as secret", "alg is none of", hmac_with(rsa_text.as_bytes())),
        attack("HS256 with the modulus as secret", "alg is none of", hmac_with(n.as_bytes())),
        head("alg of other case", "alg is none of", json!({ "alg": "eddsa" })),
        head("RS512", "alg is none of", json!({ "alg": "RS512" })),
        head("PS256", "alg is none of", json!({ "alg": "PS256" })),
        head("alg missing", "alg is missing", json!({ "alg": null })),
        head("alg as a number", "alg is no string", json!({ "alg": 1 })),
        attack("ES256 for an Ed25519 key", "signature is not", other(&GD_EC, "ES256", "ed")),
        attack("RS256 said of an EC key", "signature is not", other(&GD_EC, "RS256", "ec")),
        attack("EdDSA said of an RSA key", "signature is not", other(&GD_RSA, "EdDSA", "rsa")),
        attack("stranger's key under our kid", "signature is not", other(&stranger, "EdDSA", "ed")),
        head("jwk of the stranger", "signature is not", json!({ "jwk": stranger.jwk("ed"), "kid": "ec" })),
        attack(
            "stranger with his own jwk",
            "signature is not",
            stranger.token(
                &with(
                    header(&stranger, "ed"),
                    json!({ "jwk": stranger.jwk("ed"), "jku": "http://127.0.0.1:1/", "x5u": "http://127.0.0.1:1/" }),
                ),
                &claims(),
            ),
        ),
        head("unknown kid", "no key of that kid", json!({ "kid": "other" })),
        head("kid that is a path", "no key of that kid", json!({ "kid": "../../dev/null" })),
        head("kid as a number", "kid is no string", json!({ "kid": 7 })),
        head("kid empty", "kid is empty", json!({ "kid": "" })),
        head("kid missing among three keys", "no key of that kid", json!({ "kid": null })),
        head("crit of something unknown", "crit", json!({ "crit": ["http://example/x"], "http://example/x": true })),
        head("crit of exp", "crit", json!({ "crit": ["exp"], "exp": NOW + 9 })),
        head("crit empty", "crit", json!({ "crit": [] })),
        head("crit as a string", "crit", json!({ "crit": "exp" })),
        head("b64 false", "not base64url by the header", json!({ "b64": false })),
        head("b64 as a string", "not base64url by the header", json!({ "b64": "false" })),
        head("typ JWT", "typ is not accepted", json!({ "typ": "JWT" })),
        head("typ missing", "typ is missing", json!({ "typ": null })),
        head("typ of a logout token", "typ is no access", json!({ "typ": "logout+jwt" })),
        head("typ as an array", "typ is no string", json!({ "typ": ["at+jwt"] })),
        attack("signature of another token", "signature is not", format!("{signed}.{foreign}")),
        attack("signature of no bits", "signature is not", format!("{signed}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        attack(
            "ES256 of zeros",
            "signature is not",
            format!(
                "{}.{}.{}",
                URL_SAFE_NO_PAD.encode(header(&GD_EC, "ec").to_string()),
                URL_SAFE_NO_PAD.encode(claims().to_string()),
                URL_SAFE_NO_PAD.encode([0; 64])
            ),
        ),
    ]
}

fn contents() -> Vec<Attack> {
    let text = claims().to_string();
    let exp = format!("\"exp\":{}", NOW + 300);
    vec![
        claim("iss missing", "iss is missing", json!({ "iss": null })),
        claim("iss as an array", "iss is no string", json!({ "iss": [GUANGDONG] })),
        claim("iss unknown", "issuer is not trusted", json!({ "iss": "https://evil.example" })),
        claim("iss with a slash more", "issuer is not trusted", json!({ "iss": format!("{GUANGDONG}/") })),
        claim("iss of another issuer, by our key", "signature is not", json!({ "iss": SHANDONG, "agency": "SD" })),
        claim("Shandong by Guangdong's issuer", "may not speak", json!({ "agency": "SD" })),
        claim("both agencies", "agency is no string", json!({ "agency": ["GD", "SD"] })),
        claim("agency empty", "may not speak", json!({ "agency": "" })),
        claim("agency with a NUL", "may not speak", json!({ "agency": "GD\u{0}" })),
        payload("agency null", "agency is no string", text.replace("\"agency\":\"GD\"", "\"agency\":null")),
        claim("sub missing", "sub is missing", json!({ "sub": null })),
        claim("sub empty", "sub is empty", json!({ "sub": "" })),
        claim("sub blank", "sub is empty", json!({ "sub": " " })),
        claim("sub as a number", "sub is no string", json!({ "sub": 7 })),
        claim("sub with a newline", "control characters", json!({ "sub": "a\nb" })),
        claim("aud missing", "aud is missing", json!({ "aud": null })),
        claim("aud of another", "another audience", json!({ "aud": "other" })),
        claim("aud of several others", "another audience", json!({ "aud": ["other", "LABPACT", "labpact "] })),
        claim("aud as an empty array", "aud is empty", json!({ "aud": [] })),
        claim("aud with a number", "aud is neither", json!({ "aud": ["labpact", 1] })),
        claim("aud as an object", "aud is neither", json!({ "aud": { "labpact": true } })),
        claim("exp missing", "exp is missing", json!({ "exp": null })),
        claim("exp as a string", "exp is no time", json!({ "exp": (NOW + 300).to_string() })),
        claim("exp with a fraction", "exp is no time", json!({ "exp": (NOW + 300) as f64 + 0.5 })),
        payload("exp beyond all floats", "no strict JSON", text.replace(&exp, "\"exp\":1e999")),
        payload("exp as a large float", "exp is no time", text.replace(&exp, "\"exp\":1e300")),
        claim("exp of 2^64-1", "exp is no time", json!({ "exp": u64::MAX })),
        claim("exp of 2^63-1", "exp is no time", json!({ "exp": i64::MAX })),
        claim("exp negative", "exp is no time", json!({ "exp": -1 })),
        claim("exp in the past", "expired", json!({ "exp": NOW - 31 })),
        claim("exp just at the end of the leeway", "expired", json!({ "exp": NOW - 30 })),
        claim("nbf in the future", "not valid yet", json!({ "nbf": NOW + 31 })),
        claim("nbf as a string", "nbf is no time", json!({ "nbf": "0" })),
        claim("iat in the future", "made in the future", json!({ "iat": NOW + 31 })),
        claim("iat as a boolean", "iat is no time", json!({ "iat": true })),
        claim("jti as a number", "jti is no string", json!({ "jti": 1 })),
        claim("client_id as an array", "client_id is no string", json!({ "client_id": ["portal"] })),
        claim("roles as an object", "not a list of names", json!({ "roles": { "officer": true } })),
        claim("roles with a number", "not a list of names", json!({ "roles": ["officer", 1] })),
        claim("scope as a number", "not a list of names", json!({ "scope": 1 })),
        claim("labs as a string", "no array of lab ids", json!({ "labs": "all" })),
        claim(
            "labs with a wrong kind",
            "no array of lab ids",
            json!({
                "labs": ["institution:018f3e1c-0000-7000-8000-000000000001"],
            }),
        ),
        claim("labs with nonsense", "no array of lab ids", json!({ "labs": ["*"] })),
        claim("mark of a machine as a string", "no boolean", json!({ "machine": "false" })),
    ]
}

#[tokio::test]
async fn every_hostile_token_is_refused_for_its_own_reason_and_never_quoted() {
    let court = Court::new();
    court.verifier.verify(&good()).await.expect("the token that the attacks start from is good");
    let attacks: Vec<Attack> = forms().into_iter().chain(algorithms()).chain(contents()).collect();
    assert!(attacks.len() >= 100, "{} attacks", attacks.len());
    let mut missed = Vec::new();
    for Attack { name, token, why } in attacks {
        match court.verifier.verify(&token).await {
            Err(Fault::Unauthenticated(reason)) => {
                if !reason.contains(why) {
                    missed.push(format!("{name}: refused because {reason:?}, not {why:?}"));
                }
                if token.split('.').any(|part| part.len() > 8 && reason.contains(part)) {
                    missed.push(format!("{name}: the reason quotes the token"));
                }
            }
            other => missed.push(format!("{name}: {other:?}")),
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test]
async fn the_answer_never_tells_which_check_failed() {
    let court = Court::new();
    let mut answers: Vec<String> = Vec::new();
    for Attack { token, .. } in algorithms().into_iter().chain(contents()) {
        let fault = court.verifier.verify(&token).await.unwrap_err();
        answers.push(format!("{} {fault}", fault.code()));
    }
    answers.dedup();
    assert_eq!(answers, ["UNAUTHENTICATED A valid access token is needed."]);
}
