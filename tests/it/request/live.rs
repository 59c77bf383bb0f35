//! Following what moves at the desk.

use serde_json::{Value, json};

use super::{Sides, lasting, terms};
use crate::{both, http::peer::Peer, notify::until};

/// Follows a request; the first result.
async fn follow(peer: &mut Peer, request: &str) -> Value {
    let fields = "name position request { id status referrals { status } }";
    peer.ask("r", &format!("subscription {{ requestChanged(id: \"{request}\") {{ {fields} }} }}")).await;
    changed(peer).await
}

async fn changed(peer: &mut Peer) -> Value {
    let result = peer.result("r").await;
    assert!(result.get("errors").is_none(), "{result:#}");
    result["data"]["requestChanged"].clone()
}

/// Hears of changes up to that one; their names.
async fn up_to(peer: &mut Peer, last: &str) -> (Vec<String>, Value) {
    let mut names = Vec::new();
    loop {
        let change = changed(peer).await;
        let name = change["name"].as_str().unwrap_or("").to_owned();
        names.push(name.clone());
        if name == last {
            return (names, change);
        }
    }
}

both! {
    async fn a_request_is_followed_by_those_who_see_it(w: World) {
        let s = Sides::new(w).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        let mut own = Peer::of(w, "SD", "officer").await;
        let first = follow(&mut own, &request).await;
        assert_eq!((&first["name"], &first["request"]["status"]), (&json!(null), &json!("DRAFT")), "at once, as it is");
        let mut others = Peer::of(w, "GD", "lab-manager").await;
        let ask = format!("subscription {{ requestChanged(id: \"{request}\") {{ name }} }}");
        others.ask("x", &ask).await;
        assert_eq!(others.error("x").await, "NOT_FOUND", "as long as it was not sent");
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        let (names, change) = up_to(&mut own, "request.submitted.v1").await;
        assert_eq!((names.len(), &change["request"]["status"]), (1, &json!("PENDING_APPROVAL")));
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let (names, change) = up_to(&mut own, "referral.sent.v1").await;
        assert_eq!(names, ["request.approved.v1", "referral.sent.v1"]);
        assert_eq!(change["request"]["referrals"][0]["status"], "SENT");

        follow(&mut others, &request).await;
        let mut strangers = Peer::of(w, "FJ", "officer").await;
        strangers.ask("x", &ask).await;
        assert_eq!(strangers.error("x").await, "NOT_FOUND");
        let referral = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        s.approver.done("referralAccept", json!({ "id": referral })).await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        let (own_names, _) = up_to(&mut own, "referral.scheduled.v1").await;
        assert_eq!(own_names, ["referral.offered.v1", "referral.accepted.v1", "request.agreed.v1", "referral.scheduled.v1"]);
        let (names, change) = up_to(&mut others, "referral.scheduled.v1").await;
        assert_eq!(names, ["referral.offered.v1", "referral.accepted.v1", "referral.scheduled.v1"], "its own referral");
        assert_eq!(change["request"]["referrals"], json!([{ "status": "SCHEDULED" }]));

        let input = json!({ "units": 5 });
        s.officer.done("consignmentDispatch", json!({ "referral": referral, "input": input })).await;
        for peer in [&mut own, &mut others] {
            assert_eq!(up_to(peer, "consignment.dispatched.v1").await.0.len(), 1, "both sides");
        }
    }

    async fn a_provider_hears_nothing_of_what_another_one_does(w: World) {
        let s = Sides::new(w).await;
        let fj = s.of_agency(w, "FJ").await;
        let request = s.open(&[&s.offering, &fj], json!({ "sending": "SIDE_BY_SIDE" })).await;
        w.advance_feed().await;
        let (mut own, mut other) = (Peer::of(w, "GD", "lab-manager").await, Peer::of(w, "FJ", "lab-manager").await);
        for peer in [&mut own, &mut other] {
            let first = follow(peer, &request).await;
            assert_eq!(first["request"]["referrals"].as_array().map(Vec::len), Some(1), "its own alone");
        }
        let first = s.referral(&request, 0).await;
        s.manager.done("referralAcknowledge", json!({ "id": first })).await;
        s.manager.done("referralOffer", json!({ "id": first, "input": terms(json!({})) })).await;
        // What is heard next is of its own referral: what the other one did was not told before it.
        let fj_manager = lasting(w, "FJ", "lab-manager");
        s.approver.done("referralAccept", json!({ "id": first })).await;
        let (names, change) = up_to(&mut other, "referral.lostRace.v1").await;
        assert_eq!((names.as_slice(), &change["request"]["referrals"]), (&["referral.lostRace.v1".to_owned()][..], &json!([{ "status": "LOST_RACE" }])));
        let query = "query($id: ID!) { request(id: $id) { timeline { event } referrals { id } } }";
        let seen = fj_manager.data(query, json!({ "id": request })).await["request"].clone();
        assert!(!seen.to_string().contains("OFFER") && !seen.to_string().contains(&first), "{seen:#}");
        let (names, _) = up_to(&mut own, "referral.accepted.v1").await;
        assert_eq!(names, ["referral.acknowledged.v1", "referral.offered.v1", "referral.accepted.v1"]);
    }

    async fn what_does_not_move_is_not_told_and_nothing_comes_twice(w: World) {
        let s = Sides::new(w).await;
        let one = s.draft(&[&s.offering], json!({})).await;
        let mut peer = Peer::of(w, "SD", "officer").await;
        follow(&mut peer, &one).await;
        let other = s.draft(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        s.officer.done("requestSubmit", json!({ "id": other })).await;
        s.officer.done("requestSubmit", json!({ "id": one })).await;
        s.officer.done("requestWithdraw", json!({ "id": one, "reason": "x" })).await;
        let (names, change) = up_to(&mut peer, "request.withdrawn.v1").await;
        assert_eq!(names[0], "request.submitted.v1", "the first that moves is this one's");
        assert_eq!(change["request"]["id"], json!(one));
    }

    async fn an_inbox_is_told_when_it_changes(w: World) {
        let s = Sides::new(w).await;
        let mut peer = Peer::of(w, "SD", "approver").await;
        peer.ask("i", "subscription { inboxChanged { requestStatus referralStatus side total overdue } }").await;
        let pending = |result: &Value| {
            let piles = result["data"]["inboxChanged"].as_array().expect("piles").clone();
            piles.iter().find(|pile| pile["requestStatus"] == "PENDING_APPROVAL").expect("a pile")["total"].clone()
        };
        let first = peer.result("i").await;
        assert_eq!(pending(&first), json!(0), "at once");
        until(|| w.app.events.waiting().0 == 1).await;
        // A draft of somebody else is on no pile of an approver: the next that is told has the request that waits.
        let id = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": id })).await;
        assert_eq!(pending(&peer.result("i").await), json!(1));
        s.approver.done("requestApprove", json!({ "id": id })).await;
        assert_eq!(pending(&peer.result("i").await), json!(0));
    }
}
