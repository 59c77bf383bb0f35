//! From being set aside to the end.

use chrono::{TimeDelta, Utc};
use entity::{
    enums::HoldStatus::{Booked, Expired, Finished, Held, Released},
    hold,
    ids::HoldId,
};
use labpact::{
    capacity::hold::{
        confirm, extend, finish,
        model::{Next, Step, next},
        of_hold, of_subject, release,
    },
    platform::{
        access::{Action, Actor, Caller, permit},
        db::Tx,
    },
};

use super::{at, counted, placed, row, tests, told, units};
use crate::{api::Desk, both, platform::act};

fn one(status: entity::enums::HoldStatus) -> hold::Model {
    hold::Model {
        id: HoldId(uuid::Uuid::from_u128(1)),
        offering_id: uuid::Uuid::from_u128(2).into(),
        lab_id: None,
        agency: "GD".into(),
        holder: "SD".into(),
        subject: "referral:1".to_owned(),
        status,
        quantity: 1,
        expires_at: at("2026-11-23T03:00:00Z"),
        freed_from: None,
        reason: None,
        version: 1,
        created_at: at("2026-11-23T02:00:00Z"),
        updated_at: at("2026-11-23T02:00:00Z"),
    }
}

#[test]
fn every_step_from_every_status_is_defined() {
    use Step::{Confirm, Expire, Extend, Finish, Release};
    assert_eq!(Step::ALL, [Confirm, Release, Finish, Extend, Expire]);
    let (to, already) = (|status| Ok(Next::To(status)), || Ok(Next::Already));
    let alive = [
        (Held, [to(Booked), to(Released), Err("HOLD_NOT_BOOKED"), to(Held), already()]),
        (Booked, [already(), to(Released), to(Finished), Err("HOLD_BOOKED"), already()]),
        (Finished, [Err("HOLD_FINISHED"), already(), already(), Err("HOLD_FINISHED"), already()]),
        (Released, [Err("HOLD_RELEASED"), already(), Err("HOLD_RELEASED"), Err("HOLD_RELEASED"), already()]),
        (Expired, [Err("HOLD_EXPIRED"), already(), Err("HOLD_EXPIRED"), Err("HOLD_EXPIRED"), already()]),
    ];
    let over = [Err("HOLD_EXPIRED"), to(Expired), Err("HOLD_EXPIRED"), Err("HOLD_EXPIRED"), to(Expired)];
    let found = |status, step, now: &str| {
        let now: chrono::DateTime<Utc> = at(now);
        next(&one(status), step, now).map_err(|fault| fault.code())
    };
    for (status, expected) in alive {
        for (step, expected) in Step::ALL.into_iter().zip(expected) {
            assert_eq!(found(status, step, "2026-11-23T02:59:59Z"), expected, "{status:?} {step:?}");
            if status != Held {
                assert_eq!(found(status, step, "2026-11-23T03:00:00Z"), expected, "only what is held expires");
            }
        }
    }
    for (step, expected) in Step::ALL.into_iter().zip(over) {
        assert_eq!(found(Held, step, "2026-11-23T03:00:00Z"), expected, "{step:?} when it is over");
    }
}

