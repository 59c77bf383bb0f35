//! What was agreed is changed with the signatures of both sides, or not at all.

use serde_json::{Value, json};

use super::{Sides, lasting, terms};
use crate::{
    api::{changes, text},
    both,
    support::world::{Client, World},
};

const SEEN: &str = "query($id: ID!) { referral(id: $id) { status startsOn reportBy amendmentWaitsFor availableActions \
    offer { kind status price startsOn reportBy } amendment { id status side price reportBy remarks } offers { kind status } \
    due { on side } timeline { event side } } }";

async fn seen(client: &Client, referral: &str) -> Value {
    client.data(SEEN, json!({ "id": referral })).await["referral"].clone()
}

/// A second approver of the requester.
fn second(w: &World) -> Client {
    w.client_with("SD", "approver", |grant| {
        grant.subject = "second".to_owned();
        grant.life = chrono::TimeDelta::days(30);
    })
}

/// A change that the requester puts; its id.
async fn put(s: &Sides, referral: &str, change: Value) -> String {
    text(&s.officer.done("referralAmend", json!({ "id": referral, "input": change })).await["offer"]["id"])
}

fn can(row: &Value, action: &str) -> bool {
    row["availableActions"].as_array().is_some_and(|all| all.iter().any(|one| one == action))
}

