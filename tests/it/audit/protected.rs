//! Who read what is protected is on record, and shown to the owner's auditors.

use labpact::audit::service::{export::export, verify::Span};
use serde_json::{Value, json};

use super::{operator, person};
use crate::{both, support::world::World};

const ASK: &str = "{ accessLog { totalCount nodes { at agency subject client requestId what object owner reason } } }";

async fn told(w: &World, agency: &str) -> Vec<Value> {
    w.app.accesses.flush(&w.db).await.expect("written");
    let told = w.client(agency, "auditor").data(ASK, json!({})).await;
    let nodes = told["accessLog"]["nodes"].as_array().expect("a list").clone();
    assert_eq!(told["accessLog"]["totalCount"], nodes.len());
    nodes
}

both! {
    async fn names_that_another_agency_reads_are_noted(w: World) {
        let (desk, person) = person(w).await;
        let ask = "query($lab: ID!) { node(id: $lab) { ... on Lab { signatories { nodes { name code } } } } }";
        w.client("GD", "officer").data(ask, json!({ "lab": desk.lab })).await;
        assert!(told(w, "GD").await.is_empty(), "one's own are no matter");
        w.client("SD", "officer").data("query($lab: ID!) { node(id: $lab) { ... on Lab { signatories { nodes { title } } } } }", json!({ "lab": desk.lab })).await;
        assert!(told(w, "GD").await.is_empty(), "the name was not read");
        w.client("SD", "officer").data(ask, json!({ "lab": desk.lab })).await;
        let rows = told(w, "GD").await;
        assert_eq!(rows.len(), 1, "two fields, one reading: {rows:#?}");
        let mut row = rows[0].clone();
        assert!(row["requestId"].take().as_str().is_some_and(|id| !id.is_empty()));
        assert_eq!(row, json!({
            "at": "2026-11-23T02:00:00Z", "agency": "agency:SD", "subject": "officer@sd", "client": "tests", "requestId": null,
            "what": "PERSONAL_DATA", "object": person, "owner": "agency:GD", "reason": null,
        }));
        assert!(told(w, "SD").await.is_empty(), "it is the owner's to know");
        let saying = |reason: &str| w.client("FJ", "officer").because(reason);
        saying("%E6%A0%B8%E5%AF%B9%E6%8A%A5%E5%91%8A%E7%AD%BE%E5%AD%97%E4%BA%BA").data(ask, json!({ "lab": desk.lab })).await;
        assert_eq!(told(w, "GD").await[0]["reason"], "核对报告签字人");
        for bad in ["%FF", "a%0Ab", "x".repeat(201).as_str()] {
            assert_eq!(saying(bad).refused(ask, json!({ "lab": desk.lab })).await, "INVALID", "{bad}");
        }
        for role in ["officer", "editor", "approver"] {
            assert_eq!(w.client("GD", role).refused(ASK, json!({})).await, "FORBIDDEN");
        }
    }

    async fn exports_are_known_to_every_auditor(w: World) {
        let (_, _) = person(w).await;
        let count = export((&w.db, &w.app.accesses), &operator(), Span::WHOLE, Vec::new()).await.expect("exported");
        for agency in ["GD", "HI"] {
            let rows = told(w, agency).await;
            assert_eq!(rows.len(), 1);
            assert_eq!((&rows[0]["what"], &rows[0]["subject"]), (&json!("AUDIT_EXPORT"), &json!("cli:audit")));
            assert_eq!(rows[0]["object"], format!("feed:1-{count}"));
        }
    }

    async fn a_reading_costs_no_statement(w: World) {
        let (desk, _) = person(w).await;
        let ask = "query($lab: ID!) { node(id: $lab) { ... on Lab { signatories { nodes { name } } } } }";
        let mut costs = Vec::new();
        for agency in ["GD", "SD"] {
            let client = w.client(agency, "officer");
            client.data(ask, json!({ "lab": desk.lab })).await;
            let before = w.db.statements();
            client.data(ask, json!({ "lab": desk.lab })).await;
            costs.push(w.db.statements() - before);
        }
        assert_eq!(costs[0], costs[1], "whose reading is noted asks no more than whose is not");
    }
}
