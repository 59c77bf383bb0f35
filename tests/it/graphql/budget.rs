//! What a client may ask for over time.

use chrono::TimeDelta;
use labpact::{
    config::Config,
    graphql::budget::{BudgetLimits, Budgets, Payer},
    platform::clock::Clock,
};
use serde_json::json;

use crate::{
    http::peer::Peer,
    support::{
        base::{Backend, beginning},
        world::World,
    },
};

fn payer(number: u8) -> Payer {
    Payer::Address([192, 0, 2, number].into())
}

#[test]
fn a_bucket_empties_and_fills() {
    let clock = Clock::fixed(beginning());
    let budgets = Budgets::new(BudgetLimits { units: 1_000, units_per_second: 100 }, clock.clone());
    assert_eq!(budgets.charge(&payer(1), 600).expect("enough"), Some((400, 1_000, 100)));
    let refused = budgets.charge(&payer(1), 600).expect_err("too much");
    assert_eq!(refused.code(), "LIMITED");
    assert_eq!(budgets.charge(&payer(2), 600).expect("another's"), Some((400, 1_000, 100)));
    clock.advance(TimeDelta::milliseconds(1_999));
    budgets.charge(&payer(1), 600).expect_err("not yet");
    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(budgets.charge(&payer(1), 600).expect("enough again"), Some((0, 1_000, 100)));
    budgets.admit(&payer(1)).expect_err("nothing left");
    clock.advance(TimeDelta::hours(1));
    assert_eq!(budgets.charge(&payer(1), 0).expect("full"), Some((1_000, 1_000, 100)), "never more than full");
    clock.advance(TimeDelta::hours(-2));
    assert_eq!(
        budgets.charge(&payer(1), 1).expect("still full"),
        Some((999, 1_000, 100)),
        "a clock set back takes nothing"
    );
}

#[test]
fn what_costs_more_than_a_bucket_needs_a_full_one() {
    let clock = Clock::fixed(beginning());
    let budgets = Budgets::new(BudgetLimits { units: 1_000, units_per_second: 100 }, clock.clone());
    assert_eq!(budgets.charge(&payer(1), 5_000).expect("a full one"), Some((0, 1_000, 100)));
    clock.advance(TimeDelta::seconds(9));
    budgets.charge(&payer(1), 5_000).expect_err("not full");
    clock.advance(TimeDelta::seconds(1));
    budgets.charge(&payer(1), 5_000).expect("full");
}

#[test]
fn buckets_of_many_strangers_are_bounded() {
    let clock = Clock::fixed(beginning());
    let budgets = Budgets::new(BudgetLimits { units: 1_000, units_per_second: 1 }, clock.clone());
    for number in 0..150_000_u32 {
        budgets
            .charge(&Payer::Address(number.to_be_bytes().into()), 1)
            .or_else(|fault| match fault.code() {
                "LIMITED" if number >= 100_000 => Ok(None),
                _ => Err(fault),
            })
            .expect("taken");
    }
    // Those who came too late shared one bucket, and have emptied it.
    budgets.charge(&Payer::Address([255, 0, 0, 1].into()), 1).expect_err("none left for strangers");
    clock.advance(TimeDelta::hours(1));
    budgets.charge(&Payer::Address([255, 0, 0, 1].into()), 1).expect("the full ones were forgotten");
}

#[test]
fn nothing_is_a_budget_without_limit() {
    let budgets = Budgets::new(BudgetLimits { units: 0, units_per_second: 0 }, Clock::fixed(beginning()));
    assert_eq!(budgets.charge(&payer(1), u64::MAX).expect("no limit"), None);
}

fn with(test: impl AsyncFnOnce(&World)) {
    let change = |config: &mut Config| {
        config.graphql.limits.cost = 1_000;
        config.graphql.budget = BudgetLimits { units: 1_000, units_per_second: 100 };
    };
    World::run_with(Backend::Sqlite, change, test);
}

/// Costs more than half of the budget.
const LABS: &str = "{ labs(first: 50) { nodes { id code nameZh nameEn region { code name } agency { code } institution { \
                    code nameZh } version } } }";

#[test]
fn the_bill_is_told_to_who_asks() {
    with(async |w| {
        let token = w.token("GD", "officer", |_| {});
        let ask = async |extensions: serde_json::Value| {
            let request = w.http().post(w.url("/graphql")).bearer_auth(&token);
            let body = json!({ "query": "{ labs(first: 5) { nodes { code } } }", "extensions": extensions });
            request.json(&body).send().await.expect("an answer").json::<serde_json::Value>().await.expect("JSON")
        };
        let told = ask(json!({ "cost": true })).await;
        let bill = &told["extensions"]["cost"];
        let cost = bill["cost"].as_u64().expect("a cost");
        assert!((5..50).contains(&cost), "{told:#}");
        assert_eq!(bill["most"], 1_000);
        assert_eq!(bill["budget"], json!({ "left": 1_000 - cost, "units": 1_000, "unitsPerSecond": 100 }));
        assert!(ask(json!({})).await.get("extensions").is_none());
        assert!(ask(json!({ "cost": "yes" })).await.get("extensions").is_none());
    });
}

#[test]
fn who_asks_too_much_is_told_when_to_come_back() {
    with(async |w| {
        let officer = w.client("GD", "officer");
        let first = officer.send(LABS, json!({})).await;
        assert_eq!(first.status, 200, "{:#}", first.body);
        let request = w.http().post(w.url("/graphql")).bearer_auth(w.token("GD", "officer", |_| {}));
        let second = request.json(&json!({ "query": LABS })).send().await.expect("an answer");
        assert_eq!(second.status(), 429);
        let wait: u64 = second.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=10).contains(&wait), "{wait}");
        let body: serde_json::Value = second.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "LIMITED");
        assert!(body["errors"][0]["extensions"]["retryAfter"].as_f64().is_some_and(|after| after >= 1.0), "{body:#}");
        assert!(body.get("data").is_none());

        assert_eq!(w.client("GD", "approver").send(LABS, json!({})).await.status, 200, "another subject");
        assert_eq!(w.client("SD", "officer").send(LABS, json!({})).await.status, 200, "another agency");
        let mut peer = Peer::of(w, "GD", "officer").await;
        peer.ask("1", LABS).await;
        assert_eq!(peer.error("1").await, "LIMITED", "a socket has no other budget");
        w.clock.advance(TimeDelta::seconds(10));
        assert_eq!(officer.send(LABS, json!({})).await.status, 200);
    });
}

#[test]
fn refused_documents_and_tokens_are_not_free() {
    with(async |w| {
        let officer = w.client("GD", "officer");
        let mut statuses = Vec::new();
        for _ in 0..101 {
            statuses.push(officer.send("{ nothing", json!({})).await.status);
        }
        assert_eq!((statuses[0], statuses[100]), (400, 429));
        let stranger = w.bearer("no.token.atall");
        let mut statuses = Vec::new();
        for _ in 0..11 {
            statuses.push(stranger.send("{ __typename }", json!({})).await.status);
        }
        assert_eq!((statuses[0], statuses[10]), (401, 429));
        let form = w.http().post(w.url("/token")).header("content-type", "application/x-www-form-urlencoded");
        let answer = form.body("grant_type=client_credentials").send().await.expect("an answer");
        assert_eq!(answer.status(), 429, "the address has nothing left");
        assert!(answer.headers().contains_key("retry-after"));
    });
}
