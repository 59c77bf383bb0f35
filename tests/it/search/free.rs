//! What is free counts: a line is available only where enough of what is offered for it is free over the window.

use serde_json::{Value, json};

use super::{nodes, scopes};
use crate::{
    both,
    request::{Sides, lasting, terms},
    support::world::{Client, World},
};

/// Gives so many units on every working day, so many of a hundred of them to partners.
async fn count(s: &Sides, units: i32, open_percent: i32) {
    let query =
        "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
    let input = json!({ "unitsByWeekday": [units, units, units, units, units, 0, 0], "openPercent": open_percent });
    s.gd.gd.data(query, json!({ "o": s.offering, "i": input })).await;
}

/// Whether the line is available from Tuesday to Monday for so much, with what stands in the way: as a search says it, and as
/// `availability` does.
async fn told(w: &World, s: &Sides, client: &Client, quantity: i32) -> (bool, Value) {
    w.indexed().await;
    let window = json!({ "from": "2026-11-24", "to": "2026-11-30", "quantity": quantity });
    let availability = "query($s: [ID!], $w: AvailableInput!) { availability(scopes: $s, window: $w) { scopes { available exclusions { reason from } } } }";
    let one =
        client.data(availability, json!({ "s": [s.gd.line], "w": window })).await["availability"]["scopes"][0].clone();
    let found = scopes(client, json!({ "text": "铅", "where": { "available": window } })).await;
    let available = one["available"].as_bool().expect("a truth");
    let there = nodes(&found).iter().any(|node| node["scope"]["id"] == s.gd.line.as_str());
    assert_eq!(there, available, "both say the same: {one:#} {found:#}");
    (available, one["exclusions"].clone())
}

both! {
    async fn units_that_are_taken_are_not_found(w: World) {
        let s = Sides::new(w).await;
        let asker = lasting(w, "SD", "officer");
        assert!(told(w, &s, &asker, 500).await.0, "nobody counts");
        count(&s, 2, 100).await;
        assert!(told(w, &s, &asker, 10).await.0);
        let missing = json!([{ "reason": "NO_CAPACITY", "from": "2026-11-28" }]);
        assert_eq!(told(w, &s, &asker, 11).await, (false, missing), "the first day on which nothing is free");
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let offered = terms(json!({ "startsOn": "2026-11-24", "reportBy": "2026-11-30" }));
        s.manager.done("referralOffer", json!({ "id": referral, "input": offered })).await;
        let taken = json!([{ "reason": "NO_CAPACITY", "from": "2026-11-24" }]);
        assert_eq!(told(w, &s, &asker, 1).await, (false, taken), "all of it is set aside");
        s.manager.done("referralDecline", json!({ "id": referral, "code": "PRICE" })).await;
        assert!(told(w, &s, &asker, 10).await.0, "and free again");
    }

    async fn a_hold_that_lapses_is_free_before_anybody_sweeps(w: World) {
        let mut s = Sides::new(w).await;
        count(&s, 2, 100).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let offered = terms(json!({ "startsOn": "2026-11-24", "reportBy": "2026-11-30", "validUntil": "2026-11-23T12:00:00Z" }));
        s.manager.done("referralOffer", json!({ "id": referral, "input": offered })).await;
        assert!(!told(w, &s, &lasting(w, "SD", "officer"), 1).await.0);
        w.clock.advance(chrono::TimeDelta::hours(14));
        s.renew(w);
        // Whatever is committed wakes the follower, as its own beat does.
        s.draft(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        assert!(told(w, &s, &lasting(w, "SD", "officer"), 10).await.0);
    }

    async fn partners_find_what_is_open_to_partners(w: World) {
        let s = Sides::new(w).await;
        count(&s, 2, 50).await;
        let (partner, owner) = (lasting(w, "SD", "officer"), lasting(w, "GD", "officer"));
        assert_eq!((told(w, &s, &partner, 5).await.0, told(w, &s, &partner, 6).await.0), (true, false));
        assert_eq!((told(w, &s, &owner, 10).await.0, told(w, &s, &owner, 11).await.0), (true, false));
        let closure = "mutation($i: ClosurePlanInput!) { closurePlan(input: $i) { __typename } }";
        let input = json!({ "lab": s.gd.lab, "from": "2026-11-24", "to": "2026-11-25", "reason": "搬迁" });
        s.gd.gd.data(closure, json!({ "i": input })).await;
        assert_eq!((told(w, &s, &owner, 6).await.0, told(w, &s, &owner, 7).await.0), (true, false), "closed days give nothing");
    }

    async fn a_basket_is_not_put_where_there_is_no_room(w: World) {
        let s = Sides::new(w).await;
        count(&s, 2, 100).await;
        w.indexed().await;
        let plan = "query($i: [CoverageItemInput!]!) { coveragePlan(items: $i, window: { from: \"2026-11-24\", to: \"2026-11-30\" }) { \
            plans { assignments { item lab { id } } uncovered } uncovered { item exclusions { exclusion { reason } } } } }";
        let item = |quantity: i32| json!({ "parameter": "铅", "object": "婴幼儿配方食品", "quantity": quantity });
        let planned = s.officer.data(plan, json!({ "i": [item(10)] })).await["coveragePlan"].clone();
        assert_eq!(planned["plans"][0]["assignments"].as_array().map(Vec::len), Some(1), "{planned:#}");
        let planned = s.officer.data(plan, json!({ "i": [item(11)] })).await["coveragePlan"].clone();
        assert!(planned["plans"] == json!([]) && planned.to_string().contains("NO_CAPACITY"), "{planned:#}");
        // Each fits alone, and both together do not.
        let planned = s.officer.data(plan, json!({ "i": [item(6), item(5)] })).await["coveragePlan"].clone();
        assert_eq!(planned["plans"][0]["assignments"].as_array().map(Vec::len), Some(1), "{planned:#}");
    }
}
