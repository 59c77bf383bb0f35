//! Offers that wait for an approver of the provider before anybody else sees them.

use serde_json::{Value, json};

use super::{administrator, done, lies, named};
use crate::{
    api::text,
    both,
    request::{Sides, terms},
    support::world::Client,
};

const SEEN: &str = "query($id: ID!) { referral(id: $id) { status offer { id } pendingOffer { id status price } offers { id } availableActions } }";

async fn seen(client: &Client, referral: &str) -> Value {
    client.data(SEEN, json!({ "id": referral })).await["referral"].clone()
}

both! {
    async fn an_offer_goes_out_with_the_last_signature(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([named("OFFER", &[], 1)])).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        let offer = text(&payload["offer"]["id"]);
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["status"], &row["pendingOffer"], &row["offers"]), (&json!("SENT"), &Value::Null, &json!([])), "the requester sees nothing of it");
        assert_eq!(seen(&s.manager, &referral).await["pendingOffer"]["status"], "PENDING_APPROVAL");
        assert!(lies(&s.signer, &referral).await && !lies(&s.manager, &referral).await, "it is the approver's turn");
        assert!(seen(&s.signer, &referral).await["availableActions"].to_string().contains("APPROVE_OFFER"));
        let other = w.client_with("GD", "lab-manager", |grant| grant.roles.push("approver".to_owned()));
        assert_eq!(other.blocked("offerApprove", json!({ "id": offer })).await, "SAME_PERSON");
        s.signer.done("offerApprove", json!({ "id": offer })).await;
        s.signer.done("offerApprove", json!({ "id": offer })).await;
        let row = seen(&s.officer, &referral).await;
        assert_eq!((&row["status"], row["offer"]["id"].as_str()), (&json!("OFFERED"), Some(offer.as_str())));
        s.approver.done("referralAccept", json!({ "id": referral })).await;
    }

    async fn an_offer_that_is_given_back_frees_what_it_held(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([named("OFFER", &[], 1)])).await;
        let calendar = "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
        s.gd.gd.data(calendar, json!({ "o": s.offering, "i": { "unitsByWeekday": [2, 2, 2, 2, 2, 0, 0] } })).await;
        let held = async || {
            let query = "query($o: ID!) { capacity(offering: $o, from: \"2026-11-23\", to: \"2026-12-20\") { days { held } } }";
            let data = s.gd.gd.data(query, json!({ "o": s.offering })).await;
            data["capacity"]["days"].as_array().into_iter().flatten().filter_map(|day| day["held"].as_i64()).sum::<i64>()
        };
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let offer = async || text(&s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await["offer"]["id"]);
        let first = offer().await;
        assert_eq!(held().await, 10, "set aside while it waits");
        assert_eq!(s.signer.blocked("offerReturn", json!({ "id": first, "reason": " " })).await, "INVALID");
        s.signer.done("offerReturn", json!({ "id": first, "reason": "价格有误" })).await;
        assert_eq!(held().await, 0);
        assert!(lies(&s.manager, &referral).await, "it is the officer's again");
        assert_eq!(s.signer.blocked("offerApprove", json!({ "id": first })).await, "OFFER_NOT_PENDING");
        let second = offer().await;
        s.signer.done("offerApprove", json!({ "id": second })).await;
        assert_eq!((held().await, seen(&s.officer, &referral).await["offers"].as_array().map(Vec::len)), (10, Some(1)), "one, of what the requester sees");
    }

    async fn the_clock_runs_on_while_it_waits(w: World) {
        let mut s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([named("OFFER", &[], 1)])).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        w.clock.advance(chrono::TimeDelta::days(4));
        s.renew(w);
        labpact::request::service::sweep::run(&w.db).await.expect("swept");
        assert_eq!(s.referrals(&request).await[0]["status"], "TIMED_OUT");
        let late = s.signer.blocked("offerApprove", json!({ "id": payload["offer"]["id"] })).await;
        assert_eq!(late, "OFFER_NOT_PENDING");
    }
}
