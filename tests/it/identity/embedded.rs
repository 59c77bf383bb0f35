//! The issuer inside the instance and its key files.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use chrono::TimeDelta;
use entity::ids::AgencyCode;
use labpact::{
    identity::{
        config::{EmbeddedConfig, IdentityConfig},
        embedded::{EmbeddedIssuer, Grant, KeyState, MAX_LIFE},
        jwk::KeySet,
        revocation::RevocationList,
        roles::Roles,
        trust::{Surroundings, verifier},
        verify::Verifier,
    },
    platform::{clock::Clock, fault::Fault},
};
use uuid::Uuid;

use super::forge::{http, now};

fn config(directory: &Path) -> EmbeddedConfig {
    EmbeddedConfig {
        url: "http://127.0.0.1:8080".into(),
        audience: "labpact".into(),
        agencies: vec!["GD".into(), "SD".into()],
        keys: directory.join("keys"),
        overlap_seconds: 3600,
    }
}

fn open(directory: &Path, clock: &Clock) -> EmbeddedIssuer {
    EmbeddedIssuer::open(&config(directory), clock.clone()).unwrap()
}

fn grant() -> Grant {
    Grant {
        agency: AgencyCode::from("gd"),
        roles: vec!["approver".into()],
        scopes: vec!["audit:read".into()],
        subject: "li".into(),
        client: "cli".into(),
        labs: None,
        institutions: None,
        life: TimeDelta::hours(2),
    }
}

fn court(embedded: EmbeddedIssuer, clock: &Clock) -> (Arc<EmbeddedIssuer>, Verifier) {
    let embedded = Arc::new(embedded);
    let around = Surroundings {
        fetch: http(),
        embedded: Some(Arc::clone(&embedded)),
        revocations: Arc::new(RevocationList::default()),
        clock: clock.clone(),
    };
    (embedded, verifier(&IdentityConfig::default(), around).unwrap())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn its_tokens_are_verified_like_any_others() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let (embedded, verifier) = court(open(home.path(), &clock), &clock);
    let lab = Uuid::from_u128(7).into();
    let wanted = Grant { labs: Some(vec![lab]), ..grant() };
    let token = embedded.sign(&wanted, verifier.roles()).unwrap();
    let actor = verifier.verify(&token).await.unwrap();
    assert_eq!(actor.agency.as_ref().unwrap().as_str(), "GD");
    assert!(actor.holds("supply:sign") && actor.holds("audit:read") && !actor.holds("directory:write"));
    assert_eq!(actor.labs.as_ref().unwrap().first(), Some(&lab));
    assert_eq!((actor.client.as_deref(), actor.issuer.as_str()), (Some("cli"), "http://127.0.0.1:8080"));
    assert!(actor.token_id.is_some());
    clock.advance(TimeDelta::hours(2));
    assert_eq!(verifier.verify(&token).await.unwrap_err().code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn rotation_signs_with_the_new_key_and_lets_the_old_one_verify_for_a_while() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let (embedded, verifier) = court(open(home.path(), &clock), &clock);
    let before = embedded.sign(&grant(), verifier.roles()).unwrap();
    let new = embedded.rotate().unwrap();
    let keys = embedded.list();
    assert_eq!((keys[0].kid.as_str(), keys[0].state), (new.as_str(), KeyState::Signing));
    assert!(matches!(keys[1].state, KeyState::VerifyingUntil(_)));
    let (published, left_out) = KeySet::read(embedded.jwks().to_string().as_bytes()).unwrap();
    assert_eq!((published.len(), left_out.len()), (2, 0));
    let after = embedded.sign(&grant(), verifier.roles()).unwrap();
    verifier.verify(&before).await.unwrap();
    verifier.verify(&after).await.unwrap();
    clock.advance(TimeDelta::seconds(3601));
    verifier.forget();
    assert_eq!(verifier.verify(&before).await.unwrap_err().code(), "UNAUTHENTICATED");
    verifier.verify(&after).await.unwrap();
    assert_eq!(embedded.list()[1].state, KeyState::Retired);
    assert_eq!(embedded.jwks()["keys"].as_array().unwrap().len(), 1);
    assert_eq!(embedded.remove_retired().unwrap().len(), 1);
    assert_eq!(embedded.list().len(), 1);
}

#[tokio::test]
async fn a_rotation_by_another_process_is_noticed() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let (first, verifier) = court(open(home.path(), &clock), &clock);
    let old = first.sign(&grant(), verifier.roles()).unwrap();
    clock.advance(TimeDelta::seconds(10));
    let other = open(home.path(), &clock);
    other.rotate().unwrap();
    let token = other.sign(&grant(), verifier.roles()).unwrap();
    verifier.verify(&token).await.expect("the unknown kid makes the server look again");
    let gone = other.list()[1].file.clone();
    fs::remove_file(gone).unwrap();
    clock.advance(TimeDelta::seconds(60));
    verifier.forget();
    assert_eq!(
        verifier.verify(&old).await.unwrap_err().code(),
        "UNAUTHENTICATED",
        "a removed key ends within a minute"
    );
}

