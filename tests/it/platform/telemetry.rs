//! Labels and lag.

use chrono::{DateTime, TimeDelta, Utc};
use labpact::platform::{
    lag::{Lag, LagWatch},
    telemetry::names::{LONGEST, MOST, Names},
};

#[test]
fn names_of_clients_stay_few_and_short() {
    let names = Names::default();
    assert_eq!(&*names.label(None), "anonymous");
    assert_eq!(&*names.label(Some(&"x".repeat(LONGEST + 1))), "other");
    for at in 0..MOST {
        let name = format!("Operation{at}");
        assert_eq!(*names.label(Some(&name)), name);
    }
    assert_eq!(&*names.label(Some("OneTooMany")), "other");
    assert_eq!(&*names.label(Some("Operation0")), "Operation0", "the first keep theirs");
}

#[test]
fn only_a_transaction_that_stays_the_oldest_is_stuck() {
    let at = |seconds: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(seconds);
    let lag = |began: i64| Lag { waiting: 1, oldest: Some(at(began)) };
    let watch = LagWatch::default();
    assert_eq!(watch.stuck_for(&lag(0), at(100)), TimeDelta::zero(), "old at its commit, and just seen");
    assert_eq!(watch.stuck_for(&lag(0), at(140)), TimeDelta::seconds(40));
    assert_eq!(watch.stuck_for(&lag(90), at(150)), TimeDelta::zero(), "the one before got its number");
    assert_eq!(watch.stuck_for(&Lag { waiting: 0, oldest: None }, at(190)), TimeDelta::zero());
    assert_eq!(watch.stuck_for(&lag(90), at(200)), TimeDelta::zero(), "nothing waited meanwhile");
    assert_eq!(lag(90).age(at(200)), TimeDelta::seconds(110));
}
