//! The past of objects: who sees it, what of it, and in which order.

use serde_json::{Value, json};

use super::person;
use crate::{
    both,
    support::world::{Client, World},
};

const ASK: &str = "query($id: ID!, $first: Int, $after: String) { history(id: $id, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { at agency subject client action op before after reason requestId } } }";

async fn past(client: &Client, id: &str) -> Vec<Value> {
    let told = client.data(ASK, json!({ "id": id })).await;
    told["history"]["nodes"].as_array().expect("a list").clone()
}

fn auditing_coordinator(w: &World) -> Client {
    w.client_with("SD", "coordinator", |grant| grant.roles.push("auditor".to_owned()))
}

both! {
    async fn the_owner_sees_who_did_what_when_and_why(w: World) {
        let (desk, person) = person(w).await;
        w.clock.advance(chrono::TimeDelta::minutes(5));
        let stand = "mutation($id: ID!) { signatorySuspend(id: $id, reason: \"外出学习\") { signatory { id } } }";
        desk.gd.data(stand, json!({ "id": person })).await;
        for role in ["officer", "auditor"] {
            let past = past(&w.client("GD", role), &person).await;
            let said: Vec<_> = past.iter().map(|each| (each["action"].as_str().expect("text"), each["op"].as_str().expect("text"))).collect();
            assert_eq!(said, [("signatory.suspend", "UPDATE"), ("signatory.edit", "UPDATE"), ("signatory.create", "INSERT")]);
            assert_eq!(past[0]["at"], "2026-11-23T02:05:00Z");
            assert_eq!((&past[0]["agency"], &past[0]["subject"], &past[0]["client"]), (&json!("agency:GD"), &json!("editor@gd"), &json!("tests")));
            assert_eq!(past[0]["reason"], "外出学习");
            assert_eq!(past[0]["before"], json!({ "standing": "ACTIVE", "standing_reason": null }));
            assert_eq!(past[0]["after"], json!({ "standing": "SUSPENDED", "standing_reason": "外出学习" }));
            assert!(past[0]["requestId"].as_str().is_some_and(|id| !id.is_empty()));
            assert_eq!(past[1]["before"], json!({ "name": "陈晓明", "title": null }));
            assert_eq!(past[1]["after"], json!({ "name": "陈晓明明", "title": "高级工程师" }));
            assert_eq!((&past[1]["reason"], &past[2]["before"]), (&Value::Null, &Value::Null));
            assert_eq!(past[2]["after"]["code"], "S1");
        }
    }

    async fn others_see_nothing_and_the_pacts_auditor_no_names(w: World) {
        let (_, person) = person(w).await;
        for (agency, role) in [("SD", "officer"), ("SD", "auditor"), ("SD", "administrator")] {
            let told = w.client(agency, role).data(ASK, json!({ "id": person })).await;
            assert_eq!((&told["history"]["nodes"], &told["history"]["totalCount"]), (&json!([]), &json!(0)), "{role}");
        }
        let past = past(&auditing_coordinator(w), &person).await;
        assert_eq!(past.len(), 2);
        assert_eq!(past[0]["after"], json!({ "name": "***", "title": "高级工程师" }));
        assert_eq!((&past[1]["after"]["name"], &past[1]["after"]["code"]), (&json!("***"), &json!("***")));
        assert_eq!(w.anonymous().refused(ASK, json!({ "id": person })).await, "UNAUTHENTICATED");
    }

    async fn what_belongs_to_the_pact_is_for_auditors(w: World) {
        let standard = crate::api::standard(&w.client("GD", "coordinator"), "GB 5009.12-2017", json!({})).await;
        assert_eq!(past(&w.client("SD", "officer"), &standard).await.len(), 0);
        assert_eq!(past(&w.client("SD", "auditor"), &standard).await.len(), 1);
    }

    async fn secrets_are_told_to_nobody(w: World) {
        let (desk, _) = person(w).await;
        let make = "mutation($lab: ID!) { calendarFeedCreate(input: { lab: $lab }) { calendarFeed { id } } }";
        let made = w.client("GD", "lab-manager").data(make, json!({ "lab": desk.lab })).await;
        let id = made["calendarFeedCreate"]["calendarFeed"]["id"].as_str().expect("an id");
        let past = past(&w.client("GD", "auditor"), id).await;
        assert_eq!(past[0]["after"]["token_hash"], "***");
    }

    async fn it_comes_in_pages_with_the_newest_first(w: World) {
        let (desk, person) = person(w).await;
        for at in 0..5 {
            let edit = format!("mutation($id: ID!) {{ signatoryEdit(id: $id, input: {{ title: \"T{at}\" }}) {{ signatory {{ id }} }} }}");
            desk.gd.data(&edit, json!({ "id": person })).await;
        }
        let (mut titles, mut after) = (Vec::new(), Value::Null);
        loop {
            let told = desk.gd.data(ASK, json!({ "id": person, "first": 2, "after": after })).await;
            let page = &told["history"];
            assert_eq!(page["totalCount"], 7);
            titles.extend(page["nodes"].as_array().expect("a list").iter().map(|each| each["after"]["title"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let wanted = ["T4", "T3", "T2", "T1", "T0", "高级工程师"].map(Value::from);
        assert_eq!(titles[..6], wanted);
        for wrong in ["", "lab", "lab:", ":x"] {
            assert_eq!(desk.gd.refused(ASK, json!({ "id": wrong })).await, "INVALID");
        }
    }
}
