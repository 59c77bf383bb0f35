//! Whatever happens in whatever order, the counters are the sums of the holds, and never more than there is.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{
    capacity_day,
    enums::{CapacityPeriod, HoldStatus},
    hold, hold_block, hold_day,
    ids::{EquipmentId, HoldId, OfferingId},
};
use labpact::{
    capacity::{
        calendar::model::monday,
        hold::{Block, Units, Wanted, confirm, extend, finish, place, release, sweep::sweep},
    },
    platform::{db::Tx, fault::Fault},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::EntityTrait;

use super::{bare, tests};
use crate::{api::Desk, both, platform::act, support::world::World};

/// Days from today, and counts; all small, so that they meet.
#[derive(Clone, Debug)]
enum Act {
    Place { quantity: i32, first: u64, days: u64, owner: bool, named: bool, block: Option<(i64, i64)>, minutes: i64 },
    Confirm(usize),
    Release(usize),
    Finish(usize),
    Extend(usize),
    Wait(i64),
    Sweep,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let block = prop::option::of((0..40_i64, 1..6_i64));
    let place = (1..9_i32, 0..9_u64, 0..5_u64, any::<bool>(), any::<bool>(), block, 10..300_i64).prop_map(
        |(quantity, first, days, owner, named, block, minutes)| Act::Place {
            quantity,
            first,
            days,
            owner,
            named,
            block,
            minutes,
        },
    );
    let any = 0..30_usize;
    prop::collection::vec(
        prop_oneof![
            6 => place,
            4 => any.clone().prop_map(Act::Confirm),
            2 => any.clone().prop_map(Act::Release),
            2 => any.clone().prop_map(Act::Finish),
            1 => any.prop_map(Act::Extend),
            2 => (1..1_500_i64).prop_map(Act::Wait),
            1 => Just(Act::Sweep),
        ],
        40,
    )
}

struct Books<'w> {
    w: &'w World,
    offering: OfferingId,
    item: EquipmentId,
    period: CapacityPeriod,
    holds: Vec<HoldId>,
}

