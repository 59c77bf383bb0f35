//! What follows from an attempt.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use labpact::{
    config::{Config, WebhookConfig},
    webhook::model::attempt::{Answer, EXCERPT, Schedule, Step, excerpt, retry_after},
};
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-23T02:00:00Z".parse().expect("an instant")
}

fn schedule() -> Schedule {
    WebhookConfig::default().settings().expect("the defaults hold").schedule
}

fn failed(status: u16) -> Answer {
    Answer { status: Some(status), ..Answer::default() }
}

#[test]
fn the_usual_waits_grow_and_last_for_days() {
    let waits = schedule().waits;
    assert!(waits.is_sorted());
    let all: Duration = waits.iter().sum();
    assert!((Duration::from_secs(3 * 86_400)..Duration::from_secs(5 * 86_400)).contains(&all), "{all:?}");
}

#[test]
fn a_good_answer_ends_it_and_so_does_the_last_attempt() {
    let schedule = schedule();
    for status in [200, 201, 204, 299] {
        assert_eq!(schedule.after(1, &failed(status), now(), 7), Step::Delivered);
    }
    let last = i32::try_from(schedule.waits.len()).expect("few");
    assert!(matches!(schedule.after(last, &failed(500), now(), 7), Step::Again(_)));
    assert_eq!(schedule.after(last + 1, &failed(500), now(), 7), Step::GivenUp);
    assert!(matches!(schedule.after(1, &Answer::default(), now(), 7), Step::Again(_)));
}

#[test]
fn what_an_endpoint_asks_for_is_kept_within_bounds() {
    let schedule = schedule();
    let asks = |seconds| Answer { retry_after: Some(Duration::from_secs(seconds)), ..failed(503) };
    let wait = |answer: &Answer| match schedule.after(1, answer, now(), 0) {
        Step::Again(at) => at - now(),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait(&asks(600)), TimeDelta::seconds(600));
    assert_eq!(wait(&asks(10_000_000)), TimeDelta::days(1), "no longer than the instance allows");
    assert_eq!(wait(&asks(0)), TimeDelta::seconds(4), "never sooner than the instance would");
    assert_eq!(schedule.asked(&Answer { status: Some(200), ..asks(600) }), None);
}

#[test]
fn a_wait_is_given_in_seconds_or_as_a_date() {
    assert_eq!(retry_after(" 120 ", now()), Some(Duration::from_secs(120)));
    assert_eq!(retry_after("Mon, 23 Nov 2026 02:01:00 GMT", now()), Some(Duration::from_secs(60)));
    for other in ["", "-5", "soon", "1.5", "Mon, 23 Nov 2026 01:59:00 GMT", "99999999999999999999"] {
        assert_eq!(retry_after(other, now()), None, "{other:?}");
    }
}

#[test]
fn an_excerpt_is_short_and_plain() {
    assert_eq!(excerpt(b"  \n"), None);
    assert_eq!(excerpt(b"a\r\n\x1b[31mb").as_deref(), Some("a   [31mb"));
    assert_eq!(excerpt(&[0xff, b'x']).as_deref(), Some("\u{fffd}x"));
    assert!(excerpt("实验室".repeat(200).as_bytes()).expect("text").len() <= EXCERPT);
}

#[test]
fn values_that_cannot_be_worked_with_are_refused() {
    let bad = WebhookConfig { timeout_seconds: 0, jitter_percent: 101, at_once: 0, ..WebhookConfig::default() };
    let fault = bad.settings().expect_err("refused");
    let text = format!("{fault:?}");
    for key in ["timeout_seconds", "jitter_percent", "at_once"] {
        assert!(text.contains(&format!("webhooks.{key}")), "{text}");
    }
    Config::default().webhooks.settings().expect("the defaults hold");
}

proptest! {
    #[test]
    fn chance_moves_a_wait_by_no_more_than_the_jitter(at in 1..=10i32, chance in any::<u32>()) {
        let schedule = schedule();
        let wait = schedule.waits[usize::try_from(at - 1).expect("small")];
        let Step::Again(again) = schedule.after(at, &failed(500), now(), chance) else { panic!("again") };
        let waited = (again - now()).to_std().expect("later");
        prop_assert!(waited >= wait.mul_f64(0.79) && waited <= wait.mul_f64(1.21), "{waited:?} of {wait:?}");
    }
}
