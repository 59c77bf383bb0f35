//! Deputies stand in on their days, and for nobody who wrote the thing.

use serde_json::{Value, json};

use super::{administrator, approver, decisions, done, lies, named};
use crate::{
    api::text,
    both,
    request::Sides,
    support::world::{Answer, Client},
};

async fn appoint(client: &Client, input: Value) -> Answer {
    let query =
        "mutation($i: DeputyInput!) { deputyAppoint(input: $i) { deputy { id version person deputy from to } } }";
    client.send(query, json!({ "i": input })).await
}

fn stands_in(person: &str, deputy: &str) -> Value {
    json!({ "person": person, "deputy": deputy, "from": "2026-11-23", "to": "2026-11-30" })
}

both! {
    async fn a_deputy_stands_in_on_its_days_until_it_ends(w: World) {
        let s = Sides::new(w).await;
        let admin = administrator(w, "SD");
        done(&admin, "REQUESTER", json!([named("REQUEST", &["chief"], 1)])).await;
        let answer = appoint(&admin, stands_in("chief", "deputy")).await;
        let row = answer.body["data"]["deputyAppoint"]["deputy"].clone();
        let deputy = approver(w, "SD", "deputy");
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert!(lies(&deputy, &request).await);
        deputy.done("requestApprove", json!({ "id": request })).await;
        let voice = decisions(&s.officer, &request).await["decisions"][0]["approvals"][0].clone();
        assert_eq!((&voice["approver"], &voice["standsFor"]), (&json!("deputy"), &json!("chief")));
        let end = "mutation($id: ID!) { deputyEnd(id: $id) { deputy { id } } }";
        let id = text(&row["id"]);
        admin.data(end, json!({ "id": id })).await;
        assert_eq!(admin.refused(end, json!({ "id": id })).await, "ALREADY_ENDED");
        let other = s.draft(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        s.officer.done("requestSubmit", json!({ "id": other })).await;
        assert!(!lies(&deputy, &other).await);
        assert_eq!(deputy.blocked("requestApprove", json!({ "id": other })).await, "NOT_NAMED");
    }

    async fn one_person_is_one_voice_also_as_a_deputy(w: World) {
        let s = Sides::new(w).await;
        let admin = administrator(w, "SD");
        done(&admin, "REQUESTER", json!([named("REQUEST", &["a", "b"], 2)])).await;
        appoint(&admin, stands_in("b", "a")).await;
        let a = approver(w, "SD", "a");
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        a.done("requestApprove", json!({ "id": request })).await;
        a.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.status(&request).await, "PENDING_APPROVAL");
    }

    async fn nobody_stands_in_for_an_author(w: World) {
        let s = Sides::new(w).await;
        let admin = administrator(w, "SD");
        done(&admin, "REQUESTER", json!([named("REQUEST", &["officer@sd"], 1)])).await;
        appoint(&admin, stands_in("officer@sd", "deputy")).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        let deputy = approver(w, "SD", "deputy");
        assert_eq!(deputy.blocked("requestApprove", json!({ "id": request })).await, "NOT_NAMED");
    }

    async fn appointments_that_cannot_be_meant_are_refused(w: World) {
        let admin = administrator(w, "SD");
        for (input, code) in [
            (stands_in("a", "a"), "SAME_PERSON"),
            (stands_in(" ", "b"), "REQUIRED"),
            (json!({ "person": "a", "deputy": "b", "from": "2026-11-30", "to": "2026-11-25" }), "RANGE_EMPTY"),
            (json!({ "person": "a", "deputy": "b", "from": "2026-11-30", "to": "2028-11-25" }), "TOO_LONG"),
        ] {
            let answer = appoint(&admin, input).await;
            assert!(answer.body["errors"][0]["extensions"]["fields"].to_string().contains(code), "{code}: {:#}", answer.body);
        }
        let deputies = "{ deputies { id } }";
        assert_eq!(admin.data(deputies, json!({})).await["deputies"], json!([]));
        appoint(&admin, stands_in("a", "b")).await;
        assert_eq!(administrator(w, "GD").data(deputies, json!({})).await["deputies"], json!([]), "no other agency's");
    }
}
