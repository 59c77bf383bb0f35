//! Files that belong to what is asked for, offered and sent, and who sees them.

use serde_json::{Value, json};

use super::{Sides, lasting, terms};
use crate::{
    api::text,
    approval::{administrator, done, named},
    attachment::{pdf, stored},
    both,
    support::world::Client,
};

/// The sizes of the files of a request, its referrals' offers and consignments, as somebody sees them.
async fn seen(client: &Client, referral: &str) -> Value {
    let query = "query($id: ID!) { referral(id: $id) { request { attachments { size purpose } } \
        offer { attachments { size purpose } } consignments { attachments { size purpose } } } }";
    client.data(query, json!({ "id": referral })).await["referral"].clone()
}

both! {
    async fn files_are_seen_by_who_is_concerned(w: World) {
        let s = Sides::new(w).await;
        let fj = s.of_agency(w, "FJ").await;
        let other = lasting(w, "FJ", "lab-manager");
        let request = s.draft(&[&s.offering, &fj], json!({})).await;
        let plan = stored(w, &s.officer, &pdf(50)).await;
        s.officer.done("requestAttach", json!({ "id": request, "attachments": [plan] })).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let (first, second) = (s.referral(&request, 0).await, s.referral(&request, 1).await);
        let file = |size: u32, purpose: &str| json!([{ "size": size, "purpose": purpose }]);
        assert_eq!(seen(&s.manager, &first).await["request"]["attachments"], file(50, "REQUEST"), "shown with the referral");
        let query = "query($id: ID!) { attachment(id: $id) { size } }";
        assert_eq!(other.data(query, json!({ "id": plan })).await["attachment"], Value::Null, "not asked yet");
        let payload = s.manager.done("referralOffer", json!({ "id": first, "input": terms(json!({})) })).await;
        let offer = text(&payload["offer"]["id"]);
        let price = stored(w, &s.manager, &pdf(60)).await;
        s.manager.done("offerAttach", json!({ "id": offer, "attachments": [price] })).await;
        assert_eq!(seen(&s.officer, &first).await["offer"]["attachments"], file(60, "OFFER"));
        s.manager.done("referralDecline", json!({ "id": first, "code": "NO_CAPACITY" })).await;
        assert_eq!(seen(&other, &second).await["request"]["attachments"], file(50, "REQUEST"), "with the next provider's turn");
        let late = stored(w, &s.manager, &pdf(61)).await;
        assert_eq!(s.manager.blocked("offerAttach", json!({ "id": offer, "attachments": [late] })).await, "OVER");
        assert_eq!(other.blocked("offerAttach", json!({ "id": offer, "attachments": [late] })).await, "NOT_FOUND");
        assert_eq!(s.officer.blocked("requestAttach", json!({ "id": request, "attachments": [late] })).await, "INVALID", "of another agency");
    }

    async fn files_of_an_offer_are_its_sides_own_until_it_is_put(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([named("OFFER", &[], 1)])).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        let offer = text(&payload["offer"]["id"]);
        let price = stored(w, &s.manager, &pdf(60)).await;
        s.manager.done("offerAttach", json!({ "id": offer, "attachments": [price] })).await;
        let query = "query($id: ID!) { attachment(id: $id) { size } }";
        let known = async |client: &Client| client.data(query, json!({ "id": price })).await["attachment"]["size"].clone();
        assert_eq!((known(&s.manager).await, known(&s.signer).await), (json!(60), json!(60)));
        assert_eq!((known(&s.officer).await, known(&s.approver).await), (Value::Null, Value::Null), "before the last signature");
        s.signer.done("offerReturn", json!({ "id": offer, "reason": "x" })).await;
        assert_eq!(known(&s.officer).await, Value::Null, "nor of one that was given back");
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        let offer = text(&payload["offer"]["id"]);
        let price = stored(w, &s.manager, &pdf(61)).await;
        s.manager.done("offerAttach", json!({ "id": offer, "attachments": [price] })).await;
        s.signer.done("offerApprove", json!({ "id": offer })).await;
        assert_eq!(seen(&s.officer, &referral).await["offer"]["attachments"], json!([{ "size": 61, "purpose": "OFFER" }]));
    }

    async fn samples_have_papers_of_both_sides(w: World) {
        let s = Sides::new(w).await;
        let (request, referral) = s.agreed().await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        s.officer.done("consignmentDispatch", json!({ "referral": referral, "input": { "units": 10 } })).await;
        let query = "query($id: ID!) { referral(id: $id) { consignments { id } } }";
        let sent = text(&s.officer.data(query, json!({ "id": referral })).await["referral"]["consignments"][0]["id"]);
        let waybill = stored(w, &s.officer, &pdf(70)).await;
        let dry = s.officer.done("consignmentAttach", json!({ "id": sent, "attachments": [waybill], "dryRun": true })).await;
        assert_eq!(dry["dryRun"], true);
        assert_eq!(seen(&s.manager, &referral).await["consignments"][0]["attachments"], json!([]), "a rehearsal writes nothing");
        s.officer.done("consignmentAttach", json!({ "id": sent, "attachments": [waybill] })).await;
        let photo = stored(w, &s.manager, &pdf(80)).await;
        s.manager.done("supplyConsignmentAttach", json!({ "id": sent, "attachments": [photo] })).await;
        for client in [&s.officer, &s.manager] {
            let files = seen(client, &referral).await["consignments"][0]["attachments"].clone();
            assert_eq!(files, json!([{ "size": 70, "purpose": "CONSIGNMENT" }, { "size": 80, "purpose": "CONSIGNMENT" }]));
        }
        s.officer.done("requestAttach", json!({ "id": request, "attachments": [stored(w, &s.officer, &pdf(90)).await] })).await;
        assert_eq!(seen(&s.manager, &referral).await["request"]["attachments"][0]["size"], 90, "shown to who was asked before");
    }
}
