//! Any order of steps: both sides, the clock, deliveries that come twice, and callers who hang up before they are answered.
//! After each step the books must agree.

mod acts;
mod books;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use acts::likely;
use books::{OVER, agree, count};
use chrono::TimeDelta;
use labpact::request::service::sweep;
use serde_json::{Value, json};

use super::{Sides, need};
use crate::{
    api::{over, text},
    approval::{administrator, approver, done, named},
    both,
    support::world::{Client, World},
};

/// Steps of one run.
const STEPS: u32 = 400;

/// Numbers that are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).expect("31 bits") % most.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }
}

/// What is played with.
struct Play<'w> {
    w: &'w World,
    s: Sides,
    /// A second approver of the requester.
    second: Client,
    offerings: Vec<String>,
    requests: Vec<String>,
    /// Spare capacity that was offered, each with its offering.
    spare: Vec<(String, String)>,
    dice: Dice,
    keys: u32,
}

impl Play<'_> {
    /// Does something at random; what it was.
    async fn step(&mut self) -> String {
        match self.dice.below(13) {
            0 => self.ask().await,
            3 => self.offer_spare().await,
            1 => {
                let hours = i64::try_from(self.dice.below(30)).expect("small");
                self.w.clock.advance(TimeDelta::hours(hours));
                format!("{hours} hours")
            }
            2 => {
                sweep::run(&self.w.db).await.expect("swept");
                "the clock".to_owned()
            }
            _ => self.act().await,
        }
    }

    async fn ask(&mut self) -> String {
        let (one, two) = (self.dice.below(self.offerings.len()), self.dice.below(self.offerings.len()));
        let mut named = vec![self.offerings[one].as_str()];
        if one != two {
            named.push(self.offerings[two].as_str());
        }
        let sending = ["ONE_AFTER_ANOTHER", "SIDE_BY_SIDE"][self.dice.below(2)];
        let item = |at: usize, quantity: usize| json!({ "parameter": "铅", "object": "婴幼儿配方食品", "remarks": at.to_string(), "quantity": quantity + 1, "unit": "样品" });
        let items: Vec<Value> = (0..=self.dice.below(2)).map(|at| item(at, self.dice.below(4))).collect();
        let today = self.w.clock.today();
        let more = json!({
            "items": items, "sending": sending, "needBy": today + chrono::Days::new(20),
            "sampledCompany": self.requests.len().to_string(),
        });
        let mut input = over(need(&named), more);
        if let Some((spare, offering)) = self.dice.of(&self.spare).cloned().filter(|_| self.dice.0 & 1 == 0) {
            input["providers"] = json!([{ "offering": offering, "spareOffer": spare }]);
        }
        let answer = self.s.officer.act("requestCreate", json!({ "input": input })).await;
        let payload = match answer.body.get("errors") {
            None => answer.body["data"]["requestCreate"].clone(),
            // Spare capacity that is over by now.
            Some(_) => return format!("no draft: {}", answer.body["errors"][0]["extensions"]["code"]),
        };
        let id = text(&payload["request"]["id"]);
        self.requests.push(id);
        "a draft".to_owned()
    }

    async fn act(&mut self) -> String {
        let Some(request) = self.dice.of(&self.requests).cloned() else { return self.ask().await };
        let referrals = self.s.referrals(&request).await;
        let referral = self.dice.of(&referrals).map(|row| text(&row["id"])).unwrap_or_default();
        let acts = self.acts(&request, &referral).await;
        let status = referrals.iter().find(|row| row["id"] == json!(referral));
        let status = status.map(|row| text(&row["status"])).unwrap_or_default();
        let likely = likely(&self.s.status(&request).await, &status);
        let fitting: Vec<usize> = (0..acts.len()).filter(|at| likely.contains(&acts[*at].1)).collect();
        // Mostly what fits, so that much happens; now and then anything, so that what does not fit is refused.
        let at = match self.dice.of(&fitting) {
            Some(at) if self.dice.0 & 3 != 0 => *at,
            _ => self.dice.below(acts.len()),
        };
        let (by, mutation, variables) = &acts[at];
        self.keys += 1;
        let key = format!("k{}", self.keys);
        let hangs_up = self.dice.below(5) == 0;
        let polls = self.dice.below(12);
        let repeats = self.dice.below(3) == 0;
        let client = self.client(*by);
        let variables = over(variables.clone(), json!({ "idempotencyKey": key }));
        if hangs_up {
            abandoned(polls, client.act(mutation, variables.clone())).await;
            agree(self.w, mutation).await;
        }
        let first = client.act(mutation, variables.clone()).await;
        let code = first.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("done").to_owned();
        assert!(
            !["INTERNAL", "UNAVAILABLE", "UNAUTHENTICATED"].contains(&code.as_str()),
            "{mutation}: {:#}",
            first.body
        );
        if code == "done" && repeats {
            let again = client.act(mutation, variables).await;
            assert_eq!(
                again.body["data"][*mutation]["moves"], first.body["data"][*mutation]["moves"],
                "{mutation} twice"
            );
        }
        format!("{mutation} {code}")
    }
}

