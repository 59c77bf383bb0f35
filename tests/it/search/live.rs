//! The index follows what is committed, and says who may see it as the register does.

use serde_json::{Value, json};

use super::{by_text, nodes, scopes};
use crate::{
    api::{Desk, column, line, text},
    both,
    support::world::World,
};

/// How many lines a question finds for somebody.
async fn total(w: &World, agency: &str, variables: Value) -> i64 {
    w.indexed().await;
    scopes(&w.client(agency, "officer"), variables).await["totalCount"].as_i64().expect("a number")
}

both! {
    async fn what_is_committed_is_found(w: World) {
        let desk = Desk::new(w).await;
        assert_eq!(total(w, "SD", json!({ "text": "铅" })).await, 1);
        let add = "mutation($i: ScopeAddInput!) { scopeAdd(input: $i) { scope { id } } }";
        let input = json!({ "scopeVersion": desk.edition, "lab": desk.lab, "line": line("2", json!({ "parameter": "新词甲乙", "method": "GB 99999-2026" })) });
        let data = desk.gd.data(add, json!({ "i": input })).await;
        let id = text(&data["scopeAdd"]["scope"]["id"]);
        for asked in ["新词甲乙", "xincijiayi", "GB99999", "99999", "新词"] {
            assert_eq!(total(w, "SD", json!({ "text": asked })).await, 1, "{asked}");
        }
        let edit = "mutation($id: ID!) { scopeEdit(id: $id, input: { parameter: \"另一个\" }) { scope { id } } }";
        desk.gd.data(edit, json!({ "id": id })).await;
        assert_eq!(total(w, "SD", json!({ "text": "新词甲乙" })).await, 0);
        assert_eq!(total(w, "SD", json!({ "where": { "standard": ["GB 99999"], "parameter": "新词甲乙" } })).await, 0);
        assert_eq!(total(w, "SD", json!({ "text": "另一个" })).await, 1);
    }

    async fn what_stands_in_the_way_is_known_at_once(w: World) {
        let desk = Desk::new(w).await;
        let asked = json!({ "text": "铅" });
        assert_eq!(total(w, "SD", asked.clone()).await, 1);
        let suspend = "mutation($id: ID!) { certificateSuspend(id: $id, reason: \"监督评审\") { certificate { id } } }";
        desk.gd.data(suspend, json!({ "id": desk.certificate })).await;
        assert_eq!(total(w, "SD", asked).await, 0);
        assert_eq!(total(w, "SD", json!({ "text": "铅", "where": { "anyStanding": true } })).await, 1);
        let availability = "query($s: [ID!], $l: [ID!]) { availability(scopes: $s, labs: $l, window: { from: \"2026-11-23\", to: \"2026-12-01\" }) {
            scopes { available exclusions { reason from } } labs { lineCount availableCount exclusions { lineCount exclusion { reason } } } } }";
        let told = desk.gd.data(availability, json!({ "s": [desk.line], "l": [desk.lab] })).await;
        let told = &told["availability"];
        assert_eq!(column(&told["scopes"][0]["exclusions"], "reason"), ["CERTIFICATE_SUSPENDED", "NO_SIGNATORY", "NO_OFFERING"]);
        assert_eq!(told["labs"][0]["lineCount"], 1);
        assert_eq!(told["labs"][0]["availableCount"], 0);
    }

    async fn a_lab_that_moves_is_found_where_it_is(w: World) {
        let desk = Desk::new(w).await;
        let in_region = |code: &str| json!({ "text": "铅", "where": { "region": [code] } });
        assert_eq!(total(w, "SD", in_region("440100")).await, 1);
        let edit = "mutation($id: ID!) { labEdit(id: $id, input: { region: \"440305\" }) { lab { id } } }";
        desk.gd.data(edit, json!({ "id": desk.lab })).await;
        assert_eq!(total(w, "SD", in_region("440100")).await, 0);
        assert_eq!(total(w, "SD", in_region("440300")).await, 1);
        assert_eq!(total(w, "SD", json!({ "text": "深圳 铅" })).await, 1);
    }

    async fn what_is_hidden_is_found_by_its_owner_alone(w: World) {
        let desk = Desk::seen_by(w, "OWN").await;
        assert_eq!(total(w, "GD", json!({ "text": "铅" })).await, 1);
        assert_eq!(total(w, "SD", json!({ "text": "铅" })).await, 0);
        let client = w.client("SD", "officer");
        for asked in ["铅", "婴幼儿", "GB 5009", "食品实验室", "广东检测"] {
            let found = client.data("query($t: String!) { suggest(text: $t) { kind text } }", json!({ "t": asked })).await;
            assert_eq!(found["suggest"], json!([]), "{asked}");
        }
        let labs = client.data("{ labSearch(text: \"铅\") { totalCount facets { labCount } nodes { lineCount } } }", json!({})).await;
        assert_eq!((&labs["labSearch"]["totalCount"], &labs["labSearch"]["nodes"]), (&json!(0), &json!([])));
        let show = "mutation($id: ID!) { labEdit(id: $id, input: { visibility: PARTNER }) { lab { id } } }";
        desk.gd.data(show, json!({ "id": desk.lab })).await;
        assert_eq!(total(w, "SD", json!({ "text": "铅" })).await, 0, "the line itself is hidden still");
    }

    async fn the_past_is_found_as_it_was(w: World) {
        let desk = Desk::new(w).await;
        let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"取消\", on: \"2026-06-01\") { id } }";
        desk.gd.data(withdraw, json!({ "id": desk.line })).await;
        assert_eq!(total(w, "SD", json!({ "text": "铅" })).await, 0);
        let past = "{ scopeSearch(text: \"铅\", asOf: \"2026-05-31\") { totalCount nodes { scope { parameter asOf } } } }";
        let found = w.client("SD", "officer").data(past, json!({})).await;
        assert_eq!(found["scopeSearch"]["nodes"][0]["scope"]["asOf"], "2026-05-31");
    }

    async fn another_node_finds_it_too(w: World) {
        let desk = Desk::new(w).await;
        let node = w.another_node().await;
        w.advance_feed().await;
        node.indexed(w).await;
        let found = by_text(&w.client("SD", "officer").at(&node), "铅").await;
        assert_eq!(nodes(&found).len(), 1);
        let edit = "mutation($id: ID!) { scopeEdit(id: $id, input: { parameter: \"镉\" }) { scope { id } } }";
        desk.gd.data(edit, json!({ "id": desk.line })).await;
        w.advance_feed().await;
        node.indexed(w).await;
        assert_eq!(by_text(&w.client("SD", "officer").at(&node), "镉").await["totalCount"], 1);
        node.stop().await;
    }
}
