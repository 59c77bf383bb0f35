//! Commands sent twice, and commands about a version that is no longer the last.

use serde_json::{Value, json};

use super::{Desk, calibration, changes, codes, problems, signatory, standard, text};
use crate::both;

const CREATE: &str = "mutation($i: InstitutionCreateInput!, $k: String) {
    institutionCreate(input: $i, idempotencyKey: $k) { institution { id version nameZh } } }";

fn input(code: &str, name: &str) -> Value {
    json!({ "code": code, "nameZh": name, "region": "440100" })
}

both! {
    async fn the_same_command_twice_is_done_once(w: World) {
        let gd = w.client("GD", "editor");
        let first = gd.send(CREATE, json!({ "i": input("I1", "甲"), "k": "k-1" })).await.body;
        let before = changes(w).await;
        let second = gd.send(CREATE, json!({ "i": input("I1", "甲"), "k": "k-1" })).await.body;
        assert_eq!(first, second);
        let turned = json!({ "region": "440100", "nameZh": "甲", "code": "I1" });
        let inline = "mutation { institutionCreate(idempotencyKey: \"k-1\", input: { region: \"440100\", code: \"I1\",
            nameZh: \"甲\" }) { institution { id version nameZh } } }";
        assert_eq!(gd.send(CREATE, json!({ "i": turned, "k": "k-1" })).await.body, first, "in any order of members");
        assert_eq!(gd.send(inline, json!({})).await.body, first, "spelled in the document");
        assert_eq!(changes(w).await, before);
        assert_eq!(gd.data("{ institutions { totalCount } }", json!({})).await["institutions"]["totalCount"], 1);
    }

    async fn the_same_key_with_another_command_is_refused(w: World) {
        let gd = w.client("GD", "editor");
        let made = gd.data(CREATE, json!({ "i": input("I1", "甲"), "k": "k-1" })).await;
        let id = &made["institutionCreate"]["institution"]["id"];
        let before = changes(w).await;
        let reused = gd.send(CREATE, json!({ "i": input("I1", "乙"), "k": "k-1" })).await;
        assert_eq!(codes(&reused), ["IDEMPOTENCY_KEY_REUSED"]);
        assert_eq!(reused.body["errors"][0]["extensions"]["facts"]["action"], "institution.create");
        for field in [
            "institutionSuspend(id: $id, reason: \"x\", idempotencyKey: \"k-1\") { institution { id } }",
            "institutionEdit(id: $id, input: {}, idempotencyKey: \"k-1\") { institution { id } }",
        ] {
            let query = format!("mutation($id: ID!) {{ {field} }}");
            assert_eq!(gd.refused(&query, json!({ "id": id })).await, "IDEMPOTENCY_KEY_REUSED");
        }
        assert_eq!(changes(w).await, before);
    }

    async fn the_key_of_another_subject_is_another_key(w: World) {
        let gd = w.client("GD", "editor");
        let colleague = w.client_with("GD", "editor", |grant| grant.subject = "colleague@gd".to_owned());
        let sd = w.client("SD", "editor");
        let mut ids = std::collections::BTreeSet::new();
        for (client, code) in [(&gd, "I1"), (&colleague, "I2"), (&sd, "I3")] {
            let made = client.data(CREATE, json!({ "i": input(code, "甲"), "k": "k-1" })).await;
            ids.insert(super::text(&made["institutionCreate"]["institution"]["id"]));
        }
        assert_eq!(ids.len(), 3);
        let taken = colleague.send(CREATE, json!({ "i": input("I1", "甲"), "k": "k-2" })).await;
        assert_eq!(codes(&taken), ["INSTITUTION_CODE_TAKEN"], "one's own key does not give the other's answer");
    }

    async fn a_refused_command_leaves_its_key_free(w: World) {
        let desk = Desk::new(w).await;
        let before = changes(w).await;
        assert_eq!(codes(&desk.gd.send(CREATE, json!({ "i": input("I1", "甲"), "k": "k-1" })).await), ["INSTITUTION_CODE_TAKEN"]);
        assert_eq!(codes(&desk.gd.send(CREATE, json!({ "i": input("I2", " "), "k": "k-1" })).await), ["INVALID"]);
        assert_eq!(changes(w).await, before);
        desk.gd.data(CREATE, json!({ "i": input("I2", "乙"), "k": "k-1" })).await;
        for key in ["", "  ", &"k".repeat(129)] {
            let answer = desk.gd.send(CREATE, json!({ "i": input("I9", "丙"), "k": key })).await;
            assert_eq!(super::problems(&answer), ["idempotencyKey IDEMPOTENCY_KEY"]);
        }
    }

    async fn a_repeated_edit_is_not_stale(w: World) {
        let desk = Desk::new(w).await;
        let edit = "mutation($id: ID!, $v: Int, $k: String, $n: String) { labEdit(id: $id, version: $v, idempotencyKey: $k,
            input: { nameZh: $n }) { lab { version nameZh } } }";
        let send = async |version: i32, key: Value, name: &str| {
            desk.gd.send(edit, json!({ "id": desk.lab, "v": version, "k": key, "n": name })).await
        };
        let done = json!({ "version": 2, "nameZh": "新" });
        assert_eq!(send(1, json!("k"), "新").await.body["data"]["labEdit"]["lab"], done);
        assert_eq!(send(1, json!("k"), "新").await.body["data"]["labEdit"]["lab"], done);
        let stale = send(1, json!(null), "又").await;
        assert_eq!(codes(&stale), ["STALE_VERSION"]);
        assert_eq!(stale.body["errors"][0]["extensions"]["facts"], json!({ "yourVersion": 1, "version": 2 }));
        assert_eq!(codes(&send(3, json!(null), "又").await), ["STALE_VERSION"]);
        let before = changes(w).await;
        assert_eq!(send(2, json!(null), "新").await.body["data"]["labEdit"]["lab"], done, "an edit that changes nothing");
        assert_eq!(changes(w).await, before);
    }

    async fn every_edit_minds_its_version(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let entry = super::calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        let person = super::signatory(&desk.gd, &desk.lab, json!({})).await;
        let known = super::standard(&w.client("GD", "coordinator"), "GB 1-2020", json!({})).await;
        let agency = desk.gd.data("{ agencyByCode(code: \"GD\") { id } }", json!({})).await["agencyByCode"]["id"].clone();
        let before = changes(w).await;
        for (id, role, field) in [
            (json!(desk.institution), "editor", "institutionEdit(id: $id, version: 9, input: { nameZh: \"x\" }) { institution { id } }"),
            (json!(desk.institution), "editor", "institutionSuspend(id: $id, version: 9, reason: \"x\") { institution { id } }"),
            (json!(desk.lab), "editor", "labRetire(id: $id, version: 9, reason: \"x\") { lab { id } }"),
            (json!(desk.certificate), "editor", "certificateEdit(id: $id, version: 9, input: { number: \"x\" }) { certificate { id } }"),
            (json!(desk.certificate), "editor", "certificateWithdraw(id: $id, version: 9, reason: \"x\") { certificate { id } }"),
            (json!(desk.line), "editor", "scopeEdit(id: $id, version: 9, input: { limits: \"x\" }) { scope { id } }"),
            (json!(desk.line), "editor", "scopeShow(id: $id, version: 9, visibility: OWN) { scope { id } }"),
            (json!(desk.line), "editor", "scopeWithdraw(id: $id, version: 9, reason: \"x\") { id }"),
            (json!(item), "editor", "equipmentEdit(id: $id, version: 9, input: { nameZh: \"x\" }) { equipment { id } }"),
            (json!(item), "editor", "equipmentChangeStatus(id: $id, version: 9, status: RETIRED, reason: \"x\") { equipment { id } }"),
            (json!(entry), "editor", "calibrationVoid(id: $id, version: 9, reason: \"x\") { calibration { id } }"),
            (json!(person), "editor", "signatoryEdit(id: $id, version: 9, input: { name: \"x\" }) { signatory { id } }"),
            (json!(person), "editor", "signatorySuspend(id: $id, version: 9, reason: \"x\") { signatory { id } }"),
            (json!(known), "coordinator", "standardEdit(id: $id, version: 9, input: { titleZh: \"x\" }) { standard { id } }"),
            (json!(known), "coordinator", "standardWithdraw(id: $id, version: 9) { standard { id } }"),
            (agency, "editor", "agencyEdit(id: $id, version: 9, input: { nameEn: \"x\" }) { agency { id } }"),
        ] {
            let query = format!("mutation($id: ID!) {{ {field} }}");
            assert_eq!(w.client("GD", role).refused(&query, json!({ "id": id })).await, "STALE_VERSION", "{field}");
        }
        assert_eq!(changes(w).await, before);
    }
}
