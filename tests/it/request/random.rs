//! Any order of steps: both sides, the clock, and deliveries that come twice. After each step the books must agree.

use chrono::TimeDelta;
use labpact::request::service::sweep;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

use super::{Sides, need, terms};
use crate::{
    api::{over, text},
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

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

async fn count(w: &World, sql: &str) -> i64 {
    w.db.sql::<Count>(sql, Vec::new()).await.expect("counted")[0].n
}

const AGREED: &str = "('ACCEPTED', 'SCHEDULED', 'IN_PROGRESS', 'DELIVERED', 'CANCEL_REQUESTED', 'SETTLED')";
const ENDED: &str = "('DECLINED', 'TIMED_OUT', 'LOST_RACE', 'CANCELLED', 'FAILED')";
const OVER: &str = "('CLOSED', 'WITHDRAWN', 'UNFILLED', 'EXPIRED', 'CANCELLED')";

/// What must hold after every step, whatever it was.
async fn books(w: &World, after: &str) {
    for (rule, sql) in [
        (
            "no day has more than there is",
            "SELECT COUNT(*) AS n FROM capacity_day WHERE held + booked > total AND NOT overcommitted".to_owned(),
        ),
        ("nothing is negative", "SELECT COUNT(*) AS n FROM capacity_day WHERE held < 0 OR booked < 0".to_owned()),
        (
            "no item is agreed twice",
            format!(
                "SELECT COUNT(*) AS n FROM (SELECT i.item_id FROM referral_item i JOIN referral r ON r.id = i.referral_id \
                 WHERE r.status IN {AGREED} GROUP BY i.item_id HAVING COUNT(*) > 1) d"
            ),
        ),
        (
            "what has ended holds nothing",
            format!("SELECT COUNT(*) AS n FROM referral WHERE status IN {ENDED} AND hold_id IS NOT NULL"),
        ),
        (
            "what is held is somebody's",
            "SELECT COUNT(*) AS n FROM hold h WHERE h.status IN ('HELD', 'BOOKED') \
             AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.hold_id = h.id)"
                .to_owned(),
        ),
        (
            "what is agreed is booked",
            "SELECT COUNT(*) AS n FROM referral r JOIN hold h ON h.id = r.hold_id \
             WHERE r.status IN ('ACCEPTED', 'SCHEDULED', 'IN_PROGRESS') AND h.status NOT IN ('BOOKED', 'FINISHED')"
                .to_owned(),
        ),
        (
            "every status that is not an end has a clock, or is carried",
            format!(
                "SELECT COUNT(*) AS n FROM referral r JOIN request q ON q.id = r.request_id WHERE r.due_at IS NULL \
                 AND r.status NOT IN {ENDED} AND r.status NOT IN ('QUEUED', 'SETTLED') AND q.status <> 'DISPUTED'"
            ),
        ),
        (
            "every step is in the change log",
            "SELECT (SELECT COUNT(*) FROM transition) - (SELECT COUNT(*) FROM change WHERE entity = 'transition' \
             AND op = 'INSERT') AS n"
                .to_owned(),
        ),
        (
            "what is over asks nobody",
            format!(
                "SELECT COUNT(*) AS n FROM referral r JOIN request q ON q.id = r.request_id WHERE q.status IN {OVER} \
                 AND r.status IN ('QUEUED', 'SENT', 'ACKNOWLEDGED', 'OFFERED', 'CONDITIONAL', 'RETRY_LATER')"
            ),
        ),
    ] {
        assert_eq!(count(w, &sql).await, 0, "{rule}, after {after}");
    }
}

/// What is played with.
struct Play<'w> {
    w: &'w World,
    s: Sides,
    offerings: Vec<String>,
    requests: Vec<String>,
    dice: Dice,
    keys: u32,
}

