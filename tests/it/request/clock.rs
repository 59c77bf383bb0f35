//! What the clock does: nothing is pending for ever.

use chrono::TimeDelta;
use labpact::request::service::{recount, sweep};
use serde_json::json;

use super::{Sides, terms};
use crate::{
    api::{changes, text},
    both,
};

both! {
    async fn silence_moves_on_by_working_days(w: World) {
        let s = Sides::new(w).await;
        let second = s.another("O2").await;
        let request = s.open(&[&s.offering, &second], json!({})).await;
        // Monday; two working days end with Wednesday.
        let rows = s.referrals(&request).await;
        assert_eq!(rows[0]["due"], json!({ "on": "2026-11-25", "side": "PROVIDER", "overdue": false }));
        w.clock.advance(TimeDelta::hours(62));
        assert_eq!(sweep::run(&w.db).await.expect("swept"), 1);
        let rows = s.referrals(&request).await;
        assert_eq!((rows[0]["status"].clone(), rows[1]["status"].clone()), (json!("TIMED_OUT"), json!("SENT")));
        assert_eq!(rows[0]["movedByClock"], true);
        let before = changes(w).await;
        assert_eq!(sweep::run(&w.db).await.expect("swept"), 0, "twice is as good as once");
        assert_eq!(changes(w).await, before);
        w.clock.advance(TimeDelta::days(7));
        sweep::run(&w.db).await.expect("swept");
        assert_eq!(s.status(&request).await, "UNFILLED");
    }

    async fn an_offer_that_lapsed_is_not_accepted_even_before_the_clock_ran(w: World) {
        let s = Sides::new(w).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        w.clock.advance(TimeDelta::days(4));
        assert_eq!(s.approver.blocked("referralAccept", json!({ "id": referral })).await, "OFFER_LAPSED");
        sweep::run(&w.db).await.expect("swept");
        let row = &s.referrals(&request).await[0];
        assert_eq!((row["status"].clone(), row["offer"]["status"].clone()), (json!("TIMED_OUT"), json!("LAPSED")));
        assert_eq!(s.status(&request).await, "UNFILLED");
    }

    async fn urgent_clocks_are_short(w: World) {
        let s = Sides::new(w).await;
        // 10:00 in Shanghai, a working day: half a day ends with the day.
        let request = s.open(&[&s.offering], json!({ "urgency": "URGENT" })).await;
        assert_eq!(s.referrals(&request).await[0]["due"]["on"], "2026-11-23");
        w.clock.advance(TimeDelta::hours(15));
        sweep::run(&w.db).await.expect("swept");
        assert_eq!(s.status(&request).await, "UNFILLED");
    }

    async fn whoever_asks_to_be_asked_later_is(w: World) {
        let s = Sides::new(w).await;
        let second = s.another("O2").await;
        let request = s.open(&[&s.offering, &second], json!({})).await;
        let (one, two) = (s.referral(&request, 0).await, s.referral(&request, 1).await);
        let early = json!({ "id": one, "retryOn": "2026-11-23", "code": "NO_CAPACITY" });
        assert_eq!(s.manager.blocked("referralRetryLater", early).await, "INVALID");
        s.manager.done("referralRetryLater", json!({ "id": one, "retryOn": "2026-12-02", "code": "NO_CAPACITY" })).await;
        s.manager.done("referralDecline", json!({ "id": two, "code": "PRICE" })).await;
        assert_eq!(s.status(&request).await, "OPEN", "somebody is left who may say yes");
        w.clock.advance(TimeDelta::hours(9 * 24));
        sweep::run(&w.db).await.expect("swept");
        assert_eq!(s.referrals(&request).await[0]["status"], "SENT");
    }

    async fn the_date_of_need_ends_what_nobody_agreed_to(w: World) {
        let s = Sides::new(w).await;
        let pending = s.draft(&[&s.offering], json!({ "needBy": "2026-11-25", "title": "待批" })).await;
        s.officer.done("requestSubmit", json!({ "id": pending })).await;
        let open = s.open(&[&s.offering], json!({ "needBy": "2026-11-25", "sampledCompany": "甲" })).await;
        let referral = s.referral(&open, 0).await;
        let until = json!({ "validUntil": "2026-12-20T00:00:00Z" });
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(until) })).await;
        w.clock.advance(TimeDelta::days(3));
        sweep::run(&w.db).await.expect("swept");
        assert_eq!((s.status(&pending).await, s.status(&open).await), ("EXPIRED".into(), "EXPIRED".into()));
        let row = &s.referrals(&open).await[0];
        assert_eq!((row["status"].clone(), row["reason"]["code"].clone()), (json!("CANCELLED"), json!("REQUEST_EXPIRED")));
    }

    async fn every_request_comes_to_an_end_when_nobody_does_anything(w: World) {
        let mut s = Sides::new(w).await;
        let (request, referral) = s.agreed().await;
        let (second, other) = s.agreed_again().await;
        s.signer.done("referralSchedule", json!({ "id": other })).await;
        s.start(&other).await;
        s.deliver(&other).await;
        for _ in 0..60 {
            w.clock.advance(TimeDelta::days(2));
            sweep::run(&w.db).await.expect("swept");
        }
        s.renew(w);
        assert_eq!(s.officer.data("{ referrals { nodes { status } } }", json!({})).await["referrals"]["nodes"],
            json!([{ "status": "SETTLED" }, { "status": "FAILED" }]));
        assert_eq!((s.status(&request).await, s.status(&second).await), ("UNFILLED".into(), "CLOSED".into()));
        let see = "query($id: ID!) { referral(id: $id) { timeline { event toStatus } } }";
        let steps = s.officer.data(see, json!({ "id": referral })).await["referral"]["timeline"].clone();
        let last: Vec<String> = steps.as_array().expect("steps").iter().rev().take(2).map(|one| text(&one["event"])).collect();
        assert_eq!(last, ["LAPSE", "LAPSE"], "the secretariat was told before it failed");
    }

    async fn a_notice_of_holidays_moves_open_deadlines_and_their_owners_are_told(w: World) {
        let s = Sides::new(w).await;
        let request = s.open(&[&s.offering], json!({})).await;
        assert_eq!(s.referrals(&request).await[0]["due"]["on"], "2026-11-25");
        assert_eq!(recount::run(&w.db).await.expect("counted"), 0, "nothing has changed");
        let notice = "mutation($i: [HolidayInput!]!) { holidayRecord(input: $i) { __typename } }";
        let day = json!([{ "day": "2026-11-25", "kind": "HOLIDAY", "name": "试验假日" }]);
        w.client("GD", "coordinator").data(notice, json!({ "i": day })).await;
        assert_eq!(recount::run(&w.db).await.expect("counted"), 1);
        assert_eq!(s.referrals(&request).await[0]["due"]["on"], "2026-11-26");
        let query = "query($id: ID!) { request(id: $id) { timeline { event side reason { code } told { agency } } } }";
        let timeline = s.officer.data(query, json!({ "id": request })).await["request"]["timeline"].clone();
        let last = timeline.as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
        assert_eq!(last, json!({ "event": "DUE_MOVED", "side": "SYSTEM", "reason": { "code": "CALENDAR" },
            "told": [{ "agency": "SD" }, { "agency": "GD" }] }));
        let before = changes(w).await;
        assert_eq!(recount::run(&w.db).await.expect("counted"), 0, "twice is as good as once");
        assert_eq!(changes(w).await, before);
    }
}
