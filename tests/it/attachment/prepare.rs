//! Announcing files, and discarding them.

use serde_json::json;

use super::{PREPARE, announced, kept, look, pdf, prepared, put, stored};
use crate::{
    api::{changes, codes, problems},
    both,
    support::{base::Backend, world::World},
};

const DISCARD: &str =
    "mutation($id: ID!, $v: Int, $d: Boolean! = false) { attachmentDiscard(id: $id, version: $v, dryRun: $d) { id } }";

both! {
    async fn everything_that_is_wrong_is_told_at_once(w: World) {
        let officer = w.client("GD", "officer");
        let before = changes(w).await;
        let input = json!({
            "fileName": "../etc/\u{202e}fdp.exe", "mediaType": "application/x-msdownload", "size": 0, "sha256": "abc",
            "remarks": "x".repeat(2_001),
        });
        let answer = officer.send(PREPARE, json!({ "i": input })).await;
        assert_eq!(
            problems(&answer),
            [
                "input.fileName CONTROL_CHARACTER",
                "input.fileName FILE_NAME",
                "input.mediaType MEDIA_TYPE",
                "input.size SIZE",
                "input.sha256 SHA256",
                "input.remarks TOO_LONG",
            ]
        );
        let large = json!({ "size": 26_214_401 });
        let answer = officer.send(PREPARE, json!({ "i": announced(b"x", large) })).await;
        assert_eq!(problems(&answer), ["input.size SIZE"]);
        assert_eq!(changes(w).await, before);
    }

    async fn a_rehearsal_writes_nothing_and_gives_no_address(w: World) {
        let officer = w.client("GD", "officer");
        let before = changes(w).await;
        let data = officer.data(PREPARE, json!({ "i": announced(&pdf(20), json!({})), "d": true })).await;
        let shown = &data["attachmentPrepare"]["attachment"];
        assert_eq!((&shown["status"], &shown["size"], &shown["upload"]), (&json!("PREPARED"), &json!(20), &json!(null)));
        assert_eq!(changes(w).await, before);
    }

    async fn the_same_key_is_the_same_file(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(20);
        let ask = json!({ "i": announced(&content, json!({})), "k": "once" });
        let first = officer.data(PREPARE, ask.clone()).await["attachmentPrepare"]["attachment"].clone();
        w.clock.advance(chrono::TimeDelta::minutes(20));
        let again = officer.data(PREPARE, ask.clone()).await["attachmentPrepare"]["attachment"].clone();
        assert_eq!(first["id"], again["id"]);
        let url = |of: &serde_json::Value| of["upload"]["url"].as_str().expect("an address").to_owned();
        assert_eq!(put(w, &url(&first), content.clone()).await.1, "ADDRESS_EXPIRED");
        assert_eq!(put(w, &url(&again), content).await.0, 200);
        let after = officer.data(PREPARE, ask).await["attachmentPrepare"]["attachment"].clone();
        assert_eq!((&after["status"], &after["upload"]), (&json!("STORED"), &json!(null)));
        let other = json!({ "i": announced(&pdf(21), json!({})), "k": "once" });
        assert_eq!(officer.refused(PREPARE, other).await, "IDEMPOTENCY_KEY_REUSED");
    }

    async fn a_discarded_file_is_gone_with_its_content(w: World) {
        let officer = w.client("GD", "officer");
        let id = stored(w, &officer, &pdf(20)).await;
        assert_eq!(kept(w).len(), 1);
        assert_eq!(w.client("SD", "officer").refused(DISCARD, json!({ "id": id })).await, "NOT_FOUND");
        assert_eq!(w.client("GD", "auditor").refused(DISCARD, json!({ "id": id })).await, "FORBIDDEN");
        assert_eq!(officer.refused(DISCARD, json!({ "id": id, "v": 1 })).await, "STALE_VERSION");
        officer.data(DISCARD, json!({ "id": id, "d": true })).await;
        assert_eq!(kept(w).len(), 1);
        officer.data(DISCARD, json!({ "id": id, "v": 2 })).await;
        assert!(look(&officer, &id).await.is_null());
        assert_eq!(kept(w), [] as [std::path::PathBuf; 0]);
        let file = prepared(&officer, &pdf(20), json!({})).await;
        officer.data(DISCARD, json!({ "id": file.id })).await;
        assert_eq!(put(w, &file.url, pdf(20)).await, (403, "ADDRESS_INVALID".to_owned()));
    }

    async fn who_may_announce(w: World) {
        for (role, may) in [("officer", true), ("approver", true), ("lab-manager", true), ("client", true), ("editor", false),
            ("coordinator", false), ("auditor", false), ("administrator", false)]
        {
            let answer = w.client("GD", role).send(PREPARE, json!({ "i": announced(&pdf(20), json!({})) })).await;
            match may {
                true => assert_eq!(answer.body.get("errors"), None, "{role}"),
                false => assert_eq!(codes(&answer), ["FORBIDDEN"], "{role}"),
            }
        }
        assert_eq!(w.anonymous().refused(PREPARE, json!({ "i": announced(&pdf(20), json!({})) })).await, "UNAUTHENTICATED");
    }
}

#[test]
fn an_agency_keeps_a_bounded_number_and_size_of_files_that_are_not_attached() {
    let change = |config: &mut labpact::config::Config| {
        config.attachments.unbound_files = 3;
        config.attachments.unbound_bytes = 100;
    };
    World::run_with(Backend::Sqlite, change, async |w| {
        let (gd, sd) = (w.client("GD", "officer"), w.client("SD", "officer"));
        prepared(&gd, &pdf(60), json!({})).await;
        let refused = async |size| gd.refused(PREPARE, json!({ "i": announced(&pdf(size), json!({})) })).await;
        assert_eq!(refused(41).await, "ATTACHMENTS_FULL");
        prepared(&gd, &pdf(20), json!({})).await;
        prepared(&gd, &pdf(20), json!({})).await;
        assert_eq!(refused(9).await, "ATTACHMENTS_FULL");
        prepared(&sd, &pdf(60), json!({})).await;
    });
}
