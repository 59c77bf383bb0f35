//! The links themselves: both formulas, and each way in which one can break.

use chrono::{DateTime, Utc};
use entity::{enums::FeedKind, feed};
use labpact::{
    audit::model::chain::{Chain, Content, Seen},
    platform::feed::{BEGINNING, digest, link, link_plain},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn at() -> DateTime<Utc> {
    "2026-11-23T02:00:00Z".parse().expect("an instant")
}

fn content(seq: i64) -> Value {
    json!({ "id": Uuid::from_u128(seq.unsigned_abs().into()), "after": { "name": format!("N{seq}") } })
}

/// `plain` entries from before there were digests, then `digested` ones.
fn chain(plain: i64, digested: i64) -> Vec<Seen> {
    let mut hash = BEGINNING.to_vec();
    (1..=plain + digested)
        .map(|seq| {
            let json = content(seq);
            let salt = (seq > plain).then(|| vec![u8::try_from(seq).expect("few"); 16]);
            let sum = (seq > plain).then(|| digest(salt.as_deref(), &json));
            hash = match &sum {
                Some(sum) => link(&hash, (seq, FeedKind::Change, at()), sum),
                None => link_plain(&hash, seq, &json),
            };
            let entry = feed::Model {
                seq,
                kind: FeedKind::Change,
                ref_id: Uuid::from_u128(seq.unsigned_abs().into()),
                at: at(),
                hash: hash.clone(),
                digest: sum,
            };
            let place = (Uuid::from_u128(1), i32::try_from(seq).expect("few"));
            Seen { entry, content: Some(Content { json, salt, place }), left: None, pruned: false }
        })
        .collect()
}

fn walked(entries: &[Seen]) -> (Chain, Option<(i64, &'static str)>) {
    let mut chain = Chain::beginning();
    for (at, seen) in entries.iter().enumerate() {
        if let Err(broken) = chain.step(seen, entries.get(at + 1)) {
            return (chain, Some((broken.seq, broken.flaw.code())));
        }
    }
    (chain, None)
}

fn break_of(change: impl FnOnce(&mut Vec<Seen>)) -> Option<(i64, &'static str)> {
    let mut entries = chain(3, 4);
    change(&mut entries);
    walked(&entries).1
}

#[test]
fn old_entries_and_new_ones_are_one_chain() {
    let (chain, broken) = walked(&chain(3, 4));
    assert_eq!((broken, chain.entries, chain.next), (None, 7, 8));
}

#[test]
fn changed_content_is_found_in_either() {
    for at in [1, 4] {
        let found = break_of(|all| all[at].content.as_mut().expect("content").json["after"]["name"] = json!("forged"));
        assert_eq!(found, Some((at as i64 + 1, "CONTENT_CHANGED")));
    }
    let salt = break_of(|all| all[5].content.as_mut().expect("content").salt = Some(vec![9; 16]));
    assert_eq!(salt, Some((6, "CONTENT_CHANGED")));
}

#[test]
fn what_is_gone_is_found_unless_it_may_be() {
    for at in [1, 4] {
        assert_eq!(break_of(|all| all[at].content = None), Some((at as i64 + 1, "CONTENT_MISSING")));
    }
    assert_eq!(break_of(|all| drop(all.remove(3))), Some((4, "ENTRY_MISSING")));
    let let_go = break_of(|all| {
        for at in [1, 4] {
            all[at].content = None;
            all[at].pruned = true;
        }
    });
    assert_eq!(let_go, None);
}

#[test]
fn an_entry_that_was_made_anew_does_not_follow() {
    assert_eq!(break_of(|all| all[4].entry.hash[0] ^= 1), Some((5, "HASH_WRONG")));
    assert_eq!(break_of(|all| all[4].entry.kind = FeedKind::Event), Some((5, "HASH_WRONG")));
    assert_eq!(break_of(|all| all[4].entry.at += chrono::TimeDelta::microseconds(1)), Some((5, "HASH_WRONG")));
    // Taking the digest away does not bring the old formula back.
    assert_eq!(break_of(|all| all[5].entry.digest = None), Some((6, "HASH_WRONG")));
}

#[test]
fn entries_that_changed_places_are_told_as_such() {
    let swapped = |first: usize, with_hash: bool| {
        break_of(|all| {
            all.swap(first, first + 1);
            let (left, right) = all.split_at_mut(first + 1);
            let (a, b) = (&mut left[first], &mut right[0]);
            std::mem::swap(&mut a.entry.seq, &mut b.entry.seq);
            if !with_hash {
                std::mem::swap(&mut a.entry.hash, &mut b.entry.hash);
            }
        })
    };
    for with_hash in [true, false] {
        assert_eq!(swapped(4, with_hash), Some((5, "ORDER")), "{with_hash}");
        assert_eq!(swapped(0, with_hash), Some((1, "ORDER")), "{with_hash}");
    }
    // Within one transaction the order is that of its positions, whatever the hashes say.
    let mut entries = chain(0, 3);
    entries[2].content.as_mut().expect("content").place.1 = 1;
    assert_eq!(walked(&entries).1, Some((3, "ORDER")));
}

#[test]
fn erased_content_holds_only_as_the_act_left_it() {
    let erased = |forged: bool| {
        break_of(|all| {
            for at in [1, 4] {
                let seen = &mut all[at];
                let content = seen.content.as_mut().expect("content");
                content.json["after"]["name"] = json!({ "erased": {} });
                content.salt = Some(vec![7; 16]);
                seen.left = Some(digest(content.salt.as_deref(), &content.json));
                if forged {
                    content.json["after"]["more"] = json!(1);
                }
            }
        })
    };
    assert_eq!(erased(false), None);
    assert_eq!(erased(true), Some((2, "CONTENT_CHANGED")));
}
