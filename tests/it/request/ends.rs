//! Ends that are not the happy one, and races.

use serde_json::json;

use super::{Sides, moves, need, terms};
use crate::{
    api::{changes, text},
    both,
};

both! {
    async fn a_refusal_asks_the_next_and_the_last_leaves_it_unfilled(w: World) {
        let s = Sides::new(w).await;
        let second = s.another("O2").await;
        let request = s.open(&[&s.offering, &second], json!({})).await;
        let rows = s.referrals(&request).await;
        assert_eq!((rows[0]["status"].clone(), rows[1]["status"].clone()), (json!("SENT"), json!("QUEUED")));
        let (first, next) = (text(&rows[0]["id"]), text(&rows[1]["id"]));
        assert_eq!(s.manager.blocked("referralAcknowledge", json!({ "id": next })).await, "NOT_FOUND", "not sent yet");
        let bare = json!({ "id": first, "code": "OTHER" });
        assert_eq!(s.manager.blocked("referralDecline", bare).await, "INVALID");
        let payload = s.manager.done("referralDecline", json!({ "id": first, "code": "NO_CAPACITY", "reason": "排满" })).await;
        assert_eq!(moves(&payload), ["DECLINE SENT→DECLINED"], "of the next provider this one learns nothing");
        let rows = s.referrals(&request).await;
        assert_eq!(rows[0]["reason"], json!({ "code": "NO_CAPACITY", "text": "排满" }));
        assert_eq!(rows[1]["status"], "SENT");
        assert_eq!(s.manager.blocked("referralOffer", json!({ "id": first, "input": terms(json!({})) })).await, "OVER");
        s.manager.done("referralDecline", json!({ "id": next, "code": "RECUSAL" })).await;
        assert_eq!(s.status(&request).await, "UNFILLED");
    }

    async fn side_by_side_the_first_acceptance_decides_and_the_losers_are_told(w: World) {
        let s = Sides::new(w).await;
        let fj = s.of_agency(w, "FJ").await;
        let request = s.open(&[&s.offering, &fj], json!({ "sending": "SIDE_BY_SIDE" })).await;
        let rows = s.referrals(&request).await;
        let (one, two) = (text(&rows[0]["id"]), text(&rows[1]["id"]));
        assert_eq!((rows[0]["status"].clone(), rows[1]["status"].clone()), (json!("SENT"), json!("SENT")));
        let other = w.client("FJ", "lab-manager");
        s.manager.done("referralOffer", json!({ "id": one, "input": terms(json!({})) })).await;
        other.done("referralOffer", json!({ "id": two, "input": terms(json!({})) })).await;
        assert_eq!(other.blocked("referralAcknowledge", json!({ "id": one })).await, "NOT_FOUND");
        let payload = s.approver.done("referralAccept", json!({ "id": one })).await;
        assert_eq!(moves(&payload), ["ACCEPT OFFERED→ACCEPTED", "LOSE OFFERED→LOST_RACE", "AGREE OPEN→AGREED"]);
        assert_eq!(payload["moves"][1]["told"], json!(["SD", "FJ"]));
        let see = "query($id: ID!) { referral(id: $id) { status reason { code } availableActions } }";
        let lost = other.data(see, json!({ "id": two })).await["referral"].clone();
        assert_eq!(lost, json!({
            "status": "LOST_RACE", "reason": { "code": "ANOTHER_PROVIDER_CHOSEN" }, "availableActions": [],
        }));
        let before = changes(w).await;
        let refused = s.approver.act("referralAccept", json!({ "id": two })).await;
        let extensions = &refused.body["errors"][0]["extensions"];
        assert_eq!((extensions["code"].clone(), extensions["facts"]["clash"]["referral"].clone()),
            (json!("LOST_RACE"), json!(one)));
        assert_eq!(changes(w).await, before);
    }

    async fn of_two_that_accept_at_once_one_wins(w: World) {
        let s = Sides::new(w).await;
        let fj = s.of_agency(w, "FJ").await;
        let request = s.open(&[&s.offering, &fj], json!({ "sending": "SIDE_BY_SIDE" })).await;
        let (one, two) = (s.referral(&request, 0).await, s.referral(&request, 1).await);
        s.manager.done("referralOffer", json!({ "id": one, "input": terms(json!({})) })).await;
        w.client("FJ", "lab-manager").done("referralOffer", json!({ "id": two, "input": terms(json!({})) })).await;
        let second = w.client_with("SD", "approver", |grant| grant.subject = "second".to_owned());
        let (left, right) = futures_util::future::join(
            s.approver.act("referralAccept", json!({ "id": one })),
            second.act("referralAccept", json!({ "id": two })),
        ).await;
        let refused: Vec<_> = [&left, &right].into_iter().filter(|answer| answer.body.get("errors").is_some()).collect();
        assert_eq!(refused.len(), 1, "{left:#?} {right:#?}");
        assert_eq!(refused[0].body["errors"][0]["extensions"]["code"], "LOST_RACE");
        let mut states: Vec<String> = s.referrals(&request).await.iter().map(|row| text(&row["status"])).collect();
        states.sort();
        assert_eq!(states, ["ACCEPTED", "LOST_RACE"]);
    }

    async fn conditions_are_answered_one_by_one(w: World) {
        let s = Sides::new(w).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let input = terms(json!({ "conditions": ["样品冷链运输", "提供标签"] }));
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": input })).await;
        assert_eq!(moves(&payload), ["OFFER_CONDITIONAL SENT→CONDITIONAL"]);
        let offer = text(&payload["referral"]["offer"]["id"]);
        let conditions = payload["referral"]["offer"]["conditions"].clone();
        let answer = |at: usize, word: &str| {
            json!({ "id": offer, "answers": [{ "condition": conditions[at]["id"], "answer": word }] })
        };
        assert_eq!(s.approver.blocked("referralAccept", json!({ "id": referral })).await, "CONDITION_UNANSWERED");
        s.officer.done("offerAnswer", answer(0, "ACCEPTED")).await;
        s.officer.done("offerAnswer", answer(1, "REFUSED")).await;
        assert_eq!(s.approver.blocked("referralAccept", json!({ "id": referral })).await, "CONDITION_REFUSED");
        let counter = terms(json!({ "conditions": [], "price": "900" }));
        let payload = s.approver.done("referralCounter", json!({ "id": referral, "input": counter })).await;
        assert_eq!(moves(&payload), ["COUNTER CONDITIONAL→ACKNOWLEDGED"]);
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({ "price": "950" })) })).await;
        s.approver.done("referralAccept", json!({ "id": referral })).await;
        let offers = "query($id: ID!) { referral(id: $id) { offers { number kind side status price } } }";
        assert_eq!(s.officer.data(offers, json!({ "id": referral })).await["referral"]["offers"], json!([
            { "number": 1, "kind": "OFFER", "side": "PROVIDER", "status": "REJECTED", "price": "1200.00" },
            { "number": 2, "kind": "COUNTER", "side": "REQUESTER", "status": "SUPERSEDED", "price": "900.00" },
            { "number": 3, "kind": "OFFER", "side": "PROVIDER", "status": "ACCEPTED", "price": "950.00" },
        ]));
    }

    async fn only_what_is_truly_available_is_offered(w: World) {
        let s = Sides::new(w).await;
        let item = |parameter: &str| json!({ "parameter": parameter, "object": "婴幼儿配方食品", "quantity": 5, "unit": "样品" });
        let more = json!({ "items": [item("铅"), item("二噁英")], "needBy": "2028-12-31" });
        let request = s.open(&[&s.offering], more).await;
        let referral = s.referral(&request, 0).await;
        // The certificate ends with 2027.
        let input = terms(json!({ "startsOn": "2027-12-20", "reportBy": "2028-01-10" }));
        let payload = s.manager.done("referralOffer", json!({ "id": referral, "input": input, "dryRun": true })).await;
        assert_eq!(crate::api::column(&payload["blockers"], "code"), ["CERTIFICATE_EXPIRED", "OUT_OF_SCOPE"]);
        assert_eq!(payload["blockers"][0]["facts"]["from"], "2028-01-01");
        assert_eq!(payload["blockers"][1]["overridableBy"], "supply:approve");
        let despite = json!({ "id": referral, "input": terms(json!({})), "despite": ["OUT_OF_SCOPE"] });
        assert_eq!(s.manager.blocked("referralOffer", despite.clone()).await, "OUT_OF_SCOPE", "not for a manager to pass over");
        let both = w.client_with("GD", "lab-manager", |grant| grant.roles.push("approver".to_owned()));
        both.done("referralOffer", despite).await;
    }

    async fn all_blockers_of_an_acceptance_are_told_at_once(w: World) {
        let s = Sides::new(w).await;
        let both = w.client_with("SD", "officer", |grant| {
            grant.roles.push("approver".to_owned());
            grant.life = chrono::TimeDelta::days(9);
        });
        let payload = both.done("requestCreate", json!({ "input": need(&[&s.offering]) })).await;
        let request = text(&payload["request"]["id"]);
        both.done("requestSubmit", json!({ "id": request })).await;
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let referral = s.referral(&request, 0).await;
        let input = terms(json!({ "conditions": ["x"], "reportBy": "2027-01-15" }));
        s.manager.done("referralOffer", json!({ "id": referral, "input": input })).await;
        w.clock.advance(chrono::TimeDelta::days(5));
        let payload = both.done("referralAccept", json!({ "id": referral, "dryRun": true })).await;
        assert_eq!(crate::api::column(&payload["blockers"], "code"),
            ["SAME_PERSON", "OFFER_LAPSED", "CONDITION_UNANSWERED", "REPORT_AFTER_NEED_BY"]);
        assert_eq!(payload["blockers"][3]["overridableBy"], "request:approve");
    }

    async fn cancelling_is_agreed_between_both(w: World) {
        let s = Sides::new(w).await;
        let (request, referral) = s.agreed().await;
        assert_eq!(s.officer.blocked("requestWithdraw", json!({ "id": request, "reason": "x" })).await, "TOO_LATE");
        s.approver.done("referralRequestCancel", json!({ "id": referral, "reason": "任务取消" })).await;
        assert_eq!(s.manager.blocked("referralStart", json!({ "id": referral })).await, "NOT_NOW");
        let refusal = json!({ "id": referral, "grant": false, "reason": "x" });
        assert_eq!(s.signer.blocked("referralAnswerCancel", refusal.clone()).await, "NOT_YET", "no work has begun");
        let payload = s.signer.done("referralAnswerCancel", json!({ "id": referral, "grant": true })).await;
        assert_eq!(moves(&payload), ["GRANT_CANCEL CANCEL_REQUESTED→CANCELLED", "CANCEL AGREED→CANCELLED"]);
        let (request, referral) = s.agreed_again().await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        s.start(&referral).await;
        s.approver.done("referralRequestCancel", json!({ "id": referral, "reason": "x" })).await;
        let payload = s.signer.done("referralAnswerCancel", refusal_of(&referral)).await;
        assert_eq!(moves(&payload), ["REFUSE_CANCEL CANCEL_REQUESTED→IN_PROGRESS"]);
        assert_eq!(s.status(&request).await, "IN_SERVICE");
    }

    async fn what_failed_goes_on_with_the_next_provider(w: World) {
        let s = Sides::new(w).await;
        let second = s.another("O2").await;
        let request = s.draft(&[&s.offering, &second], json!({})).await;
        let (_, referral) = s.agreed_of(&request).await;
        let payload = s.manager.done("referralFail", json!({ "id": referral, "code": "EQUIPMENT_DOWN" })).await;
        assert_eq!(moves(&payload), ["FAIL ACCEPTED→FAILED", "REOPEN AGREED→OPEN"]);
        let states: Vec<String> = s.referrals(&request).await.iter().map(|row| text(&row["status"])).collect();
        assert_eq!(states, ["FAILED", "SENT"]);
    }

    async fn disputes_are_settled_by_the_secretariat(w: World) {
        let s = Sides::new(w).await;
        let (request, referral) = s.agreed().await;
        s.signer.done("referralSchedule", json!({ "id": referral })).await;
        s.start(&referral).await;
        assert_eq!(s.approver.blocked("requestDispute", json!({ "id": request, "reason": "x" })).await, "NOT_YET");
        s.deliver(&referral).await;
        s.approver.done("requestDispute", json!({ "id": request, "reason": "数据存疑" })).await;
        assert_eq!(s.approver.blocked("referralSettle", json!({ "id": referral })).await, "NOT_NOW");
        let verdict = json!({ "id": request, "verdict": "CORRECT", "reason": "复核" });
        assert_eq!(s.approver.blocked("requestResolve", verdict.clone()).await, "FORBIDDEN");
        let secretariat = w.client("HI", "coordinator");
        let payload = secretariat.done("requestResolve", verdict).await;
        assert_eq!(moves(&payload), ["RESOLVE DISPUTED→DELIVERED", "CORRECT DELIVERED→IN_PROGRESS",
            "BEGIN DELIVERED→IN_SERVICE"]);
        s.deliver(&referral).await;
        s.approver.done("requestDispute", json!({ "id": request, "reason": "x" })).await;
        let verdict = json!({ "id": request, "verdict": "STAND", "reason": "结果成立" });
        let payload = secretariat.done("requestResolve", verdict).await;
        assert_eq!(moves(&payload), ["RESOLVE DISPUTED→DELIVERED", "SETTLE DELIVERED→SETTLED", "SETTLE DELIVERED→CLOSED"]);
    }

    async fn items_are_placed_apart(w: World) {
        let s = Sides::new(w).await;
        let fj = s.of_agency(w, "FJ").await;
        let item = |parameter: &str, object: &str| json!({ "parameter": parameter, "object": object, "quantity": 5, "unit": "样品" });
        let more = json!({
            "items": [item("铅", "婴幼儿配方食品"), item("镉", "大米")],
            "providers": [{ "offering": s.offering, "items": [1] }, { "offering": fj, "items": [2] }],
        });
        let request = s.open(&[], more).await;
        let rows = s.referrals(&request).await;
        assert_eq!((rows[0]["status"].clone(), rows[1]["status"].clone()), (json!("SENT"), json!("SENT")));
        let see = "query($id: ID!) { request(id: $id) { items { parameter } } }";
        assert_eq!(s.manager.data(see, json!({ "id": request })).await["request"]["items"], json!([{ "parameter": "铅" }]));
        let (one, two) = (text(&rows[0]["id"]), text(&rows[1]["id"]));
        s.manager.done("referralOffer", json!({ "id": one, "input": terms(json!({})) })).await;
        s.approver.done("referralAccept", json!({ "id": one })).await;
        assert_eq!(s.status(&request).await, "OPEN", "the other is still sought");
        let withdrawn = s.officer.blocked("requestWithdraw", json!({ "id": request, "reason": "x" })).await;
        assert_eq!(withdrawn, "AGREED_PARTS");
        w.client("FJ", "lab-manager").done("referralDecline", json!({ "id": two, "code": "NO_CAPACITY" })).await;
        assert_eq!(s.status(&request).await, "AGREED", "what could be placed is");
    }
}

