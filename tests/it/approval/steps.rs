//! Steps: named persons, n of m, one step after the other, refusals, and escalation.

use labpact::request::service::sweep;
use serde_json::json;

use super::{administrator, approver, decisions, done, lies, named};
use crate::{
    api::changes,
    both,
    request::{Sides, terms},
};

both! {
    async fn two_of_three_and_then_one(w: World) {
        let s = Sides::new(w).await;
        let admin = administrator(w, "SD");
        let rule = json!({ "name": "两级", "point": "REQUEST", "when": { "quantityFrom": 5 }, "steps": [
            { "persons": ["a", "b", "c"], "count": 2 }, { "persons": ["d"] },
        ] });
        done(&admin, "REQUESTER", json!([rule])).await;
        let (a, b, c, d) = (approver(w, "SD", "a"), approver(w, "SD", "b"), approver(w, "SD", "c"), approver(w, "SD", "d"));
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert!(!lies(&s.approver, &request).await, "not named");
        assert_eq!(s.approver.blocked("requestApprove", json!({ "id": request })).await, "NOT_NAMED");
        assert!(lies(&a, &request).await && !lies(&d, &request).await, "one step after the other");
        assert_eq!(d.blocked("requestApprove", json!({ "id": request })).await, "NOT_NAMED");
        a.done("requestApprove", json!({ "id": request })).await;
        let before = changes(w).await;
        a.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(changes(w).await, before, "the same person is one voice");
        assert!(!lies(&a, &request).await && lies(&c, &request).await);
        let seen = decisions(&s.officer, &request).await;
        let one = &seen["decisions"][0];
        assert_eq!((&seen["status"], &one["rule"], &one["step"], &one["needed"]), (&json!("PENDING_APPROVAL"), &json!("两级"), &json!(1), &json!(1)));
        b.done("requestApprove", json!({ "id": request })).await;
        assert!(!lies(&c, &request).await && lies(&d, &request).await);
        assert!(!decisions(&c, &request).await["availableActions"].to_string().contains("APPROVE"));
        d.done("requestApprove", json!({ "id": request })).await;
        let seen = decisions(&s.officer, &request).await;
        let one = &seen["decisions"][0];
        assert_eq!((&seen["status"], &one["outcome"], one["approvals"].as_array().map(Vec::len)), (&json!("OPEN"), &json!("APPROVED"), Some(3)));
        assert_eq!(decisions(&s.manager, &request).await["decisions"], json!([]), "the provider does not learn how the requester decides");
    }

    async fn a_refusal_in_any_step_returns_it_and_it_begins_anew(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "SD"), "REQUESTER", json!([named("REQUEST", &["a", "b"], 2)])).await;
        let (a, b) = (approver(w, "SD", "a"), approver(w, "SD", "b"));
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        a.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.approver.blocked("requestReturn", json!({ "id": request, "reason": "x" })).await, "NOT_NAMED");
        b.done("requestReturn", json!({ "id": request, "reason": "缺预算" })).await;
        let seen = decisions(&s.officer, &request).await;
        assert_eq!((&seen["status"], &seen["decisions"][0]["outcome"]), (&json!("DRAFT"), &json!("REFUSED")));
        assert_eq!(seen["decisions"][0]["approvals"][1]["reason"], "缺预算");
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        let seen = decisions(&s.officer, &request).await;
        assert_eq!((seen["decisions"].as_array().map(Vec::len), &seen["decisions"][1]["needed"]), (Some(2), &json!(2)), "nobody has agreed to it as it is now");
    }

    async fn the_author_never_approves_whatever_the_rules_say(w: World) {
        let s = Sides::new(w).await;
        let writer = w.client_with("SD", "officer", |grant| grant.roles.push("approver".to_owned()));
        let subject = "officer@sd";
        done(&administrator(w, "SD"), "REQUESTER", json!([named("REQUEST", &[subject], 1), named("ACCEPT", &[subject], 1)])).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(writer.blocked("requestApprove", json!({ "id": request })).await, "SAME_PERSON");
        assert!(!lies(&writer, &request).await);
    }

    async fn rules_that_change_do_not_change_what_is_under_way(w: World) {
        let s = Sides::new(w).await;
        let admin = administrator(w, "SD");
        done(&admin, "REQUESTER", json!([named("REQUEST", &["a"], 1)])).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        done(&admin, "REQUESTER", json!([])).await;
        assert_eq!(s.approver.blocked("requestApprove", json!({ "id": request })).await, "NOT_NAMED");
        approver(w, "SD", "a").done("requestApprove", json!({ "id": request })).await;
        let other = s.draft(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        s.officer.done("requestSubmit", json!({ "id": other })).await;
        s.approver.done("requestApprove", json!({ "id": other })).await;
    }

    async fn what_waits_for_long_is_escalated(w: World) {
        let mut s = Sides::new(w).await;
        let rule = json!({ "name": "升级", "point": "REQUEST", "steps": [
            { "persons": ["a"], "escalateAfterHalfDays": 2, "escalateTo": ["chief"] },
        ] });
        done(&administrator(w, "SD"), "REQUESTER", json!([rule])).await;
        let chief = approver(w, "SD", "chief");
        let request = s.draft(&[&s.offering], json!({})).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        assert_eq!(chief.blocked("requestApprove", json!({ "id": request })).await, "NOT_NAMED");
        w.clock.advance(chrono::TimeDelta::hours(40));
        s.renew(w);
        sweep::run(&w.db).await.expect("swept");
        sweep::run(&w.db).await.expect("swept again");
        let seen = decisions(&s.officer, &request).await;
        assert_eq!((&seen["decisions"][0]["escalated"], &seen["decisions"][0]["waitsFor"]), (&json!(true), &json!(["a", "chief"])));
        let told = w.db.sql::<Told>("SELECT COUNT(*) AS told FROM outbox WHERE name = 'decision.escalated.v1'", Vec::new()).await.expect("counted");
        assert_eq!(told[0].told, 1, "once");
        assert!(lies(&chief, &request).await);
        chief.done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.status(&request).await, "OPEN");
    }

    async fn the_provider_signs_by_its_own_rules(w: World) {
        let s = Sides::new(w).await;
        let rule = json!({ "name": "大额", "point": "SIGN", "when": { "priceFrom": "1000" }, "steps": [{ "persons": ["x"] }, { "persons": ["y"] }] });
        done(&administrator(w, "GD"), "PROVIDER", json!([rule])).await;
        let (x, y) = (approver(w, "GD", "x"), approver(w, "GD", "y"));
        let (_, referral) = s.agreed().await;
        assert_eq!(s.signer.blocked("referralSchedule", json!({ "id": referral })).await, "NOT_NAMED");
        x.done("referralSchedule", json!({ "id": referral })).await;
        assert!(lies(&y, &referral).await && !lies(&x, &referral).await && !lies(&s.signer, &referral).await);
        let payload = y.done("referralSchedule", json!({ "id": referral })).await;
        assert_eq!(payload["referral"]["status"], "SCHEDULED");
        // Below the price one person is enough.
        let request = s.open(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        let cheap = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": cheap, "input": terms(json!({ "price": "999.99" })) })).await;
        s.approver.done("referralAccept", json!({ "id": cheap })).await;
        s.signer.done("referralSchedule", json!({ "id": cheap })).await;
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Told {
    told: i64,
}
