//! Many at once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use labpact::{
    capacity::hold::{Wanted, confirm, place, release},
    platform::{db::Tx, fault::Outcome},
};

use super::{block, counted, placed, row, tests, time, units};
use crate::{api::Desk, both, platform::act};

/// How often each outcome came.
fn tally<T>(outcomes: impl IntoIterator<Item = Outcome<T>>) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for outcome in outcomes {
        *found.entry(outcome.map_or_else(|fault| fault.code(), |_| "won")).or_default() += 1;
    }
    found
}

both! {
    async fn of_32_who_want_the_last_unit_one_gets_it(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        placed(w, units(w, offering, 9, "2026-12-01", "2026-12-01")).await.expect("free");
        let takers = (0..32).map(|_| {
            let (db, wanted) = (w.db.clone(), units(w, offering, 1, "2026-12-01", "2026-12-01"));
            tokio::spawn(async move { db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await })
        });
        let outcomes = futures_util::future::join_all(takers).await.into_iter().map(|task| task.expect("it runs"));
        assert_eq!(tally(outcomes), BTreeMap::from([("won", 1), ("NO_CAPACITY", 31)]));
        assert_eq!(counted(w).await, [row("2026-12-01", 10, 0, 10)]);
    }

    async fn of_32_who_want_days_that_nobody_has_touched_ten_get_them(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        // Windows that overlap, so that counters are laid out by several at once.
        let takers = (0..32).map(|at| {
            let first = ["2026-12-01", "2026-12-02"][at % 2];
            let (db, wanted) = (w.db.clone(), units(w, offering, 3, first, "2026-12-03"));
            tokio::spawn(async move { db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await })
        });
        let outcomes = futures_util::future::join_all(takers).await.into_iter().map(|task| task.expect("it runs"));
        let found = tally(outcomes);
        assert_eq!(found.values().sum::<usize>(), 32);
        assert_eq!(found.len(), 2, "{found:?}: nobody waits in a circle");
        let taken: i32 = counted(w).await.iter().map(|row| row.1).sum();
        assert_eq!(usize::try_from(taken).expect("some"), found["won"] * 3);
        assert!(taken >= 28, "{taken} of 30");
    }

    async fn of_32_who_want_the_same_hours_one_gets_them(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        let takers = (0..32).map(|at| {
            let (from, to) = [("10:00", "12:00"), ("11:00", "13:00"), ("09:00", "11:30")][at % 3];
            let (db, wanted) = (w.db.clone(), block(w, there, from, to));
            tokio::spawn(async move { db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await })
        });
        let outcomes = futures_util::future::join_all(takers).await.into_iter().map(|task| task.expect("it runs"));
        assert_eq!(tally(outcomes), BTreeMap::from([("won", 1), ("BLOCK_TAKEN", 31)]));
    }

    async fn room_that_has_expired_is_given_out_once(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        for _ in 0..10 {
            placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await.expect("free");
        }
        w.clock.advance(TimeDelta::hours(1));
        let takers = (0..32).map(|_| {
            let (db, wanted) = (w.db.clone(), units(w, offering, 1, "2026-12-01", "2026-12-01"));
            tokio::spawn(async move { db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await })
        });
        let outcomes = futures_util::future::join_all(takers).await.into_iter().map(|task| task.expect("it runs"));
        assert_eq!(tally(outcomes), BTreeMap::from([("won", 10), ("NO_CAPACITY", 22)]));
    }

    async fn a_hold_is_made_firm_or_given_back_and_not_both(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        for _ in 0..4 {
            let wanted = Wanted { holder: "GD".into(), ..units(w, offering, 2, "2026-12-01", "2026-12-01") };
            let id = placed(w, wanted).await.expect("free");
            let db = || w.db.clone();
            let acts = (0..8).map(|at| {
                let db = db();
                tokio::spawn(async move {
                    db.write(&act(), async |tx: &mut Tx| {
                        if at % 2 == 0 { confirm(tx, id).await } else { release(tx, id, "x").await }
                    }).await
                })
            });
            let outcomes = futures_util::future::join_all(acts).await.into_iter().map(|task| task.expect("it runs"));
            let found = tally(outcomes);
            assert!(found.keys().all(|code| ["won", "HOLD_RELEASED"].contains(code)), "{found:?}");
            assert!(counted(w).await.is_empty(), "it was given back in the end");
        }
    }
}
