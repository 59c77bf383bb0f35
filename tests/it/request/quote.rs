//! Quotes before orders: nothing is set aside until one of them is ordered.

use serde_json::json;

use super::{Sides, terms};
use crate::{api::text, both};

const ROOM: &str = "query($o: ID!) { capacity(offering: $o, from: \"2026-11-23\", to: \"2026-12-20\") { stated days { held booked } } }";

/// How many units are held and booked.
async fn taken(s: &Sides) -> (i64, i64) {
    let data = s.gd.gd.data(ROOM, json!({ "o": s.offering })).await;
    let sum = |name: &str| {
        data["capacity"]["days"].as_array().into_iter().flatten().filter_map(|day| day[name].as_i64()).sum()
    };
    (sum("held"), sum("booked"))
}

/// Gives so many units on every working day.
async fn count(s: &Sides, units: i32) {
    let query =
        "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
    let input = json!({ "unitsByWeekday": [units, units, units, units, units, 0, 0] });
    s.gd.gd.data(query, json!({ "o": s.offering, "i": input })).await;
}

both! {
    async fn quotes_are_compared_and_one_is_ordered(w: World) {
        let s = Sides::new(w).await;
        count(&s, 5).await;
        let second = s.another("O2").await;
        let request = s.open(&[&s.offering, &second], json!({ "forQuotes": true })).await;
        let rows = s.referrals(&request).await;
        assert!(rows.iter().all(|row| row["status"] == "SENT"), "all are asked at once");
        let (one, two) = (text(&rows[0]["id"]), text(&rows[1]["id"]));
        s.manager.done("referralOffer", json!({ "id": one, "input": terms(json!({ "price": "1200" })) })).await;
        s.manager.done("referralOffer", json!({ "id": two, "input": terms(json!({ "price": "900" })) })).await;
        assert_eq!(taken(&s).await, (0, 0), "a quote takes nothing");
        let seen = s.officer.data("query($id: ID!) { request(id: $id) { forQuotes sending referrals { offer { kind price } } } }", json!({ "id": request })).await;
        assert_eq!(seen["request"], json!({ "forQuotes": true, "sending": "SIDE_BY_SIDE", "referrals": [
            { "offer": { "kind": "QUOTE", "price": "1200.00" } }, { "offer": { "kind": "QUOTE", "price": "900.00" } } ] }));
        s.approver.done("referralAccept", json!({ "id": one })).await;
        assert_eq!(taken(&s).await, (0, 10), "an order does");
        let rows = s.referrals(&request).await;
        assert_eq!((&rows[0]["status"], &rows[1]["status"]), (&json!("ACCEPTED"), &json!("LOST_RACE")));
    }

    async fn what_was_sold_meanwhile_cannot_be_ordered(w: World) {
        let s = Sides::new(w).await;
        count(&s, 1).await;
        let request = s.open(&[&s.offering], json!({ "forQuotes": true })).await;
        let quoted = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": quoted, "input": terms(json!({})) })).await;
        let other = s.open(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        let sold = s.referral(&other, 0).await;
        s.manager.done("referralOffer", json!({ "id": sold, "input": terms(json!({})) })).await;
        assert_eq!(s.approver.blocked("referralAccept", json!({ "id": quoted })).await, "NO_CAPACITY");
        let dry = s.approver.done("referralAccept", json!({ "id": quoted, "dryRun": true })).await;
        assert_eq!(dry["blockers"][0]["code"], "NO_CAPACITY");
    }
}
