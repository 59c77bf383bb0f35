//! Rows that an agency keeps to itself: no list, edge, count, key or date shows them to another.

use serde_json::{Value, json};

use super::{Desk, USCC, annex, calibration, equipment, lab, line, signatory, standard};
use crate::both;

/// Everything that SD finds, wherever it looks.
const LOOK: &str = "{
    institutions { totalCount nodes { id } } labs { totalCount nodes { id } } certificates { totalCount nodes { id } }
    scopes { totalCount nodes { id } } equipment { totalCount nodes { id } }
    past: scopes(asOf: \"2024-01-01\") { totalCount nodes { id } }
    held: certificates(asOf: \"2024-01-01\") { totalCount nodes { id } }
    kept: equipment(asOf: \"2024-01-01\") { totalCount nodes { id } } }";

fn nothing(data: &Value) -> bool {
    data.as_object().is_some_and(|lists| lists.values().all(|list| *list == json!({ "totalCount": 0, "nodes": [] })))
}

both! {
    async fn own_rows_are_nowhere_for_another_agency(w: World) {
        let desk = Desk::seen_by(w, "OWN").await;
        let sd = w.client("SD", "editor");
        let item = super::equipment(&desk.gd, &desk.lab, json!({ "assetCode": "E1", "visibility": "OWN" })).await;
        let entry = calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        let person = signatory(&desk.gd, &desk.lab, json!({ "visibility": "OWN" })).await;
        let uscc = "mutation($id: ID!, $u: String!) { institutionEdit(id: $id, input: { uscc: $u }) { institution { id } } }";
        desk.gd.data(uscc, json!({ "id": desk.institution, "u": USCC })).await;
        assert!(nothing(&sd.data(LOOK, json!({})).await));
        assert!(!nothing(&desk.gd.data(LOOK, json!({})).await));
        let ids = [&desk.institution, &desk.lab, &desk.certificate, &desk.edition, &desk.line, &item, &entry, &person];
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
        assert_eq!(sd.data(query, json!({ "ids": ids })).await["nodes"], json!(vec![Value::Null; ids.len()]));
        let owned = desk.gd.data(query, json!({ "ids": ids })).await;
        assert!(owned["nodes"].as_array().expect("nodes").iter().all(|node| !node.is_null()));
        let keys = "query($u: String!) { institutionByUscc(uscc: $u) { id } institutionByCode(agency: \"GD\", code: \"I1\") { id }
            labByCode(agency: \"GD\", code: \"L1\") { id } certificatesByNumber(number: \"202019000001\") { id }
            regionByCode(code: \"440000\") { labs { totalCount nodes { id } } } }";
        assert_eq!(sd.data(keys, json!({ "u": USCC })).await, json!({
            "institutionByUscc": null, "institutionByCode": null, "labByCode": null, "certificatesByNumber": [],
            "regionByCode": { "labs": { "totalCount": 0, "nodes": [] } },
        }));
    }

    async fn the_edges_of_shown_rows_do_not_lead_to_own_ones(w: World) {
        let desk = Desk::new(w).await;
        let sd = w.client("SD", "editor");
        let cited = standard(&w.client("SD", "coordinator"), "GB 5009.12-2017", json!({ "status": "CURRENT" })).await;
        let own = |code: &str| json!({ "code": code, "visibility": "OWN" });
        let hidden = super::lab(&desk.gd, &desk.institution, own("L2")).await;
        let cover = "mutation($c: ID!, $l: ID!) { certificateCover(id: $c, lab: $l) { certificate { id } } }";
        desk.gd.data(cover, json!({ "c": desk.certificate, "l": hidden })).await;
        super::annex(&desk.gd, &desk.certificate, &desk.lab, vec![super::line("9", json!({ "visibility": "OWN" }))]).await;
        super::annex(&desk.gd, &desk.certificate, &hidden, vec![super::line("8", json!({}))]).await;
        let item = super::equipment(&desk.gd, &desk.lab, json!({ "assetCode": "E1", "visibility": "OWN" })).await;
        let link = "mutation($e: ID!, $s: ID!) { equipmentLink(id: $e, scope: $s) { equipment { id } } }";
        desk.gd.data(link, json!({ "e": item, "s": desk.line })).await;
        signatory(&desk.gd, &desk.lab, json!({ "visibility": "OWN" })).await;
        let query = "query($l: ID!, $s: ID!) { labs { totalCount nodes { code institution { labs { totalCount nodes { code } } }
                certificates { nodes { labs { code } scopes { totalCount nodes { serial } } } }
                scopes { totalCount nodes { serial equipment { totalCount nodes { id } } } }
                equipment { totalCount nodes { id } } signatories { totalCount nodes { id } } } }
            hidden: node(id: $l) { id } scopes { totalCount nodes { serial } } equipment { totalCount }
            standard: node(id: $s) { ... on Standard { scopes { totalCount nodes { serial } } } } }";
        let none = json!({ "totalCount": 0, "nodes": [] });
        let first = json!({ "totalCount": 1, "nodes": [{ "serial": "1" }] });
        assert_eq!(sd.data(query, json!({ "l": hidden, "s": cited })).await, json!({
            "labs": { "totalCount": 1, "nodes": [{ "code": "L1",
                "institution": { "labs": { "totalCount": 1, "nodes": [{ "code": "L1" }] } },
                "certificates": { "nodes": [{ "labs": [{ "code": "L1" }], "scopes": first }] },
                "scopes": { "totalCount": 1, "nodes": [{ "serial": "1", "equipment": none }] },
                "equipment": none, "signatories": none }] },
            "hidden": null, "scopes": first, "equipment": { "totalCount": 0 }, "standard": { "scopes": first },
        }));
    }

    async fn what_was_shown_once_is_hidden_with_its_past(w: World) {
        let desk = Desk::new(w).await;
        let sd = w.client("SD", "editor");
        let past = "{ scopes(asOf: \"2024-01-01\") { totalCount nodes { id } } certificates(asOf: \"2024-01-01\") { totalCount nodes { id } } }";
        assert!(!nothing(&sd.data(past, json!({})).await));
        let hide = "mutation($id: ID!) { scopeShow(id: $id, visibility: OWN, version: 1) { scope { version visibility } } }";
        let hidden = desk.gd.data(hide, json!({ "id": desk.line })).await;
        assert_eq!(hidden["scopeShow"]["scope"], json!({ "version": 2, "visibility": "OWN" }));
        let found = sd.data(past, json!({})).await;
        assert_eq!((found["scopes"]["totalCount"].clone(), found["certificates"]["totalCount"].clone()), (json!(0), json!(1)));
        let hide = "mutation($id: ID!) { certificateEdit(id: $id, input: { visibility: OWN }) { certificate { id } } }";
        desk.gd.data(hide, json!({ "id": desk.certificate })).await;
        assert!(nothing(&sd.data(past, json!({})).await));
        let number = "{ certificatesByNumber(number: \"202019000001\", asOf: \"2024-01-01\") { id } }";
        assert_eq!(sd.data(number, json!({})).await["certificatesByNumber"], json!([]));
        assert!(!nothing(&desk.gd.data(past, json!({})).await));
    }
}