impl Play<'_> {
    /// Does something at random; what it was.
    async fn step(&mut self) -> String {
        match self.dice.below(12) {
            0 => self.ask().await,
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
        let payload = self.s.officer.done("requestCreate", json!({ "input": over(need(&named), more) })).await;
        let id = text(&payload["request"]["id"]);
        self.requests.push(id);
        "a draft".to_owned()
    }

    async fn act(&mut self) -> String {
        let Some(request) = self.dice.of(&self.requests).cloned() else { return self.ask().await };
        let referrals = self.s.referrals(&request).await;
        let referral = self.dice.of(&referrals).map(|row| text(&row["id"])).unwrap_or_default();
        let today = self.w.clock.today();
        let day = |days: u64| json!(today + chrono::Days::new(days));
        let conditions = if self.dice.below(4) == 0 { json!(["冷链"]) } else { json!([]) };
        let offer = terms(json!({ "startsOn": today, "reportBy": day(10), "conditions": conditions }));
        let report = self.s.report("R", json!({ "issuedOn": today }));
        let (id, whole) = (json!({ "id": referral }), json!({ "id": request }));
        let with = |base: &Value, more: Value| over(base.clone(), more);
        let acts: [(&Client, &str, Value); 22] = [
            (&self.s.officer, "requestSubmit", whole.clone()),
            (&self.s.approver, "requestApprove", whole.clone()),
            (&self.s.approver, "requestReturn", with(&whole, json!({ "reason": "x" }))),
            (&self.s.officer, "requestWithdraw", with(&whole, json!({ "reason": "x" }))),
            (&self.s.approver, "requestDispute", with(&whole, json!({ "reason": "x" }))),
            (&self.s.manager, "referralAcknowledge", id.clone()),
            (&self.s.manager, "referralOffer", with(&id, json!({ "input": offer }))),
            (&self.s.manager, "referralOffer", with(&id, json!({ "input": offer }))),
            (&self.s.manager, "referralDecline", with(&id, json!({ "code": "NO_CAPACITY" }))),
            (&self.s.manager, "referralRetryLater", with(&id, json!({ "code": "NO_CAPACITY", "retryOn": day(3) }))),
            (&self.s.approver, "referralCounter", with(&id, json!({ "input": offer }))),
            (&self.s.approver, "referralReject", with(&id, json!({ "reason": "x" }))),
            (&self.s.approver, "referralAccept", id.clone()),
            (&self.s.approver, "referralAccept", id.clone()),
            (&self.s.signer, "referralSchedule", id.clone()),
            (&self.s.manager, "referralStart", with(&id, json!({ "despite": ["NO_SAMPLES"] }))),
            (&self.s.manager, "referralDeliver", with(&id, json!({ "reports": [report] }))),
            (&self.s.approver, "referralSettle", id.clone()),
            (&self.s.approver, "referralCorrect", with(&id, json!({ "reason": "x" }))),
            (&self.s.approver, "referralRequestCancel", with(&id, json!({ "reason": "x" }))),
            (
                &self.s.signer,
                "referralAnswerCancel",
                with(&id, json!({ "grant": self.dice.below(2) == 0, "reason": "x" })),
            ),
            (&self.s.manager, "referralFail", with(&id, json!({ "code": "EQUIPMENT_DOWN" }))),
        ];
        let status = referrals.iter().find(|row| row["id"] == json!(referral));
        let status = status.map(|row| text(&row["status"])).unwrap_or_default();
        let likely = likely(&self.s.status(&request).await, &status);
        let fitting: Vec<usize> = (0..acts.len()).filter(|at| likely.contains(&acts[*at].1)).collect();
        // Mostly what fits, so that much happens; now and then anything, so that what does not fit is refused.
        let at = match self.dice.of(&fitting) {
            Some(at) if self.dice.0 & 3 != 0 => *at,
            _ => self.dice.below(acts.len()),
        };
        let (client, mutation, variables) = &acts[at];
        self.keys += 1;
        let variables = over(variables.clone(), json!({ "idempotencyKey": format!("k{}", self.keys) }));
        let first = client.act(mutation, variables.clone()).await;
        let code = first.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("done").to_owned();
        assert!(
            !["INTERNAL", "UNAVAILABLE", "UNAUTHENTICATED"].contains(&code.as_str()),
            "{mutation}: {:#}",
            first.body
        );
        if code == "done" && self.dice.below(3) == 0 {
            let again = client.act(mutation, variables).await;
            assert_eq!(
                again.body["data"][*mutation]["moves"], first.body["data"][*mutation]["moves"],
                "{mutation} twice"
            );
        }
        format!("{mutation} {code}")
    }
}

/// What somebody would do next.
fn likely(request: &str, referral: &str) -> &'static [&'static str] {
    match (request, referral) {
        ("DRAFT", _) => &["requestSubmit"],
        ("PENDING_APPROVAL", _) => &["requestApprove", "requestReturn"],
        (_, "SENT" | "ACKNOWLEDGED" | "RETRY_LATER") => {
            &["referralAcknowledge", "referralOffer", "referralDecline", "referralRetryLater"]
        }
        (_, "OFFERED" | "CONDITIONAL") => &["referralAccept", "referralCounter", "referralReject", "referralOffer"],
        (_, "ACCEPTED") => &["referralSchedule", "referralRequestCancel", "referralFail"],
        (_, "SCHEDULED") => &["referralStart"],
        (_, "IN_PROGRESS") => &["referralDeliver", "referralRequestCancel"],
        (_, "DELIVERED") => &["referralSettle", "referralCorrect", "requestDispute"],
        (_, "CANCEL_REQUESTED") => &["referralAnswerCancel"],
        _ => &[],
    }
}

async fn play(w: &World, seed: u64) {
    let s = Sides::new(w).await;
    let offerings = vec![s.offering.clone(), s.another("O2").await, s.another("O3").await];
    for offering in &offerings {
        let query = "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
        s.gd.gd.data(query, json!({ "o": offering, "i": { "unitsByWeekday": [1, 1, 1, 1, 1, 0, 0] } })).await;
    }
    let mut game = Play { w, s, offerings, requests: Vec::new(), dice: Dice(seed), keys: 0 };
    let mut done: Vec<String> = Vec::new();
    for at in 0..STEPS {
        if at % 40 == 0 {
            game.s.renew(w);
        }
        let what = game.step().await;
        books(w, &format!("{what}; before: {:?}", &done[done.len().saturating_sub(6)..])).await;
        done.push(what);
    }
    for _ in 0..60 {
        w.clock.advance(TimeDelta::days(3));
        sweep::run(&w.db).await.expect("swept");
        books(w, "the clock ran on").await;
    }
    let left =
        count(w, &format!("SELECT COUNT(*) AS n FROM request WHERE status NOT IN {OVER} AND status <> 'DRAFT'")).await;
    assert_eq!(left, 0, "every request comes to an end when the clock runs on");
    let moved = done.iter().filter(|what| what.ends_with(" done")).count();
    assert!(moved > 60, "the run did too little: {moved}");
}

both! {
    async fn any_order_of_steps_keeps_the_books(w: World) {
        play(w, 0x9E37_79B9_7F4A_7C15).await;
    }

    async fn and_any_other(w: World) {
        play(w, 0xD1B5_4A32_D192_ED03).await;
    }
}
