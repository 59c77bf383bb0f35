//! Spare capacity that a provider offers without having been asked.

use serde_json::{Value, json};

use super::{Sides, lasting, need};
use crate::{
    api::{over, text},
    approval::{administrator, done, named},
    both,
    support::world::{Answer, Client},
};

const MAKE: &str = "mutation($i: SpareOfferInput!) { spareOfferMake(input: $i) { spareOffer { id version open to } } }";
const WITHDRAW: &str = "mutation($id: ID!) { spareOfferWithdraw(id: $id) { spareOffer { status open } } }";
const LISTED: &str = "query($w: SpareOfferWhere) { spareOffers(where: $w) { totalCount nodes { id title units unitPrice to provider { code } } } }";

async fn make(client: &Client, offering: &str, more: Value) -> Answer {
    let base = json!({ "offering": offering, "title": "十二月空余检测能力", "units": 15, "unitPrice": "80.5",
        "startsOn": "2026-11-25", "reportBy": "2026-12-09", "validUntil": "2026-12-01T00:00:00Z" });
    client.send(MAKE, json!({ "i": over(base, more) })).await
}

async fn made(client: &Client, offering: &str, more: Value) -> String {
    let answer = make(client, offering, more).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    text(&answer.body["data"]["spareOfferMake"]["spareOffer"]["id"])
}

async fn listed(client: &Client) -> i64 {
    client.data(LISTED, json!({ "w": { "open": true } })).await["spareOffers"]["totalCount"].as_i64().expect("a number")
}

/// A draft that takes of spare capacity.
async fn draft(s: &Sides, spare: &str, company: &str) -> String {
    let providers = json!([{ "offering": s.offering, "spareOffer": spare }]);
    let input = over(need(&[]), json!({ "providers": providers, "sampledCompany": company }));
    text(&s.officer.done("requestCreate", json!({ "input": input })).await["request"]["id"])
}

async fn open(s: &Sides, request: &str) {
    s.officer.done("requestSubmit", json!({ "id": request })).await;
    s.approver.done("requestApprove", json!({ "id": request })).await;
}

async fn count(s: &Sides, units: i32) {
    let query =
        "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
    let input = json!({ "unitsByWeekday": [units, units, units, units, units, 0, 0] });
    s.gd.gd.data(query, json!({ "o": s.offering, "i": input })).await;
}