/// Asks and hangs up after so many steps of the machine: what was begun may have been done or not, and not by half.
async fn abandoned<T>(polls: usize, asked: impl Future<Output = T>) {
    let mut asked = pin!(asked);
    let mut left = polls;
    poll_fn(|context| match asked.as_mut().poll(context) {
        Poll::Pending if left > 0 => {
            left -= 1;
            Poll::Pending
        }
        _ => Poll::Ready(()),
    })
    .await;
}

/// Rules of both sides: what must be decided by two, by somebody named, or by nobody.
async fn rules(w: &World) {
    let two = over(named("REQUEST", &[], 2), json!({ "when": { "quantityFrom": 5 } }));
    let cheap = json!({ "name": "小额", "point": "ACCEPT", "when": { "priceTo": "1000" }, "automatic": true });
    done(&administrator(w, "SD"), "REQUESTER", json!([two, cheap])).await;
    let offer = over(named("OFFER", &[], 1), json!({ "when": { "quantityFrom": 3 } }));
    let taken = json!({ "name": "收到", "point": "ACKNOWLEDGE", "when": { "quantityTo": 4 }, "automatic": true });
    let cancel = json!({ "name": "未开始", "point": "CANCEL", "automatic": true });
    done(&administrator(w, "GD"), "PROVIDER", json!([offer, taken, cancel])).await;
}

async fn play(w: &World, seed: u64, with_rules: bool) {
    let s = Sides::new(w).await;
    let offerings = vec![s.offering.clone(), s.another("O2").await, s.another("O3").await];
    for offering in &offerings {
        let query = "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
        s.gd.gd.data(query, json!({ "o": offering, "i": { "unitsByWeekday": [1, 1, 1, 1, 1, 0, 0] } })).await;
    }
    if with_rules {
        rules(w).await;
    }
    let second = approver(w, "SD", "second");
    let (requests, spare) = (Vec::new(), Vec::new());
    let mut game = Play { w, s, second, offerings, requests, spare, dice: Dice(seed), keys: 0 };
    let mut told: Vec<String> = Vec::new();
    for at in 0..STEPS {
        if at % 40 == 0 {
            game.s.renew(w);
            game.second = approver(w, "SD", "second");
        }
        let what = game.step().await;
        agree(w, &format!("{what}; before: {:?}", &told[told.len().saturating_sub(6)..])).await;
        told.push(what);
    }
    for _ in 0..60 {
        w.clock.advance(TimeDelta::days(3));
        sweep::run(&w.db).await.expect("swept");
        agree(w, "the clock ran on").await;
    }
    let left =
        count(w, &format!("SELECT COUNT(*) AS n FROM request WHERE status NOT IN {OVER} AND status <> 'DRAFT'")).await;
    assert_eq!(left, 0, "every request comes to an end when the clock runs on");
    let moved = told.iter().filter(|what| what.ends_with(" done")).count();
    assert!(moved > 60, "the run did too little: {moved}");
}

both! {
    async fn any_order_of_steps_keeps_the_books(w: World) {
        play(w, 0x9E37_79B9_7F4A_7C15, false).await;
    }

    async fn and_any_other(w: World) {
        play(w, 0xD1B5_4A32_D192_ED03, false).await;
    }

    async fn and_so_do_rules_of_both_sides(w: World) {
        play(w, 0xA076_1D64_78BD_642F, true).await;
    }

    async fn and_those_in_any_other_order(w: World) {
        play(w, 0xE703_7ED1_A0B4_28DB, true).await;
    }
}
