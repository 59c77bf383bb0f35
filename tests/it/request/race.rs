//! Capacity that cannot be sold twice, from the desk's side.

use chrono::TimeDelta;
use futures_util::future::join_all;
use labpact::request::service::sweep;
use serde_json::{Value, json};

use super::{Sides, terms};
use crate::{api::text, both, support::world::Answer};

/// How many want the last unit at once.
const CLIENTS: usize = 32;

impl Sides {
    /// Gives the offering so many units, on Wednesdays alone.
    async fn units_on_wednesdays(&self, units: i32) {
        let query = "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
        let input = json!({ "unitsByWeekday": [0, 0, units, 0, 0, 0, 0] });
        self.gd.gd.data(query, json!({ "o": self.offering, "i": input })).await;
    }

    /// The referral of a request of one sample for a company.
    async fn asked(&self, company: &str, quantity: i32) -> String {
        let item = json!({ "parameter": "铅", "object": "婴幼儿配方食品", "quantity": quantity, "unit": "样品" });
        let request = self.open(&[&self.offering], json!({ "sampledCompany": company, "items": [item] })).await;
        self.referral(&request, 0).await
    }

    /// Total, held, booked and free units on the Wednesday.
    async fn wednesday(&self) -> Value {
        let query = "query($o: ID!) { capacity(offering: $o, from: \"2026-11-25\", to: \"2026-11-25\") { days { total held booked free } } }";
        self.manager.data(query, json!({ "o": self.offering })).await["capacity"]["days"][0].clone()
    }
}

/// On the Wednesday.
fn on_wednesday() -> Value {
    terms(json!({ "startsOn": "2026-11-25", "reportBy": "2026-11-25" }))
}

fn code(answer: &Answer) -> Option<String> {
    answer.body.get("errors").map(|errors| text(&errors[0]["extensions"]["code"]))
}

both! {
    async fn of_many_that_want_the_last_unit_one_gets_it(w: World) {
        let s = Sides::new(w).await;
        s.units_on_wednesdays(1).await;
        let mut referrals = Vec::new();
        for at in 0..CLIENTS {
            referrals.push(s.asked(&format!("企业{at}"), 1).await);
        }
        let offers = referrals.iter().map(|id| s.manager.act("referralOffer", json!({ "id": id, "input": on_wednesday() })));
        let answers: Vec<Option<String>> = join_all(offers).await.iter().map(code).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().flatten().filter(|code| *code == "NO_CAPACITY").count(), CLIENTS - 1, "{answers:?}");
        assert_eq!(s.wednesday().await, json!({ "total": 1, "held": 1, "booked": 0, "free": 0 }));
        let winner = answers.iter().position(Option::is_none).expect("one");
        s.approver.done("referralAccept", json!({ "id": referrals[winner] })).await;
        assert_eq!(s.wednesday().await, json!({ "total": 1, "held": 0, "booked": 1, "free": 0 }));
        s.manager.done("referralFail", json!({ "id": referrals[winner], "code": "EQUIPMENT_DOWN" })).await;
        assert_eq!(s.wednesday().await, json!({ "total": 1, "held": 0, "booked": 0, "free": 1 }));
    }

    async fn what_lapsed_is_free_before_any_clock_has_struck(w: World) {
        let s = Sides::new(w).await;
        s.units_on_wednesdays(5).await;
        let (one, two) = (s.asked("甲", 5).await, s.asked("乙", 5).await);
        let short = crate::api::over(on_wednesday(), json!({ "validUntil": "2026-11-23T12:00:00Z" }));
        s.manager.done("referralOffer", json!({ "id": one, "input": short })).await;
        let offer = json!({ "id": two, "input": on_wednesday() });
        let refused = s.manager.act("referralOffer", offer.clone()).await;
        assert_eq!(code(&refused).as_deref(), Some("NO_CAPACITY"));
        w.clock.advance(TimeDelta::hours(12));
        assert_eq!(s.wednesday().await, json!({ "total": 5, "held": 0, "booked": 0, "free": 5 }));
        s.manager.done("referralOffer", offer).await;
        assert_eq!(s.approver.blocked("referralAccept", json!({ "id": one })).await, "OFFER_LAPSED");
        s.approver.done("referralAccept", json!({ "id": two })).await;
        sweep::run(&w.db).await.expect("swept");
        assert_eq!(s.wednesday().await, json!({ "total": 5, "held": 0, "booked": 5, "free": 0 }));
    }

    async fn a_better_offer_gives_back_what_the_first_had_set_aside(w: World) {
        let s = Sides::new(w).await;
        s.units_on_wednesdays(5).await;
        let id = s.asked("甲", 5).await;
        s.manager.done("referralOffer", json!({ "id": id, "input": on_wednesday() })).await;
        s.manager.done("referralOffer", json!({ "id": id, "input": on_wednesday() })).await;
        assert_eq!(s.wednesday().await["held"], 5);
        s.approver.done("referralReject", json!({ "id": id, "reason": "价格" })).await;
        assert_eq!(s.wednesday().await["held"], 0);
    }
}
