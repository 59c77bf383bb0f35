//! The chain in the database, on both: whole it holds, and whatever is done to it by hand is found.

use serde_json::json;

use super::{broken, by_hand, events, person, whole};
use crate::both;

both! {
    async fn the_chain_holds_over_many_pages(w: World) {
        person(w).await;
        events(w, 2_100).await;
        let verdict = whole(w).await;
        assert_eq!(verdict.broken, None);
        assert!(verdict.chain.entries > 2_100);
        let answer = w.client("GD", "auditor").data(
            "{ auditVerify { holds from to hash entries pruned erased checkpoints covered broken { seq } } }",
            json!({}),
        ).await;
        assert_eq!(
            answer["auditVerify"],
            json!({
                "holds": true, "from": "1", "to": (verdict.chain.next - 1).to_string(),
                "hash": hex::encode(&verdict.chain.hash), "entries": verdict.chain.entries, "pruned": 0, "erased": 0,
                "checkpoints": 0, "covered": null, "broken": null,
            })
        );
    }

    /// From the end to the beginning, so that each is the first break.
    async fn whatever_is_changed_by_hand_is_found(w: World) {
        let (desk, person) = person(w).await;
        let stand = "mutation($id: ID!) { signatorySuspend(id: $id, reason: \"外出\") { signatory { id } } }";
        desk.gd.data(stand, json!({ "id": person })).await;
        events(w, 20).await;
        let last = whole(w).await.chain.next - 1;
        let of = |seq: i64| format!("(SELECT ref_id FROM feed WHERE seq = {seq})");
        let steps = [
            (last - 1, "CONTENT_CHANGED", format!("UPDATE outbox SET agency = 'SD' WHERE id = {}", of(last - 1))),
            (last - 3, "CONTENT_MISSING", format!("DELETE FROM outbox WHERE id = {}", of(last - 3))),
            (last - 5, "HASH_WRONG", format!("UPDATE feed SET hash = digest WHERE seq = {}", last - 5)),
            (last - 7, "HASH_WRONG", format!("UPDATE feed SET digest = hash WHERE seq = {}", last - 7)),
            (last - 9, "HASH_WRONG", format!("UPDATE feed SET digest = NULL WHERE seq = {}", last - 9)),
            (last - 11, "ENTRY_MISSING", format!("DELETE FROM feed WHERE seq = {}", last - 11)),
            (last - 14, "ORDER", format!(
                "UPDATE feed SET seq = -1 WHERE seq = {0}; UPDATE feed SET seq = {0} WHERE seq = {1}; UPDATE feed SET seq = {1} WHERE seq = -1",
                last - 14, last - 13
            )),
            (last - 16, "HASH_WRONG", format!("UPDATE feed SET at = '2026-11-23T02:00:01Z' WHERE seq = {}", last - 16)),
        ];
        for (seq, flaw, statement) in steps {
            by_hand(w, &statement).await;
            assert_eq!(broken(w).await, Some((seq, flaw)), "{statement}");
        }
        let changes: Vec<Seq> = w.db.sql("SELECT seq FROM feed WHERE kind = 'CHANGE' ORDER BY seq DESC LIMIT 3", Vec::new())
            .await.expect("read");
        let [third, second, first] = [changes[0].seq, changes[1].seq, changes[2].seq];
        for (seq, flaw, statement) in [
            (third, "CONTENT_MISSING", format!("DELETE FROM change WHERE id = {}", of(third))),
            (second, "CONTENT_CHANGED", format!("UPDATE change SET after = '{{\"name\":\"x\"}}' WHERE id = {}", of(second))),
            (first, "CONTENT_CHANGED", format!("UPDATE change SET subject = 'somebody else' WHERE id = {}", of(first))),
        ] {
            by_hand(w, &statement).await;
            assert_eq!(broken(w).await, Some((seq, flaw)), "{statement}");
        }
        let answer = w.client("SD", "auditor").data("{ auditVerify { holds to broken { seq flaw text } } }", json!({})).await;
        let told = &answer["auditVerify"];
        assert_eq!((&told["holds"], &told["to"]), (&json!(false), &json!((first - 1).to_string())));
        assert_eq!(told["broken"]["seq"], first.to_string());
        assert_eq!(told["broken"]["flaw"], "CONTENT_CHANGED");
    }

    async fn a_span_is_verified_alone(w: World) {
        events(w, 30).await;
        let end = whole(w).await.chain.next - 1;
        by_hand(w, &format!("UPDATE feed SET hash = digest WHERE seq = {}", end - 20)).await;
        let auditor = w.client("GD", "auditor");
        let ask = "query($from: String, $to: String) { auditVerify(from: $from, to: $to) { holds from to entries } }";
        let behind = auditor.data(ask, json!({ "from": (end - 10).to_string(), "to": (end - 5).to_string() })).await;
        assert_eq!(
            behind["auditVerify"],
            json!({ "holds": true, "from": (end - 10).to_string(), "to": (end - 5).to_string(), "entries": 6 })
        );
        let over = auditor.data(ask, json!({ "from": (end - 25).to_string() })).await;
        assert_eq!((&over["auditVerify"]["holds"], &over["auditVerify"]["entries"]), (&json!(false), &json!(5)));
        for wrong in [
            json!({ "from": "0" }), json!({ "from": "x" }), json!({ "from": "9999999" }), json!({ "from": "3", "to": "2" }),
            json!({ "from": "1", "to": "100001" }),
        ] {
            assert_eq!(auditor.refused(ask, wrong).await, "INVALID");
        }
        assert_eq!(w.client("GD", "officer").refused(ask, json!({})).await, "FORBIDDEN");
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Seq {
    seq: i64,
}
