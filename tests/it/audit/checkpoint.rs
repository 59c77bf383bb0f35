//! Signed checkpoints: when they are due, that anybody can verify them, and what they find out.

use chrono::TimeDelta;
use entity::{enums::FeedKind, feed};
use labpact::{
    audit::{
        model::checkpoint::{Checkpoint, Claim},
        service::{
            seal::{Due, seal},
            verify::{Span, verify},
        },
    },
    identity::{embedded::KeyFolder, jwk::PublicKey},
    platform::{
        feed::{BEGINNING, content, digest, link},
        signing::Signer,
    },
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::{Value, json};

use super::{broken, by_hand, events, operator, whole};
use crate::{both, support::world::World};

const DUE: Due = Due { entries: 10, age: TimeDelta::hours(1) };

async fn sealed(w: &World) -> Option<i64> {
    w.advance_feed().await;
    seal(&w.db, w.app.signer.as_deref().expect("a signer"), DUE).await.expect("sealed")
}

/// The checkpoints as a partner keeps them.
async fn kept(w: &World) -> Vec<Checkpoint> {
    let ask = "{ auditCheckpoints(after: \"0\") { jws jwk } }";
    let told = w.client("SD", "auditor").data(ask, json!({})).await;
    let rows = told["auditCheckpoints"].as_array().expect("a list").clone();
    rows.iter().map(|row| Checkpoint::parse(&row.to_string()).expect("a checkpoint")).collect()
}

/// What an operator with all rights would do: the chain from its first entry on, over whatever the rows say now.
#[expect(clippy::disallowed_methods, reason = "this is what the program must notice")]
async fn made_anew(w: &World) {
    let db = sea_orm::Database::connect(w.app.config.database.url.as_str()).await.expect("the database opens");
    let mut hash = BEGINNING.to_vec();
    for mut entry in feed::Entity::find().order_by_asc(feed::Column::Seq).all(&db).await.expect("read") {
        let (json, salt) = match entry.kind {
            FeedKind::Change => {
                let row =
                    entity::change::Entity::find_by_id(entry.ref_id).one(&db).await.expect("read").expect("there");
                (content(&row).expect("JSON"), row.salt)
            }
            FeedKind::Event => {
                let row =
                    entity::outbox::Entity::find_by_id(entry.ref_id).one(&db).await.expect("read").expect("there");
                (content(&row).expect("JSON"), row.salt)
            }
        };
        let sum = digest(salt.as_deref(), &json);
        hash = link(&hash, (entry.seq, entry.kind, entry.at), &sum);
        (entry.digest, entry.hash) = (Some(sum), hash.clone());
        let row = entry.into_active_model().reset_all();
        row.update(&db).await.expect("written");
    }
    db.close().await.expect("the connections close");
}

both! {
    async fn a_checkpoint_is_due_after_entries_or_time(w: World) {
        let first = sealed(w).await.expect("the entries of the beginning are a day old");
        assert_eq!(sealed(w).await, None, "nothing has come since");
        events(w, 9).await;
        assert_eq!(sealed(w).await, None, "neither enough nor old enough");
        events(w, 1).await;
        assert_eq!(sealed(w).await, Some(first + 10));
        events(w, 1).await;
        assert_eq!(sealed(w).await, None);
        w.clock.advance(TimeDelta::hours(1));
        assert_eq!(sealed(w).await, Some(first + 11));
        w.clock.advance(TimeDelta::hours(9));
        assert_eq!(sealed(w).await, None, "nothing has come since");
        let verdict = whole(w).await;
        assert_eq!((verdict.broken, verdict.checkpoints, verdict.covered), (None, 3, Some(first + 11)));
        let ask = "query($after: String) { auditCheckpoints(after: $after) { seq hash at entries kid jwk jws } }";
        let told = w.client("SD", "auditor").data(ask, json!({ "after": first.to_string() })).await;
        let rows = told["auditCheckpoints"].as_array().expect("a list");
        let seqs: Vec<_> = rows.iter().map(|row| (row["seq"].clone(), row["entries"].clone())).collect();
        assert_eq!(seqs, [(json!((first + 10).to_string()), json!("10")), (json!((first + 11).to_string()), json!("1"))]);
        assert_eq!(rows[1]["hash"], hex::encode(verdict.chain.hash));
        assert_eq!(w.client("SD", "officer").refused(ask, json!({})).await, "FORBIDDEN");
    }

    async fn of_two_nodes_one_signs(w: World) {
        events(w, 20).await;
        let signer = w.app.signer.as_deref().expect("a signer");
        let signed = futures_util::future::join_all((0..4).map(|_| seal(&w.db, signer, DUE))).await;
        let signed: Vec<i64> = signed.into_iter().filter_map(|outcome| outcome.expect("sealed")).collect();
        assert_eq!(signed.len(), 1, "{signed:?}");
        assert_eq!(kept(w).await.len(), 1);
    }

    async fn whoever_made_the_chain_anew_is_found_out(w: World) {
        events(w, 20).await;
        let seq = sealed(w).await.expect("due");
        let kept = kept(w).await;
        by_hand(w, "UPDATE change SET subject = 'somebody else' WHERE id = (SELECT ref_id FROM feed WHERE seq = 1)").await;
        assert_eq!(broken(w).await, Some((1, "CONTENT_CHANGED")));
        made_anew(w).await;
        assert_eq!(broken(w).await, Some((seq, "CHECKPOINT")), "the stored checkpoint says so");
        by_hand(w, "DELETE FROM checkpoint").await;
        assert_eq!(broken(w).await, None, "nothing is left that could say so");
        let verdict = verify(&w.db, &operator(), Span::WHOLE, &kept).await.expect("verified");
        let broken = verdict.broken.expect("what the partner kept says so");
        assert_eq!((broken.seq, broken.flaw.code()), (seq, "CHECKPOINT"));
    }

    async fn an_end_that_is_cut_off_is_found(w: World) {
        events(w, 20).await;
        let seq = sealed(w).await.expect("due");
        let kept = kept(w).await;
        by_hand(w, &format!("DELETE FROM feed WHERE seq > {}", seq - 3)).await;
        assert_eq!(broken(w).await, Some((seq - 2, "ENTRY_MISSING")));
        by_hand(w, "DELETE FROM checkpoint").await;
        assert_eq!(broken(w).await, None);
        let verdict = verify(&w.db, &operator(), Span::WHOLE, &kept).await.expect("verified");
        assert_eq!(verdict.broken.map(|broken| broken.flaw.code()), Some("ENTRY_MISSING"));
    }

    async fn a_forged_checkpoint_is_none(w: World) {
        events(w, 20).await;
        let seq = sealed(w).await.expect("due");
        let mut forged = kept(w).await.remove(0);
        let other = KeyFolder::open(w.app.config.attachments.store.clone().expect("a folder") + "-keys", "audit.keys", &w.clock)
            .expect("another key");
        forged.jwk = other.key().expect("a key").jwk;
        let verdict = verify(&w.db, &operator(), Span::WHOLE, &[forged]).await.expect("verified");
        assert_eq!(verdict.broken.map(|broken| broken.flaw.code()), Some("SIGNATURE"));
        by_hand(w, "UPDATE checkpoint SET jws = REPLACE(jws, '.', '.A')").await;
        assert_eq!(broken(w).await, Some((seq, "SIGNATURE")));
    }
}

#[test]
fn any_jose_library_verifies_one() {
    World::run(crate::support::base::Backend::Sqlite, async |w: &World| {
        events(w, 20).await;
        let seq = sealed(w).await.expect("due");
        let kept = kept(w).await.remove(0);
        // Those who have the instance's key set need nothing else.
        let jwks: Value =
            w.http().get(w.url("/.well-known/jwks.json")).send().await.expect("sent").json().await.expect("JSON");
        let key = PublicKey::from_jwk(jwks["keys"][0].as_object().expect("a key")).expect("usable");
        let (message, signature) = kept.jws.rsplit_once('.').expect("three parts");
        assert!(key.verifies(message, signature));
        assert_eq!(kept.kid().as_deref(), key.kid());
        let claim: Claim = kept.opened().expect("it is signed");
        assert_eq!((claim.seq, claim.entries), (seq, seq));
        assert_eq!(claim.hash, hex::encode(whole(w).await.chain.hash));
    });
}

#[test]
fn an_instance_without_an_issuer_signs_with_keys_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("audit-keys");
    let clock = labpact::platform::clock::Clock::system();
    let first = KeyFolder::open(&keys, "audit.keys", &clock).expect("a key is made").key().expect("a key");
    let again = KeyFolder::open(&keys, "audit.keys", &clock).expect("it is there").key().expect("a key");
    assert_eq!(first, again);
    let serving = KeyFolder::open(&keys, "audit.keys", &clock).expect("it is there");
    let later = labpact::platform::clock::Clock::fixed(clock.now() + chrono::TimeDelta::minutes(1));
    let made = KeyFolder::open(&keys, "audit.keys", &later).expect("it is there").rotate().expect("a new key");
    let signs = serving.key().expect("a key");
    assert_eq!((signs.kid.as_str(), serving.list()), (made.as_str(), vec![made.clone(), first.kid.clone()]));
    assert!(serving.sign(&made, b"x").is_ok(), "a node that was running signs with it");
}