both! {
    async fn what_is_held_becomes_firm_and_comes_back(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let id = placed(w, units(w, offering, 15, "2026-12-01", "2026-12-02")).await.expect("free");
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await.expect("booked");
        assert_eq!(counted(w).await, [row("2026-12-01", 0, 10, 10), row("2026-12-02", 0, 5, 5)]);
        w.clock.advance(TimeDelta::hours(2));
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await.expect("twice is once, and it does not expire");
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| extend(tx, id, tx.now() + TimeDelta::days(1)).await).await).0, "HOLD_BOOKED");
        w.db.write(&act(), async |tx: &mut Tx| {
            assert_eq!(of_subject(tx, "referral:1").await?.map(|found| (found.row.id, found.days.len())), Some((id, 2)));
            release(tx, id, "委托撤回").await?;
            release(tx, id, "again").await?;
            assert!(of_subject(tx, "referral:1").await?.is_none());
            let found = of_hold(tx, id).await?;
            assert_eq!((found.row.status, found.row.reason.as_deref()), (Released, Some("委托撤回")));
            Ok(())
        }).await.expect("released once");
        assert!(counted(w).await.is_empty());
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await).0, "HOLD_RELEASED");
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| release(tx, id, " ").await).await).0, "REQUIRED");
    }

    async fn what_was_used_stays_used(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let days = |n| units(w, offering, n, "2026-12-01", "2026-12-31");
        let (done, stopped) = (placed(w, days(40)).await.expect("free"), placed(w, days(40)).await.expect("free"));
        for id in [done, stopped] {
            w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await.expect("booked");
        }
        w.clock.advance(at("2026-12-02T02:00:00Z") - w.clock.now());
        w.db.write(&act(), async |tx: &mut Tx| finish(tx, done).await).await.expect("finished");
        w.db.write(&act(), async |tx: &mut Tx| finish(tx, done).await).await.expect("twice is once");
        // The second has 2026-12-07 to 10, all of them to come.
        let left = [row("2026-12-01", 0, 10, 10), row("2026-12-02", 0, 10, 10), row("2026-12-07", 0, 10, 10), row("2026-12-08", 0, 10, 10), row("2026-12-09", 0, 10, 10), row("2026-12-10", 0, 10, 10)];
        assert_eq!(counted(w).await, left);
        w.clock.advance(TimeDelta::days(6));
        w.db.write(&act(), async |tx: &mut Tx| release(tx, stopped, "样品不合格").await).await.expect("released");
        assert_eq!(counted(w).await, left[..3], "today is free again where the work was broken off");
    }

    async fn a_hold_can_be_held_longer_while_it_lives(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let id = placed(w, units(w, offering, 10, "2026-12-01", "2026-12-01")).await.expect("free");
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| extend(tx, id, tx.now()).await).await).0, "IN_THE_PAST");
        w.db.write(&act(), async |tx: &mut Tx| extend(tx, id, tx.now() + TimeDelta::hours(5)).await).await.expect("extended");
        w.clock.advance(TimeDelta::hours(4));
        assert_eq!(told(placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await).0, "NO_CAPACITY");
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| finish(tx, id).await).await).0, "HOLD_NOT_BOOKED");
        w.clock.advance(TimeDelta::hours(1));
        for outcome in [
            w.db.write(&act(), async |tx: &mut Tx| extend(tx, id, tx.now() + TimeDelta::hours(5)).await).await,
            w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await,
        ] {
            assert_eq!(told(outcome).0, "HOLD_EXPIRED");
        }
        w.db.write(&act(), async |tx: &mut Tx| {
            assert!(of_subject(tx, "referral:1").await?.is_none(), "by the clock, before any sweeper");
            release(tx, id, "x").await
        }).await.expect("giving back what is over is no fault");
        assert!(counted(w).await.is_empty());
    }

    async fn both_sides_and_the_system_reach_a_hold_and_nobody_else(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let id = placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await.expect("free");
        const ACT: Action = Action::new("test.act", "supply:respond");
        for (agency, code) in [("FJ", Some("NOT_FOUND")), ("SD", None), ("GD", None)] {
            let mut actor = Actor::anonymous(["supply:respond".to_owned()]);
            (actor.kind, actor.agency) = (labpact::platform::access::ActorKind::Machine, Some(agency.into()));
            let permit = permit(&Caller::new(actor, "request-2"), ACT).expect("permitted");
            let outcome = w.db.write(&permit, async |tx: &mut Tx| of_hold(tx, id).await).await;
            assert_eq!(outcome.map_err(|fault| fault.code()).err(), code, "{agency}");
        }
    }
}
