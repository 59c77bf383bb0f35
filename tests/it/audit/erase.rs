//! Erasing the data of a person: it is gone everywhere, and the chain still holds.

use serde_json::{Value, json};

use super::{broken, by_hand, person, whole};
use crate::{both, support::world::World};

const ERASE: &str = "mutation($id: ID!, $reason: String!, $key: String) {
    personalDataErase(id: $id, reason: $reason, idempotencyKey: $key) { id changes events } }";
const NAME: &str = "陈晓明";

/// How often a text stands in a table.
async fn found(w: &World, text: &str) -> i64 {
    let mut count = 0;
    for (table, columns) in [
        ("signatory", &["name", "code"][..]),
        ("change", &["before", "after"][..]),
        ("outbox", &["data"][..]),
        ("idempotency", &["answer"][..]),
        ("lab", &["contact_name"][..]),
    ] {
        for column in columns {
            let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE CAST({column} AS TEXT) LIKE '%{text}%'");
            let rows = w.db.sql::<Count>(&sql, Vec::new()).await.expect("counted");
            count += rows[0].count;
        }
    }
    count
}

both! {
    async fn a_name_is_gone_and_the_chain_holds(w: World) {
        let (_, person) = person(w).await;
        assert!(found(w, NAME).await >= 4);
        let erased = w.client("GD", "administrator").data(ERASE, json!({ "id": person, "reason": "本人要求" })).await;
        assert_eq!(erased["personalDataErase"], json!({ "id": person, "changes": 2, "events": 2 }));
        assert_eq!(found(w, NAME).await, 0);
        let verdict = whole(w).await;
        assert_eq!((verdict.broken, verdict.chain.erased), (None, 4));

        let ask = "query($id: ID!) { node(id: $id) { ... on Signatory { name code title version } }
            history(id: $id) { nodes { action before after reason } } }";
        let told = w.client("GD", "auditor").data(ask, json!({ "id": person })).await;
        let bare = person.split_once(':').expect("typed").1;
        assert_eq!(told["node"], json!({ "name": "已删除", "code": format!("已删除-{bare}"), "title": "高级工程师", "version": 3 }));
        let past = &told["history"]["nodes"];
        let mark = json!({ "erased": {
            "at": "2026-11-23T02:00:00Z", "reason": "本人要求", "by": { "agency": "GD", "subject": "administrator@gd" },
        } });
        assert_eq!(past[0], json!({
            "action": "audit.erase", "before": { "name": mark, "code": mark }, "after": { "name": mark, "code": mark },
            "reason": "本人要求",
        }));
        assert_eq!((&past[1]["before"]["name"], &past[1]["after"]["name"]), (&mark, &mark));
        assert_eq!(past[1]["after"]["title"], "高级工程师", "what is not about the person stays");
        assert_eq!((&past[2]["after"]["name"], &past[2]["after"]["code"]), (&mark, &mark));
    }

    async fn what_was_left_cannot_be_changed_either(w: World) {
        let (_, person) = person(w).await;
        w.client("GD", "administrator").data(ERASE, json!({ "id": person, "reason": "本人要求" })).await;
        w.advance_feed().await;
        let bare = person.split_once(':').expect("typed").1.to_owned();
        let seqs = format!("SELECT f.seq AS count FROM feed f JOIN change c ON c.id = f.ref_id WHERE c.entity = 'signatory' AND c.entity_id = '{bare}' ORDER BY f.seq");
        let seqs: Vec<Count> = w.db.sql(&seqs, Vec::new()).await.expect("read");
        let (created, edited) = (seqs[0].count, seqs[1].count);
        by_hand(w, &format!("UPDATE change SET action = 'forged' WHERE id = (SELECT ref_id FROM feed WHERE seq = {edited})")).await;
        assert_eq!(broken(w).await, Some((edited, "CONTENT_CHANGED")));
        // An act of erasing that is not in the chain vouches for nothing.
        by_hand(w, "UPDATE change SET after = '{\"digest\":\"00\"}' WHERE entity = 'erasure'").await;
        assert_eq!(broken(w).await, Some((created, "CONTENT_CHANGED")));
        by_hand(w, "DELETE FROM change WHERE entity = 'erasure'").await;
        assert_eq!(broken(w).await, Some((created, "CONTENT_CHANGED")));
    }

    async fn who_may_erase_what_and_why(w: World) {
        let (desk, person) = person(w).await;
        let own = w.client("GD", "administrator");
        for role in ["officer", "editor", "auditor", "coordinator"] {
            assert_eq!(w.client("GD", role).refused(ERASE, json!({ "id": person, "reason": "x" })).await, "FORBIDDEN");
        }
        let theirs = w.client("SD", "administrator");
        assert_eq!(theirs.refused(ERASE, json!({ "id": person, "reason": "x" })).await, "NOT_FOUND");
        let nobody = "signatory:00000000-0000-7000-8000-000000000000";
        assert_eq!(own.refused(ERASE, json!({ "id": nobody, "reason": "x" })).await, "NOT_FOUND");
        assert_eq!(own.refused(ERASE, json!({ "id": "signatory:x", "reason": "x" })).await, "NOT_FOUND");
        let long = "长".repeat(501);
        for (id, reason) in [(person.as_str(), " "), (&person, &long), ("certificate:1", "x"), ("signatory", "x"), (&desk.line, "x")] {
            assert_eq!(own.refused(ERASE, json!({ "id": id, "reason": reason })).await, "INVALID", "{id}");
        }
        assert!(found(w, NAME).await >= 4, "nothing was erased");
    }

    async fn it_can_be_asked_twice_and_done_again(w: World) {
        let (desk, person) = person(w).await;
        let own = w.client("GD", "administrator");
        let first = own.data(ERASE, json!({ "id": person, "reason": "本人要求", "key": "k" })).await;
        assert_eq!(own.data(ERASE, json!({ "id": person, "reason": "本人要求", "key": "k" })).await, first);
        let edit = "mutation($id: ID!) { signatoryEdit(id: $id, input: { name: \"王小红\" }) { signatory { id } } }";
        desk.gd.data(edit, json!({ "id": person })).await;
        let again = own.data(ERASE, json!({ "id": person, "reason": "误填" })).await;
        assert_eq!(again["personalDataErase"]["changes"], 1, "the others are erased already");
        assert_eq!(found(w, "王小红").await, 0);
        assert_eq!(whole(w).await.broken, None);
    }

    async fn a_contact_is_erased_from_lab_institution_and_agency(w: World) {
        let (desk, _) = person(w).await;
        let edit = "mutation($id: ID!) { labEdit(id: $id, input: { contact: { name: \"李秘书\", phone: \"020-1\" } }) { lab { id } } }";
        desk.gd.data(edit, json!({ "id": desk.lab })).await;
        assert!(found(w, "李秘书").await >= 2);
        let own = w.client("GD", "administrator");
        own.data(ERASE, json!({ "id": desk.lab, "reason": "离职" })).await;
        own.data(ERASE, json!({ "id": desk.institution, "reason": "离职" })).await;
        own.data(ERASE, json!({ "id": "agency:GD", "reason": "离职" })).await;
        assert_eq!(found(w, "李秘书").await, 0);
        let told = w.client("GD", "officer").data("query($id: ID!) { node(id: $id) { ... on Lab { contact { name phone } } } }", json!({ "id": desk.lab })).await;
        assert!(told["node"]["contact"].is_null() || told["node"]["contact"]["name"] == Value::Null, "{told:#}");
        assert_eq!(whole(w).await.broken, None);
    }

    /// Before the sequencer has come to the entries, and after.
    async fn entries_without_a_number_are_erased_too(w: World) {
        let desk = crate::api::Desk::new(w).await;
        let person = crate::api::signatory(&desk.gd, &desk.lab, json!({})).await;
        w.client("GD", "administrator").data(ERASE, json!({ "id": person, "reason": "误填" })).await;
        assert_eq!(found(w, NAME).await, 0);
        assert_eq!(whole(w).await.broken, None);
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Count {
    count: i64,
}