both! {
    async fn both_sides_sign_a_change_and_then_it_holds(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        let id = put(&s, &referral, json!({ "startsOn": "2026-11-27", "reportBy": "2026-12-11", "price": "1500", "remarks": "推迟两天" })).await;
        assert_eq!(seen(&s.manager, &referral).await["amendment"], Value::Null, "not before the requester's side has signed");
        assert_eq!(s.signer.blocked("supplyAmendmentSign", json!({ "id": id })).await, "NOT_YET");
        assert!(can(&seen(&s.approver, &referral).await, "SIGN_AMENDMENT"));
        s.approver.done("amendmentSign", json!({ "id": id })).await;
        let before = changes(w).await;
        s.approver.done("amendmentSign", json!({ "id": id })).await;
        assert_eq!(changes(w).await, before, "the same click twice is one signature");
        let row = seen(&s.manager, &referral).await;
        assert_eq!((&row["amendmentWaitsFor"], &row["amendment"]["reportBy"], &row["reportBy"]), (&json!("PROVIDER"), &json!("2026-12-11"), &json!("2026-12-09")));
        assert!(!can(&row, "SIGN_AMENDMENT"), "a manager does not sign");
        assert!(can(&seen(&s.signer, &referral).await, "SIGN_AMENDMENT"));
        let payload = s.signer.done("supplyAmendmentSign", json!({ "id": id })).await;
        assert_eq!(payload["moves"][0]["event"], "AMEND");
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["status"], &row["startsOn"], &row["reportBy"], &row["amendment"]), (&json!("SCHEDULED"), &json!("2026-11-27"), &json!("2026-12-11"), &Value::Null));
        assert_eq!(row["offer"], json!({ "kind": "AMENDMENT", "status": "ACCEPTED", "price": "1500.00", "startsOn": "2026-11-27", "reportBy": "2026-12-11" }));
        assert_eq!(row["due"]["on"], "2026-11-27", "the clock follows");
        assert_eq!(row["offers"], json!([{ "kind": "OFFER", "status": "SUPERSEDED" }, { "kind": "AMENDMENT", "status": "ACCEPTED" }]));
        assert_eq!(s.signer.blocked("supplyAmendmentSign", json!({ "id": id })).await, "AMENDMENT_OVER");
    }

    async fn nobody_signs_what_he_has_written_and_a_refusal_leaves_all_as_it_was(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        let all = lasting(w, "SD", "approver");
        let writer = w.client_with("SD", "officer", |grant| grant.roles.push("approver".to_owned()));
        let id = text(&writer.done("referralAmend", json!({ "id": referral, "input": { "reportBy": "2026-12-15", "remarks": "延期" } })).await["offer"]["id"]);
        assert_eq!(writer.blocked("amendmentSign", json!({ "id": id })).await, "SAME_PERSON");
        all.done("amendmentSign", json!({ "id": id })).await;
        assert_eq!(s.signer.blocked("supplyAmendmentRefuse", json!({ "id": id, "reason": " " })).await, "INVALID");
        s.signer.done("supplyAmendmentRefuse", json!({ "id": id, "reason": "人手不足" })).await;
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["reportBy"], &row["amendment"], &row["offers"][1]["status"]), (&json!("2026-12-09"), &Value::Null, &json!("REJECTED")));
        // The provider's change, taken back by its own side before the other has signed.
        let id = text(&s.manager.done("supplyAmend", json!({ "id": referral, "input": { "price": "900", "remarks": "优惠" } })).await["offer"]["id"]);
        s.signer.done("supplyAmendmentSign", json!({ "id": id })).await;
        assert_eq!(s.officer.blocked("referralAmend", json!({ "id": referral, "input": { "price": "800", "remarks": "还价" } })).await, "AMENDMENT_OPEN");
        s.signer.done("supplyAmendmentRefuse", json!({ "id": id, "reason": "有误" })).await;
        assert_eq!(second(w).blocked("amendmentSign", json!({ "id": id })).await, "AMENDMENT_OVER");
        assert_eq!(seen(&s.officer, &referral).await["offers"][2]["status"], "WITHDRAWN");
    }

    async fn what_cannot_be_meant_is_told_at_once(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        for (input, code) in [
            (json!({ "remarks": "x" }), "NOTHING_CHANGED"),
            (json!({ "startsOn": "2026-11-01", "remarks": "x" }), "DATE_PAST"),
            (json!({ "reportBy": "2026-11-24", "remarks": "x" }), "DATES_REVERSED"),
            (json!({ "price": "abc", "remarks": "x" }), "AMOUNT"),
            (json!({ "price": "1", "remarks": " " }), "REQUIRED"),
        ] {
            let answer = s.officer.act("referralAmend", json!({ "id": referral, "input": input })).await;
            let codes = answer.body["errors"][0]["extensions"]["fields"].to_string();
            assert!(codes.contains(code), "{input}: {:#}", answer.body);
        }
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        s.start(&referral).await;
        let late = s.officer.act("referralAmend", json!({ "id": referral, "input": { "startsOn": "2026-12-01", "remarks": "x" } })).await;
        assert!(late.body["errors"][0]["extensions"]["fields"].to_string().contains("WORK_UNDER_WAY"), "{:#}", late.body);
        let id = put(&s, &referral, json!({ "reportBy": "2026-12-18", "remarks": "延期" })).await;
        s.approver.done("amendmentSign", json!({ "id": id })).await;
        s.signer.done("supplyAmendmentSign", json!({ "id": id })).await;
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["status"], &row["due"]["on"]), (&json!("IN_PROGRESS"), &json!("2026-12-18")));
    }

    async fn silence_ends_a_change_and_so_does_the_end_of_the_work(w: World) {
        let mut s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        let (_, other) = s.agreed_again().await;
        let first = put(&s, &referral, json!({ "reportBy": "2026-12-15", "remarks": "延期" })).await;
        s.approver.done("amendmentSign", json!({ "id": first })).await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        w.clock.advance(chrono::TimeDelta::days(4));
        s.renew(w);
        labpact::request::service::sweep::run(&w.db).await.expect("swept");
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["amendment"], &row["offers"][1]["status"], &row["reportBy"]), (&Value::Null, &json!("LAPSED"), &json!("2026-12-09")));
        assert_eq!(s.signer.blocked("supplyAmendmentSign", json!({ "id": first })).await, "AMENDMENT_OVER");
        put(&s, &other, json!({ "price": "1", "remarks": "x" })).await;
        s.approver.done("referralRequestCancel", json!({ "id": other, "reason": "不需要了" })).await;
        let row = seen(&s.officer, &other).await;
        assert_eq!((&row["status"], &row["amendment"], &row["offers"][1]["status"]), (&json!("CANCEL_REQUESTED"), &Value::Null, &json!("SUPERSEDED")));
    }

    async fn it_lies_in_the_inbox_of_who_must_sign(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        let lies = async |client: &Client| {
            let query = "{ inbox(first: 50) { nodes { referral { id availableActions } } } inboxCounts { amendments side total } }";
            let data = client.data(query, json!({})).await;
            let there = data["inbox"]["nodes"].as_array().is_some_and(|all| all.iter().any(|one| one["referral"]["id"] == referral.as_str()));
            let counted: i64 = data["inboxCounts"].as_array().into_iter().flatten().filter(|one| one["amendments"] == true).filter_map(|one| one["total"].as_i64()).sum();
            assert_eq!(there, counted == 1, "{data:#}");
            there
        };
        assert!(!lies(&s.approver).await && !lies(&s.signer).await);
        let id = put(&s, &referral, json!({ "reportBy": "2026-12-15", "remarks": "延期" })).await;
        assert!(lies(&s.approver).await && !lies(&s.signer).await);
        s.approver.done("amendmentSign", json!({ "id": id })).await;
        assert!(!lies(&s.approver).await && lies(&s.signer).await);
        s.signer.done("supplyAmendmentSign", json!({ "id": id })).await;
        assert!(!lies(&s.approver).await && !lies(&s.signer).await);
    }

    async fn a_stranger_knows_of_none(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        let id = put(&s, &referral, json!({ "price": "1", "remarks": "x" })).await;
        for client in [lasting(w, "FJ", "approver"), lasting(w, "FJ", "officer")] {
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&client.blocked("amendmentSign", json!({ "id": id })).await.as_str()));
        }
        let node = s.signer.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(node["node"], Value::Null, "what waits for its own side is that side's alone");
        s.manager.done("referralOffer", json!({ "id": s.referral(&s.open(&[&s.offering], json!({ "sampledCompany": "丙" })).await, 0).await, "input": terms(json!({})) })).await;
    }
}
