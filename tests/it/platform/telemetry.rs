//! Labels and lag.

use chrono::{DateTime, TimeDelta, Utc};
use labpact::platform::{
    lag::{Lag, Watch},
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
    let watch = Watch::default();
    assert_eq!(watch.stuck_for(Some(at(0)), at(100)), TimeDelta::zero(), "old at its commit, and just seen");
    assert_eq!(watch.stuck_for(Some(at(0)), at(140)), TimeDelta::seconds(40));
    assert_eq!(watch.stuck_for(Some(at(90)), at(150)), TimeDelta::zero(), "the one before got its number");
    assert_eq!(watch.stuck_for(None, at(190)), TimeDelta::zero());
    assert_eq!(watch.stuck_for(Some(at(90)), at(200)), TimeDelta::zero(), "nothing waited meanwhile");
    let lag = Lag { waiting: 1, oldest: Some(at(90)), last: 7 };
    assert_eq!((lag.age(at(200)), lag.age(at(0))), (TimeDelta::seconds(110), TimeDelta::zero()));
    assert_eq!((lag.behind(5), lag.behind(8)), (2, 0));
}
