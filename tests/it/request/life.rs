//! A request from the draft to its end.

use serde_json::json;

use super::{Sides, moves, need, terms};
use crate::{
    api::{changes, codes, column, text},
    both,
};

both! {
    async fn from_draft_to_close(w: World) {
        let s = Sides::new(w).await;
        let fj = w.client("FJ", "approver");
        let request = s.draft(&[&s.offering], json!({})).await;
        let see = "query($id: ID!) { request(id: $id) { status items { state } referrals { status } availableActions } }";
        assert_eq!(s.officer.data(see, json!({ "id": request })).await["request"], json!({
            "status": "DRAFT", "items": [{ "state": "SOUGHT" }], "referrals": [{ "status": "QUEUED" }],
            "availableActions": ["EDIT", "SUBMIT", "WITHDRAW"],
        }));
        assert_eq!(s.manager.data(see, json!({ "id": request })).await["request"], json!(null), "nobody else sees a draft");
        let submitted = s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(moves(&submitted), ["SUBMIT DRAFT→PENDING_APPROVAL"]);
        let approved = s.approver.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(moves(&approved), ["APPROVE PENDING_APPROVAL→OPEN", "SEND QUEUED→SENT"]);
        let referral = s.referral(&request, 0).await;
        let seen = s.manager.data(see, json!({ "id": request })).await;
        assert_eq!(seen["request"]["referrals"], json!([{ "status": "SENT" }]));
        assert_eq!(fj.data(see, json!({ "id": request })).await["request"], json!(null));
        let noted = s.manager.done("referralAcknowledge", json!({ "id": referral })).await;
        assert_eq!(noted["referral"]["due"], json!({ "on": "2026-11-30", "side": "PROVIDER", "overdue": false }));
        let offered = s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        assert_eq!(moves(&offered), ["OFFER ACKNOWLEDGED→OFFERED"]);
        assert_eq!(offered["moves"][0]["told"], json!(["SD"]));
        let accepted = s.approver.done("referralAccept", json!({ "id": referral })).await;
        assert_eq!(moves(&accepted), ["ACCEPT OFFERED→ACCEPTED", "AGREE OPEN→AGREED"]);
        assert_eq!(accepted["referral"]["items"], json!([{ "position": 1, "state": "AGREED" }]));
        let signed = s.signer.done("referralSchedule", json!({ "id": referral })).await;
        assert_eq!(moves(&signed), ["SCHEDULE ACCEPTED→SCHEDULED"]);
        assert_eq!(signed["referral"]["due"]["on"], "2026-11-25");
        assert_eq!(moves(&s.start(&referral).await),
            ["START SCHEDULED→IN_PROGRESS", "BEGIN AGREED→IN_SERVICE"]);
        assert_eq!(moves(&s.deliver(&referral).await),
            ["DELIVER IN_PROGRESS→DELIVERED", "DELIVER IN_SERVICE→DELIVERED"]);
        assert_eq!(moves(&s.approver.done("referralSettle", json!({ "id": referral })).await),
            ["SETTLE DELIVERED→SETTLED", "SETTLE DELIVERED→CLOSED"]);
        let timeline = "query($id: ID!) { request(id: $id) { timeline { event side actor told { agency } } } }";
        let steps = s.officer.data(timeline, json!({ "id": request })).await["request"]["timeline"].clone();
        assert_eq!(column(&steps, "event"), ["SUBMIT", "APPROVE", "SEND", "ACKNOWLEDGE", "OFFER", "ACCEPT", "AGREE",
            "SCHEDULE", "START", "BEGIN", "DELIVER", "DELIVER", "SETTLE", "SETTLE"]);
        assert_eq!(steps[1]["actor"], "approver@sd");
        assert_eq!(steps[4]["actor"], json!(null), "who acts for the other side is its own matter");
        let theirs = s.manager.data(timeline, json!({ "id": request })).await["request"]["timeline"].clone();
        assert_eq!(column(&theirs, "event"), ["SEND", "ACKNOWLEDGE", "OFFER", "ACCEPT", "SCHEDULE", "START", "DELIVER",
            "SETTLE"]);
    }

    async fn whoever_writes_does_not_approve(w: World) {
        let s = Sides::new(w).await;
        let both = w.client_with("SD", "officer", |grant| grant.roles.push("approver".to_owned()));
        let payload = both.done("requestCreate", json!({ "input": need(&[&s.offering]) })).await;
        let request = text(&payload["request"]["id"]);
        both.done("requestSubmit", json!({ "id": request })).await;
        let before = changes(w).await;
        assert_eq!(both.blocked("requestApprove", json!({ "id": request })).await, "SAME_PERSON");
        assert_eq!(both.blocked("requestReturn", json!({ "id": request, "reason": "x" })).await, "SAME_PERSON");
        let see = "query($id: ID!) { request(id: $id) { availableActions } }";
        let actions = both.data(see, json!({ "id": request })).await["request"]["availableActions"].clone();
        assert_eq!(actions, json!(["WITHDRAW"]));
        assert_eq!(changes(w).await, before);
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let referral = s.referral(&request, 0).await;
        let signer = w.client_with("GD", "lab-manager", |grant| grant.roles.push("approver".to_owned()));
        signer.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        assert_eq!(both.blocked("referralAccept", json!({ "id": referral })).await, "SAME_PERSON");
        s.approver.done("referralAccept", json!({ "id": referral })).await;
        assert_eq!(signer.blocked("referralSchedule", json!({ "id": referral })).await, "SAME_PERSON");
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
    }

    async fn a_returned_draft_is_edited_and_sent_again(w: World) {
        let s = Sides::new(w).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(s.approver.blocked("requestReturn", json!({ "id": request, "reason": " " })).await, "INVALID");
        s.approver.done("requestReturn", json!({ "id": request, "reason": "数量" })).await;
        let see = "query($id: ID!) { request(id: $id) { status reason { text } items { quantity } referrals { status } } }";
        let row = s.officer.data(see, json!({ "id": request })).await["request"].clone();
        assert_eq!((row["status"].clone(), row["reason"]["text"].clone()), (json!("DRAFT"), json!("数量")));
        let item = json!({ "parameter": "铅", "object": "奶粉", "quantity": 20, "unit": "样品" });
        let lone = json!({ "items": [item] });
        assert_eq!(s.officer.blocked("requestEdit", json!({ "id": request, "input": lone })).await, "INVALID");
        let edit = json!({ "items": [item], "providers": [{ "offering": s.offering, "items": [1] }] });
        s.officer.done("requestEdit", json!({ "id": request, "input": edit })).await;
        let row = s.officer.data(see, json!({ "id": request })).await["request"].clone();
        assert_eq!((row["items"].clone(), row["referrals"].clone()), (json!([{ "quantity": 20 }]), json!([{ "status": "QUEUED" }])));
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(s.officer.blocked("requestEdit", json!({ "id": request, "input": edit })).await, "NOT_A_DRAFT");
        s.approver.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.status(&request).await, "OPEN");
    }

    async fn every_problem_of_a_draft_is_told_at_once(w: World) {
        let s = Sides::new(w).await;
        let bad = json!({
            "title": " ", "purpose": "OTHER", "needBy": "2026-11-22",
            "items": [{ "parameter": "", "object": "x", "method": "什么", "quantity": 0, "unit": "样品" }],
            "providers": [{ "offering": s.offering, "items": [7] }],
        });
        let answer = s.officer.act("requestCreate", json!({ "input": bad })).await;
        let mut told = crate::api::problems(&answer);
        told.sort();
        assert_eq!(told, ["input.items[0].method STANDARD_NUMBER", "input.items[0].parameter REQUIRED",
            "input.items[0].quantity QUANTITY", "input.needBy DATE_PAST", "input.providers[0].items ITEM_UNKNOWN",
            "input.title REQUIRED"]);
        let empty = s.officer.act("requestCreate", json!({ "input": crate::api::over(need(&[]), json!({ "items": [] })) })).await;
        assert_eq!(codes(&empty), ["INVALID"]);
        let lone = s.draft(&[], json!({})).await;
        assert_eq!(s.officer.blocked("requestSubmit", json!({ "id": lone })).await, "NO_PROVIDERS");
    }

    async fn twins_are_told_and_may_be_meant(w: World) {
        let s = Sides::new(w).await;
        let first = s.open(&[&s.offering], json!({})).await;
        let second = s.draft(&[&s.offering], json!({ "title": "又一次" })).await;
        let answer = s.officer.act("requestSubmit", json!({ "id": second })).await;
        let blocker = &answer.body["errors"][0]["extensions"]["facts"]["blockers"][0];
        assert_eq!((blocker["code"].clone(), blocker["facts"]["request"].clone()), (json!("DUPLICATE"), json!(first)));
        assert_eq!(blocker["overridableBy"], "request:create");
        let payload = s.officer.done("requestSubmit", json!({ "id": second, "dryRun": true })).await;
        assert_eq!(payload["blockers"][0]["code"], "DUPLICATE");
        s.officer.done("requestSubmit", json!({ "id": second, "despite": ["DUPLICATE"] })).await;
        w.clock.advance(chrono::TimeDelta::days(15));
        let third = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": third })).await;
    }

    async fn a_rehearsal_writes_nothing(w: World) {
        let s = Sides::new(w).await;
        let before = changes(w).await;
        let payload = s.officer.done("requestCreate", json!({ "input": need(&[&s.offering]), "dryRun": true })).await;
        assert_eq!((payload["dryRun"].clone(), payload["request"].clone()), (json!(true), json!(null)));
        assert_eq!(changes(w).await, before);
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        let before = changes(w).await;
        let payload = s.approver.done("requestApprove", json!({ "id": request, "dryRun": true })).await;
        assert_eq!(moves(&payload), ["APPROVE PENDING_APPROVAL→OPEN", "SEND QUEUED→SENT"]);
        assert_eq!(payload["request"]["status"], "PENDING_APPROVAL");
        assert_eq!(changes(w).await, before);
    }

    async fn a_command_delivered_twice_is_done_once(w: World) {
        let s = Sides::new(w).await;
        let create = json!({ "input": need(&[&s.offering]), "idempotencyKey": "a" });
        let one = s.officer.done("requestCreate", create.clone()).await;
        let two = s.officer.done("requestCreate", create).await;
        assert_eq!(one["request"]["id"], two["request"]["id"]);
        let other = json!({ "input": need(&[]), "idempotencyKey": "a" });
        assert_eq!(s.officer.blocked("requestCreate", other).await, "IDEMPOTENCY_KEY_REUSED");
        let (_, referral) = s.agreed_of(&text(&one["request"]["id"])).await;
        let before = changes(w).await;
        let again = s.approver.done("referralAccept", json!({ "id": referral })).await;
        assert_eq!(again["moves"], json!([]), "a click delivered twice is one acceptance");
        assert_eq!(changes(w).await, before);
    }
}