both! {
    async fn whoever_names_it_has_the_offer_in_hand(w: World) {
        let s = Sides::new(w).await;
        let spare = made(&s.signer, &s.offering, json!({})).await;
        let seen = s.officer.data(LISTED, json!({})).await["spareOffers"]["nodes"][0].clone();
        assert_eq!((&seen["units"], &seen["unitPrice"], &seen["to"], &seen["provider"]["code"]), (&json!(15), &json!("80.50"), &Value::Null, &json!("GD")));
        let request = draft(&s, &spare, "甲").await;
        open(&s, &request).await;
        let query = "query($id: ID!) { request(id: $id) { referrals { id status unsolicited spareOffer { id } offer { status price startsOn reportBy } timeline { event side reason { code } } } } }";
        let row = s.officer.data(query, json!({ "id": request })).await["request"]["referrals"][0].clone();
        assert_eq!((&row["status"], &row["unsolicited"], row["spareOffer"]["id"].as_str()), (&json!("OFFERED"), &json!(true), Some(spare.as_str())));
        assert_eq!(row["offer"], json!({ "status": "OPEN", "price": "805.00", "startsOn": "2026-11-25", "reportBy": "2026-12-09" }));
        let steps: Vec<String> = row["timeline"].as_array().expect("steps").iter().map(|one| format!("{} {}", text(&one["event"]), text(&one["side"]))).collect();
        assert!(steps.contains(&"OFFER PROVIDER".to_owned()), "{steps:?}");
        let id = text(&row["id"]);
        s.approver.done("referralAccept", json!({ "id": id })).await;
        assert_eq!(s.signer.blocked("referralSchedule", json!({ "id": id })).await, "SAME_PERSON", "whoever made it does not sign it");
        let other = w.client_with("GD", "approver", |grant| grant.subject = "other".to_owned());
        other.done("referralSchedule", json!({ "id": id })).await;
        // Five units are left; ten are asked for: the provider is asked as any other.
        let second = draft(&s, &spare, "乙").await;
        open(&s, &second).await;
        assert_eq!(s.referrals(&second).await[0]["status"], "SENT");
    }

    async fn what_is_not_free_is_not_promised(w: World) {
        let s = Sides::new(w).await;
        let spare = made(&s.signer, &s.offering, json!({ "units": 100 })).await;
        count(&s, 1).await;
        let first = draft(&s, &spare, "甲").await;
        open(&s, &first).await;
        assert_eq!(s.referrals(&first).await[0]["status"], "OFFERED", "ten of eleven days");
        let second = draft(&s, &spare, "乙").await;
        open(&s, &second).await;
        assert_eq!(s.referrals(&second).await[0]["status"], "SENT");
        let room = "query($o: ID!) { capacity(offering: $o, from: \"2026-11-23\", to: \"2026-12-20\") { days { held booked } } }";
        let days = s.gd.gd.data(room, json!({ "o": s.offering })).await["capacity"]["days"].clone();
        let held: i64 = days.as_array().expect("days").iter().filter_map(|day| day["held"].as_i64()).sum();
        assert_eq!(held, 10);
    }

    async fn it_is_seen_by_those_to_whom_it_is_made_until_it_ends(w: World) {
        let mut s = Sides::new(w).await;
        let fj = lasting(w, "FJ", "officer");
        let spare = made(&s.signer, &s.offering, json!({ "to": ["sd"] })).await;
        assert_eq!((listed(&s.officer).await, listed(&fj).await, listed(&s.manager).await), (1, 0, 1));
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(fj.data(node, json!({ "id": spare })).await["node"], Value::Null);
        let providers = json!([{ "offering": s.offering, "spareOffer": spare }]);
        let foreign = fj.act("requestCreate", json!({ "input": over(need(&[]), json!({ "providers": providers })) })).await;
        assert!(foreign.body["errors"][0]["extensions"]["fields"].to_string().contains("SPARE_OFFER_UNKNOWN"), "{:#}", foreign.body);
        // Made while the draft waits for approval, and gone when it is approved.
        let request = draft(&s, &spare, "甲").await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(s.approver.refused(WITHDRAW, json!({ "id": spare })).await, "NOT_FOUND");
        let gone = s.signer.data(WITHDRAW, json!({ "id": spare })).await["spareOfferWithdraw"]["spareOffer"].clone();
        assert_eq!(gone, json!({ "status": "WITHDRAWN", "open": false }));
        assert_eq!(s.signer.refused(WITHDRAW, json!({ "id": spare })).await, "ALREADY_WITHDRAWN");
        s.approver.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "SENT");
        made(&s.signer, &s.offering, json!({})).await;
        assert_eq!(listed(&fj).await, 1);
        w.clock.advance(chrono::TimeDelta::days(9));
        s.renew(w);
        assert_eq!(listed(&lasting(w, "FJ", "officer")).await, 0, "its time is over");
    }

    async fn rules_of_the_provider_are_not_gone_around(w: World) {
        let s = Sides::new(w).await;
        let spare = made(&s.signer, &s.offering, json!({})).await;
        let rules = json!([named("OFFER", &[], 2)]);
        done(&administrator(w, "GD"), "PROVIDER", rules).await;
        let request = draft(&s, &spare, "甲").await;
        open(&s, &request).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "SENT", "two must approve what goes out");
    }

    async fn what_cannot_be_meant_is_refused(w: World) {
        let s = Sides::new(w).await;
        for (more, code) in [
            (json!({ "units": 0 }), "QUANTITY"),
            (json!({ "startsOn": "2026-11-01" }), "DATE_PAST"),
            (json!({ "reportBy": "2026-11-24" }), "DATES_REVERSED"),
            (json!({ "validUntil": "2026-11-01T00:00:00Z" }), "INSTANT_PAST"),
            (json!({ "unitPrice": "1,5" }), "AMOUNT_FORM"),
            (json!({ "to": ["GD"] }), "OWN_AGENCY"),
            (json!({ "to": ["XX"] }), "AGENCY_UNKNOWN"),
            (json!({ "title": " " }), "REQUIRED"),
        ] {
            let answer = make(&s.signer, &s.offering, more).await;
            assert!(answer.body["errors"][0]["extensions"]["fields"].to_string().contains(code), "{code}: {:#}", answer.body);
        }
        let code = |answer: &Answer| answer.body["errors"][0]["extensions"]["code"].clone();
        assert_eq!(code(&make(&s.manager, &s.offering, json!({})).await), "FORBIDDEN");
        assert_eq!(code(&make(&s.approver, &s.offering, json!({})).await), "NOT_FOUND", "another agency's offering");
    }
}
