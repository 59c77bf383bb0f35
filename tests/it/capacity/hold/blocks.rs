//! Time at equipment: no two blocks overlap.

use chrono::TimeDelta;
use entity::{
    equipment_outage, hold_block,
    ids::{EquipmentId, HoldBlockId, LabId, OfferingId, OutageId},
};
use labpact::{
    capacity::hold::{Block, Wanted, confirm, release},
    platform::{db::Tx, fault::Outcome},
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{at, bare, block, counted, hours, placed, row, shanghai, tests, time, told, units};
use crate::{api::Desk, both, capacity::opened, platform::act};

both! {
    async fn whatever_overlaps_is_refused_and_what_touches_is_not(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        placed(w, block(w, there, "10:00", "12:00")).await.expect("free");
        for (from, to) in [("09:00", "10:01"), ("11:59", "13:00"), ("10:30", "11:30"), ("09:00", "13:00"), ("10:00", "12:00")] {
            let (code, facts) = told(placed(w, block(w, there, from, to)).await);
            assert_eq!(code, "BLOCK_TAKEN", "{from} {to}");
            assert_eq!(facts["blocks"], json!([{
                "equipment": there.1.to_string(), "from": shanghai(from), "to": shanghai(to), "reason": "TAKEN",
                "taken": { "from": "2026-12-01T02:00:00Z", "to": "2026-12-01T04:00:00Z" },
            }]));
        }
        placed(w, block(w, there, "09:00", "10:00")).await.expect("touches its beginning");
        placed(w, block(w, there, "12:00", "13:00")).await.expect("touches its end");
    }

    async fn a_gap_stays_free_between_blocks(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |row| row.gap = 30).await;
        placed(w, block(w, there, "10:00", "12:00")).await.expect("free");
        for (from, to) in [("12:29", "13:00"), ("12:00", "13:00"), ("09:00", "09:31")] {
            assert_eq!(told(placed(w, block(w, there, from, to)).await).0, "BLOCK_TAKEN", "{from} {to}");
        }
        placed(w, block(w, there, "12:30", "13:00")).await.expect("after the gap");
        placed(w, block(w, there, "09:00", "09:30")).await.expect("before it");
    }

    async fn two_offerings_of_one_item_share_its_time(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        let item = there.1.to_string();
        let second = OfferingId(bare(&opened(&desk.gd, hours("H2", &desk.lab, &[&item])).await));
        placed(w, block(w, there, "10:00", "12:00")).await.expect("free");
        assert_eq!(told(placed(w, block(w, (second, there.1), "11:00", "13:00")).await).0, "BLOCK_TAKEN");
        placed(w, block(w, (second, there.1), "22:00", "23:00")).await.expect("without a calendar there are no hours");
    }

    async fn hours_steps_lengths_and_the_horizon_bound_a_block(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |row| {
            (row.block_min, row.block_max, row.block_step, row.horizon_days) = (Some(60), Some(240), Some(30), Some(14));
        }).await;
        let reasons = async |wanted: Wanted| -> Vec<String> {
            let (code, facts) = told(placed(w, wanted).await);
            assert_eq!(code, "BLOCK_CLOSED");
            crate::api::column(&facts["blocks"], "reason")
        };
        assert_eq!(reasons(block(w, there, "07:30", "09:00")).await, ["CLOSED"]);
        assert_eq!(reasons(block(w, there, "08:00", "08:30")).await, ["TOO_SHORT"]);
        assert_eq!(reasons(block(w, there, "08:00", "12:30")).await, ["TOO_LONG"]);
        assert_eq!(reasons(block(w, there, "08:10", "09:40")).await, ["OFF_STEP"]);
        let on = |from: &str, to: &str| Wanted {
            blocks: vec![Block { equipment: there.1, from: at(from), to: at(to) }],
            ..block(w, there, "08:00", "09:00")
        };
        assert_eq!(reasons(on("2026-12-08T08:00:00+08:00", "2026-12-08T09:00:00+08:00")).await, ["TOO_FAR"]);
        assert_eq!(reasons(on("2026-11-28T08:00:00+08:00", "2026-11-28T09:00:00+08:00")).await, ["CLOSED"], "a Saturday");
        assert_eq!(reasons(on("2026-11-23T09:00:00+08:00", "2026-11-23T10:00:00+08:00")).await, ["PAST"]);
        placed(w, block(w, there, "14:00", "18:00")).await.expect("just fits");
        let two = Wanted {
            blocks: vec![
                Block { equipment: there.1, from: shanghai("17:00"), to: shanghai("19:00") },
                Block { equipment: there.1, from: shanghai("08:00"), to: shanghai("08:30") },
            ],
            ..block(w, there, "08:00", "09:00")
        };
        let (code, facts) = told(placed(w, two).await);
        assert_eq!((code, crate::api::column(&facts["blocks"], "reason")), ("BLOCK_TAKEN", ["TOO_SHORT", "TAKEN", "CLOSED"].map(str::to_owned).to_vec()));
    }

    async fn an_outage_is_in_the_way_once_or_every_other_week(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        let outage = |n: u128, from: &str, to: Option<&str>, every: Option<i32>| equipment_outage::Model {
            id: OutageId(uuid::Uuid::from_u128(n)), agency: "GD".into(), equipment_id: there.1, lab_id: LabId(bare(&desk.lab)),
            starts_at: at(from), ends_at: to.map(at), every_weeks: every, minutes: every.map(|_| 120), reason: "保养".to_owned(),
            version: 1, created_at: w.clock.now(), updated_at: w.clock.now(),
        };
        for row in [
            outage(1, "2026-12-01T09:00:00+08:00", Some("2026-12-01T10:00:00+08:00"), None),
            outage(2, "2026-11-03T12:00:00+08:00", None, Some(2)),
        ] {
            w.db.write(&act(), async |tx: &mut Tx| tx.insert(row).await).await.expect("written");
        }
        let (code, facts) = told(placed(w, block(w, there, "09:30", "11:00")).await);
        assert_eq!((code, &facts["blocks"][0]["reason"]), ("BLOCK_CLOSED", &json!("OUTAGE")));
        assert_eq!(told(placed(w, block(w, there, "13:59", "15:00")).await).0, "BLOCK_CLOSED");
        placed(w, block(w, there, "10:00", "12:00")).await.expect("touches both");
        let next_week = Wanted {
            blocks: vec![Block { equipment: there.1, from: at("2026-12-08T12:00:00+08:00"), to: at("2026-12-08T14:00:00+08:00") }],
            ..block(w, there, "08:00", "09:00")
        };
        placed(w, next_week).await.expect("only every other week");
    }

    async fn one_hold_takes_samples_and_hours_or_nothing(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let item = EquipmentId(bare(&desk.item("E2").await));
        let stretch = |from: &str, to: &str| Block { equipment: item, from: shanghai(from), to: shanghai(to) };
        let both = Wanted { blocks: vec![stretch("20:00", "22:00")], ..units(w, offering, 4, "2026-12-01", "2026-12-01") };
        let id = placed(w, both).await.expect("free");
        let late = Wanted { blocks: vec![stretch("21:00", "23:00")], ..units(w, offering, 4, "2026-12-01", "2026-12-01") };
        assert_eq!(told(placed(w, late).await).0, "BLOCK_TAKEN");
        assert_eq!(counted(w).await, [row("2026-12-01", 4, 0, 4)]);
        let more = Wanted { blocks: vec![stretch("21:00", "23:00")], ..units(w, offering, 7, "2026-12-01", "2026-12-01") };
        let (code, facts) = told(placed(w, more).await);
        assert_eq!((code, facts["blocks"].as_array().map(Vec::len), &facts["days"][0]["free"]), ("NO_CAPACITY", Some(1), &json!(6)));
        w.db.write(&act(), async |tx: &mut Tx| release(tx, id, "x").await).await.expect("given back");
        assert!(counted(w).await.is_empty());
        placed(w, Wanted { units: None, blocks: vec![stretch("21:00", "23:00")], ..units(w, offering, 1, "2026-12-01", "2026-12-01") }).await.expect("free again");
        let foreign = Wanted { blocks: vec![Block { equipment: EquipmentId(uuid::Uuid::from_u128(3)), ..stretch("21:00", "23:00") }], ..units(w, offering, 1, "2026-12-01", "2026-12-01") };
        assert_eq!(told(placed(w, foreign).await).0, "NOT_FOUND");
        let by_time = time(w, &desk, |_| {}).await;
        let other = Wanted { blocks: vec![stretch("10:00", "11:00")], ..block(w, by_time, "10:00", "11:00") };
        assert_eq!(told(placed(w, other).await).0, "EQUIPMENT_NOT_OFFERED");
        let counted = Wanted { units: units(w, offering, 1, "2026-12-01", "2026-12-01").units, ..block(w, by_time, "10:00", "11:00") };
        assert_eq!(told(placed(w, counted).await).0, "UNITS_OF_OTHER_KIND");
    }

    async fn expired_blocks_are_free_by_the_clock_and_what_began_stays(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        let second = OfferingId(bare(&opened(&desk.gd, hours("H2", &desk.lab, &[&there.1.to_string()])).await));
        let first = placed(w, block(w, there, "10:00", "12:00")).await.expect("free");
        w.clock.advance(TimeDelta::hours(1));
        let id = placed(w, block(w, (second, there.1), "10:00", "12:00")).await.expect("free by the clock, for whichever offering");
        assert_eq!(told(w.db.write(&act(), async |tx: &mut Tx| confirm(tx, first).await).await).0, "HOLD_EXPIRED");
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await.expect("booked");
        w.clock.advance(shanghai("11:00") - w.clock.now());
        w.db.write(&act(), async |tx: &mut Tx| release(tx, id, "完成").await).await.expect("given back");
        let rows = w.db.all(hold_block::Entity::find()).await.expect("read");
        let live: Vec<_> = rows.iter().filter(|row| row.live).map(|row| (row.starts_at, row.ends_at)).collect();
        assert_eq!(live, [(shanghai("10:00"), shanghai("11:00"))], "what was used stays used");
        placed(w, block(w, there, "11:00", "12:00")).await.expect("the rest is free");
    }

    /// Past every check of ours, the database itself refuses.
    async fn the_database_keeps_blocks_apart_by_itself(w: World) {
        let desk = Desk::new(w).await;
        let there = time(w, &desk, |_| {}).await;
        let hold_id = placed(w, block(w, there, "10:00", "12:00")).await.expect("free");
        let next = |n: u128, from: &str, to: &str, live| hold_block::Model {
            id: HoldBlockId(uuid::Uuid::from_u128(n)), hold_id, agency: "GD".into(), equipment_id: there.1,
            starts_at: shanghai(from), ends_at: shanghai(to), guarded_to: shanghai(to), live, affected: false,
        };
        let write = async |row: hold_block::Model| -> Outcome<hold_block::Model> {
            w.db.write(&act(), async |tx: &mut Tx| tx.insert(row).await).await
        };
        for (from, to) in [("09:00", "10:01"), ("11:59", "13:00"), ("10:30", "11:30"), ("09:00", "13:00")] {
            assert_eq!(told(write(next(1, from, to, true)).await).0, "BLOCK_TAKEN");
        }
        write(next(2, "12:00", "13:00", true)).await.expect("touches");
        let dead = write(next(3, "11:00", "12:30", false)).await.expect("not live");
        let alive = hold_block::Model { live: true, ..dead.clone() };
        let raised = w.db.write(&act(), async |tx: &mut Tx| tx.replace(&dead, alive).await).await;
        assert_eq!(told(raised).0, "BLOCK_TAKEN");
    }
}