#[test]
fn key_files_are_the_owners_alone_and_named_by_thumbprint() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let issuer = open(home.path(), &clock);
    let key = issuer.list().remove(0);
    assert_eq!(mode(&key.file), 0o600);
    assert_eq!(mode(&home.path().join("keys")), 0o700);
    assert_eq!(key.file.file_stem().unwrap().to_str().unwrap(), key.kid);
    assert_eq!(key.created_at, now());
    let text = fs::read_to_string(&key.file).unwrap();
    assert!(
        text.starts_with("created-at: 2027-01-15T08:00:00.000Z\n-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI")
    );
    let again = open(home.path(), &clock);
    assert_eq!(again.list(), issuer.list());
    assert_eq!(fs::read_dir(home.path().join("keys")).unwrap().count(), 1);
    assert!(!format!("{issuer:?}").contains(text.lines().nth(2).unwrap()));
}

#[test]
fn a_file_or_directory_open_to_others_is_refused_with_the_command_to_run() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let file = open(home.path(), &clock).list().remove(0).file;
    for loose in [0o640, 0o604, 0o666, 0o610] {
        fs::set_permissions(&file, fs::Permissions::from_mode(loose)).unwrap();
        let fault = EmbeddedIssuer::open(&config(home.path()), clock.clone()).unwrap_err().to_string();
        assert!(fault.contains(&format!("chmod 600 '{}'", file.display())), "{fault}");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    EmbeddedIssuer::open(&config(home.path()), clock.clone()).unwrap();
    let directory = home.path().join("keys");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
    let fault = EmbeddedIssuer::open(&config(home.path()), clock).unwrap_err().to_string();
    assert!(fault.contains(&format!("chmod 700 '{}'", directory.display())), "{fault}");
}

#[test]
fn a_broken_key_file_is_refused_and_never_quoted() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let file = open(home.path(), &clock).list().remove(0).file;
    let text = fs::read_to_string(&file).unwrap();
    for broken in [String::new(), text.replace("MC4", "MC5"), text.replace("END", "FIN"), text.replace("T08", "T99")] {
        fs::write(&file, broken).unwrap();
        let fault = EmbeddedIssuer::open(&config(home.path()), clock.clone()).unwrap_err().to_string();
        assert!(fault.contains("no Ed25519 key"), "{fault}");
    }
}

#[test]
fn a_key_without_a_date_counts_as_the_oldest_and_a_clock_set_back_does_not_confuse_rotation() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let issuer = open(home.path(), &clock);
    let first = issuer.list().remove(0);
    let text = fs::read_to_string(&first.file).unwrap();
    fs::write(&first.file, text.split_once('\n').unwrap().1).unwrap();
    let second = issuer.rotate().unwrap();
    assert_eq!(issuer.list()[0].kid, second);
    let earlier = Clock::fixed(now() - TimeDelta::days(1));
    let past = open(home.path(), &earlier);
    let third = past.rotate().unwrap();
    assert_eq!(past.list()[0].kid, third);
}

#[test]
fn a_grant_beyond_the_issuer_is_refused_with_every_problem() {
    let (home, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(now()));
    let issuer = open(home.path(), &clock);
    let wrong = Grant {
        agency: AgencyCode::from("HI"),
        roles: vec!["king".into()],
        scopes: vec!["root".into()],
        subject: String::new(),
        client: "a\n".into(),
        life: MAX_LIFE + TimeDelta::seconds(1),
        ..grant()
    };
    let Err(Fault::Invalid(problems)) = issuer.sign(&wrong, &Roles::default()) else { panic!("signed") };
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["AGENCY_UNKNOWN", "ROLE_UNKNOWN", "SCOPE_UNKNOWN", "NAME_FORM", "NAME_FORM", "TTL_RANGE"]);
}