impl Books<'_> {
    async fn act(&mut self, what: &Act) {
        let chosen = |at: &usize| self.holds.get(at % self.holds.len().max(1)).copied();
        let outcome = match what {
            Act::Wait(minutes) => {
                self.w.clock.advance(TimeDelta::minutes(*minutes));
                Ok(())
            }
            Act::Sweep => sweep(&self.w.db).await.map(drop),
            Act::Place { .. } => {
                let wanted = self.wanted(what);
                let placed = self.w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await;
                placed.map(|id| self.holds.push(id))
            }
            Act::Confirm(at) | Act::Release(at) | Act::Finish(at) | Act::Extend(at) => {
                let Some(id) = chosen(at) else { return };
                let step = async |tx: &mut Tx| match what {
                    Act::Confirm(_) => confirm(tx, id).await,
                    Act::Release(_) => release(tx, id, "x").await,
                    Act::Finish(_) => finish(tx, id).await,
                    _ => extend(tx, id, tx.now() + TimeDelta::hours(3)).await,
                };
                self.w.db.write(&act(), async |tx: &mut Tx| step(tx).await).await
            }
        };
        if let Err(fault) = outcome {
            assert!(matches!(fault, Fault::Rule { .. } | Fault::Conflict { .. }), "{what:?}: {fault:?}");
        }
    }

    fn wanted(&self, what: &Act) -> Wanted {
        let Act::Place { quantity, first, days, owner, named, block, minutes } = what else { panic!("no place") };
        let (now, today) = (self.w.clock.now(), self.w.clock.today());
        let first = today + chrono::Days::new(*first);
        let last = first + chrono::Days::new(*days);
        let by_day = named.then(|| {
            let rest = (first != last && *quantity > 1).then(|| (last, quantity - 1));
            let on_first = if rest.is_some() { 1 } else { *quantity };
            [Some((first, on_first)), rest].into_iter().flatten().collect()
        });
        let midnight = now - TimeDelta::seconds(now.timestamp().rem_euclid(86_400)) + TimeDelta::days(1);
        let stretch = |(from, takes): (i64, i64)| Block {
            equipment: self.item,
            from: midnight + TimeDelta::hours(from),
            to: midnight + TimeDelta::hours(from + takes),
        };
        Wanted {
            offering: self.offering,
            holder: if *owner { "GD" } else { "SD" }.into(),
            subject: "referral:1".to_owned(),
            units: Some(Units { quantity: *quantity, first, last, by_day }),
            blocks: block.map(stretch).into_iter().collect(),
            expires_at: now + TimeDelta::minutes(*minutes),
        }
    }

    fn bucket(&self, day: NaiveDate) -> NaiveDate {
        if self.period == CapacityPeriod::Week { monday(day) } else { day }
    }

    /// The counters against the rows of the holds.
    async fn check(&self, after: &Act) {
        let db = &self.w.db;
        let holds: BTreeMap<HoldId, hold::Model> =
            db.all(hold::Entity::find()).await.expect("read").into_iter().map(|row| (row.id, row)).collect();
        let mut sums: BTreeMap<NaiveDate, (i32, i32, i32)> = BTreeMap::new();
        for day in db.all(hold_day::Entity::find()).await.expect("read") {
            let hold = &holds[&day.hold_id];
            if hold.freed_from.is_some_and(|freed| day.day >= freed) {
                continue;
            }
            let sum = sums.entry(self.bucket(day.day)).or_default();
            let is_held = hold.status == HoldStatus::Held;
            *if is_held { &mut sum.0 } else { &mut sum.1 } += day.quantity;
            sum.2 += if hold.holder == hold.agency { 0 } else { day.quantity };
        }
        sums.retain(|_, sum| *sum != (0, 0, 0));
        let mut counted = BTreeMap::new();
        for row in db.all(capacity_day::Entity::find()).await.expect("read") {
            assert!(row.held + row.booked <= row.total && row.partner_taken <= row.open, "{after:?}: {row:?}");
            assert!(!row.overcommitted);
            counted.insert(row.starts_on, (row.held, row.booked, row.partner_taken));
        }
        counted.retain(|_, sum| *sum != (0, 0, 0));
        assert_eq!(counted, sums, "{after:?}");
        let mut live: Vec<_> = db.all(hold_block::Entity::find()).await.expect("read");
        live.retain(|block| block.live);
        live.sort_by_key(|block| block.starts_at);
        for pair in live.windows(2) {
            assert!(pair[0].guarded_to <= pair[1].starts_at, "{after:?}: {pair:?}");
        }
        for block in &live {
            assert!(holds[&block.hold_id].status != HoldStatus::Expired, "{after:?}");
        }
    }
}

async fn played(w: &World, period: CapacityPeriod, seed: u8) {
    let desk = Desk::new(w).await;
    let offering = tests(w, &desk, |row| {
        (row.period, row.open_percent, row.week_units) = (period, 70, 25);
        if period == CapacityPeriod::Week {
            row.weekday_units = serde_json::json!([0, 0, 0, 0, 0, 0, 0]);
        }
    })
    .await;
    let item = EquipmentId(bare(&desk.item("E2").await));
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let mut books = Books { w, offering, item, period, holds: Vec::new() };
    for _ in 0..5 {
        for act in acts().new_tree(&mut runner).expect("acts").current() {
            books.act(&act).await;
            books.check(&act).await;
        }
    }
    assert!(books.holds.len() > 20, "enough was placed");
}

both! {
    async fn the_books_by_day_are_right_after_every_act(w: World) {
        played(w, CapacityPeriod::Day, 1).await;
    }

    async fn the_books_by_week_are_right_after_every_act(w: World) {
        played(w, CapacityPeriod::Week, 2).await;
    }
}