fn refusal_of(referral: &str) -> serde_json::Value {
    json!({ "id": referral, "grant": false, "reason": "检测已开始" })
}

both! {
    async fn what_a_provider_lets_lapse_is_the_secretariats(w: World) {
        let mut s = Sides::new(w).await;
        let second = s.another("O2").await;
        let request = s.draft(&[&s.offering, &second], json!({})).await;
        s.agreed_of(&request).await;
        let referral = s.referral(&request, 0).await;
        let secretariat = crate::request::lasting(w, "HI", "coordinator");
        let lies = async |client: &crate::support::world::Client| {
            let data = client.data("{ inbox(first: 50) { nodes { referral { id availableActions } } } }", json!({})).await;
            data["inbox"]["nodes"].as_array().is_some_and(|all| all.iter().any(|one| one["referral"]["id"] == referral.as_str()))
        };
        let call = json!({ "id": referral, "reason": "逾期未签" });
        assert!(!lies(&secretariat).await);
        assert_eq!(secretariat.blocked("referralCallOff", call.clone()).await, "NOT_YET");
        assert_eq!(s.approver.blocked("referralCallOff", call.clone()).await, "FORBIDDEN");
        w.clock.advance(chrono::TimeDelta::days(3));
        s.renew(w);
        labpact::request::service::sweep::run(&w.db).await.expect("swept");
        let secretariat = crate::request::lasting(w, "HI", "coordinator");
        assert!(lies(&secretariat).await && lies(&s.signer).await, "the provider may still sign");
        secretariat.done("referralCallOff", call.clone()).await;
        secretariat.done("referralCallOff", call).await;
        assert!(!lies(&secretariat).await);
        let rows = s.referrals(&request).await;
        assert_eq!((&rows[0]["status"], &rows[0]["reason"]["code"], &rows[1]["status"]), (&json!("FAILED"), &json!("CALLED_OFF"), &json!("SENT")), "the next provider is asked");
    }
}
