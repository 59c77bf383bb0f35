//! Stating and changing rules.

use labpact::{
    capacity::hold::{Units, Wanted, confirm, place},
    platform::db::Tx,
};
use serde_json::{Value, json};

use super::{days, done, refused, set, stated, ten};
use crate::{
    api::{Desk, changes, problems},
    both,
    capacity::{
        hold::{bare, day, hours},
        opened, refusal, testing,
    },
    platform::act,
    support::world::World,
};

/// Books units of SD on one day.
async fn booked(w: &World, offering: &str, quantity: i32, on: &str) {
    let wanted = Wanted {
        offering: bare(offering).into(),
        holder: "SD".into(),
        subject: "referral:7".to_owned(),
        units: Some(Units { quantity, first: day(on), last: day(on), by_day: None }),
        blocks: Vec::new(),
        expires_at: w.clock.now() + chrono::TimeDelta::hours(1),
    };
    w.db.write(&act(), async |tx: &mut Tx| {
        let id = place(tx, wanted).await?;
        confirm(tx, id).await
    })
    .await
    .expect("booked");
}

both! {
    async fn a_calendar_is_stated_and_changed_in_versions(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let query = "query($o: ID!) { offering(id: $o) { calendar { version period unitsByWeekday unitsPerWeek holidaysClosed makeupDaysOpen openPercent hours { from } gap exceptions { day units reason } } } }";
        assert_eq!(desk.gd.data(query, json!({ "o": id })).await["offering"]["calendar"], json!(null));
        let before = changes(w).await;
        let dry = set(&desk.gd, &id, ten(), ", dryRun: true").await.body["data"]["capacityCalendarSet"].clone();
        assert_eq!((dry["dryRun"].clone(), dry["changed"][0].clone()), (json!(true), json!({ "offering": id, "day": "2026-11-23", "before": 0, "after": 10, "taken": 0 })));
        assert_eq!(dry["offering"]["calendar"], json!(null));
        assert_eq!(changes(w).await, before, "nothing was written");
        assert_eq!(refusal(&set(&desk.gd, &id, ten(), ", version: 1").await), "STALE_VERSION");
        stated(&desk.gd, &id, ten()).await;
        assert_eq!(desk.gd.data(query, json!({ "o": id })).await["offering"]["calendar"], json!({
            "version": 1, "period": "DAY", "unitsByWeekday": [10, 10, 10, 10, 10, 0, 0], "unitsPerWeek": null, "holidaysClosed": true,
            "makeupDaysOpen": true, "openPercent": 100, "hours": [], "gap": 0, "exceptions": [],
        }));
        let next = set(&desk.gd, &id, json!({ "unitsByWeekday": [5, 5, 5, 5, 5, 2, 0], "openPercent": 50 }), ", version: 1, idempotencyKey: \"k\"").await;
        assert_eq!(next.body["data"]["capacityCalendarSet"]["offering"]["calendar"]["version"], json!(2));
        let before = changes(w).await;
        let again = set(&desk.gd, &id, json!({ "unitsByWeekday": [5, 5, 5, 5, 5, 2, 0], "openPercent": 50 }), ", version: 1, idempotencyKey: \"k\"").await;
        assert_eq!((again.body, changes(w).await), (next.body, before));
        done(&desk.gd, "capacityExceptionSet", &format!("offering: \"{id}\", day: \"2026-11-25\", units: 1, reason: \"培训\""), "dryRun").await;
        let rows = days(&desk.gd, &id, "2026-11-24", "2026-11-26").await;
        assert_eq!(rows, json!([["2026-11-24", 5, 0, 0, 5, null], ["2026-11-25", 1, 0, 0, 1, null], ["2026-11-26", 5, 0, 0, 5, null]]));
        assert_eq!(desk.gd.data(query, json!({ "o": id })).await["offering"]["calendar"]["exceptions"], json!([{ "day": "2026-11-25", "units": 1, "reason": "培训" }]));
        done(&desk.gd, "capacityExceptionRemove", &format!("offering: \"{id}\", day: \"2026-11-25\""), "dryRun").await;
        assert_eq!(refused(&desk.gd, "capacityExceptionRemove", &format!("offering: \"{id}\", day: \"2026-11-25\"")).await.0, "NOT_FOUND");
        let bare = opened(&desk.gd, testing("O2", &desk.lab, json!({}))).await;
        assert_eq!(refused(&desk.gd, "capacityExceptionSet", &format!("offering: \"{bare}\", day: \"2026-11-25\", units: 1")).await.0, "CALENDAR_MISSING");
    }

    async fn what_is_wrong_is_told_at_once(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let item = desk.item("E1").await;
        let time = opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await;
        for (offering, input, expected) in [
            (&id, json!({}), vec!["input.unitsByWeekday PERIOD_UNITS"]),
            (&id, json!({ "unitsByWeekday": [1] }), vec!["input.unitsByWeekday SEVEN_DAYS"]),
            (&id, json!({ "period": "WEEK", "unitsByWeekday": [1] }), vec!["input.unitsPerWeek PERIOD_UNITS"]),
            (&id, json!({ "unitsByWeekday": [-1, 1, 1, 1, 1, 1, 1], "openPercent": 101, "gap": 5 }),
                vec!["input.hours CALENDAR_OF_OTHER_KIND", "input.openPercent OUT_OF_RANGE", "input.unitsByWeekday[0] OUT_OF_RANGE"]),
            (&time, ten(), vec!["input.hours HOURS_REQUIRED", "input.unitsByWeekday CALENDAR_OF_OTHER_KIND"]),
            (&time, json!({ "hours": [{ "weekday": 1, "from": "8:00", "to": "24:01" }] }), vec!["input.hours[0].from TIME_FORM", "input.hours[0].to TIME_FORM"]),
            (&time, json!({ "hours": [{ "weekday": 8, "from": "08:00", "to": "08:00" }, { "weekday": 1, "from": "08:00", "to": "12:00" }, { "weekday": 1, "from": "11:00", "to": "13:00" }],
                "blockMin": 120, "blockMax": 60, "blockStep": 0, "horizonDays": 0 }),
                vec!["input.blockMax LENGTHS_REVERSED", "input.blockStep OUT_OF_RANGE", "input.horizonDays OUT_OF_RANGE", "input.hours[0].to DATES_REVERSED", "input.hours[0].weekday OUT_OF_RANGE", "input.hours[2] HOURS_OVERLAP"]),
        ] {
            let mut found = problems(&set(&desk.gd, offering, input.clone(), "").await);
            found.sort();
            assert_eq!(found, expected, "{input}");
        }
        assert_eq!(refusal(&set(&w.client("SD", "editor"), &id, ten(), "").await), "FORBIDDEN");
        assert_eq!(refusal(&set(&w.client("GD", "officer"), &id, ten(), "").await), "FORBIDDEN");
        crate::capacity::done(&desk.gd, "Archive", &id, "reason: \"x\"").await;
        assert_eq!(refusal(&set(&desk.gd, &id, ten(), "").await), "ARCHIVED");
    }

    async fn what_is_taken_is_never_planned_away(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        stated(&desk.gd, &id, ten()).await;
        booked(w, &id, 8, "2026-12-01").await;
        booked(w, &id, 3, "2026-12-02").await;
        let less = |units: i32| json!({ "unitsByWeekday": [units, units, units, units, units, 0, 0] });
        for more in ["", ", dryRun: true"] {
            let answer = set(&desk.gd, &id, less(2), more).await;
            assert_eq!(refusal(&answer), "CAPACITY_COMMITTED");
            assert_eq!(answer.body["errors"][0]["extensions"]["facts"]["days"], json!([
                { "offering": id, "day": "2026-12-01", "taken": 8, "total": 2, "partnerTaken": 8, "open": 2 },
                { "offering": id, "day": "2026-12-02", "taken": 3, "total": 2, "partnerTaken": 3, "open": 2 },
            ]));
        }
        let share = json!({ "unitsByWeekday": [10, 10, 10, 10, 10, 0, 0], "openPercent": 50 });
        let answer = set(&desk.gd, &id, share, "").await;
        assert_eq!(answer.body["errors"][0]["extensions"]["facts"]["days"][0]["open"], json!(5));
        let weekly = json!({ "period": "WEEK", "unitsPerWeek": 100 });
        assert_eq!(refusal(&set(&desk.gd, &id, weekly, "").await), "PERIOD_COMMITTED");
        let closed = format!("offering: \"{id}\", day: \"2026-12-01\", units: 7");
        assert_eq!(refused(&desk.gd, "capacityExceptionSet", &closed).await.0, "CAPACITY_COMMITTED");
        let (code, facts) = refused(&desk.gd, "closurePlan", &format!("input: {{ lab: \"{}\", from: \"2026-11-30\", to: \"2026-12-04\", reason: \"搬迁\" }}", desk.lab)).await;
        assert_eq!((code.as_str(), facts["days"].as_array().map(Vec::len)), ("CAPACITY_COMMITTED", Some(2)));
        let done = stated(&desk.gd, &id, less(8)).await;
        assert_eq!(done["changed"].as_array().expect("days").iter().find(|day| day["day"] == "2026-12-01"),
            Some(&json!({ "offering": id, "day": "2026-12-01", "before": 10, "after": 8, "taken": 8 })));
        assert_eq!(days(&desk.gd, &id, "2026-12-01", "2026-12-01").await, json!([["2026-12-01", 8, 0, 8, 0, null]]));
    }

    async fn what_was_recorded_before_counts_once_rules_are_stated(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        booked(w, &id, 4, "2026-12-01").await;
        booked(w, &id, 12, "2026-12-02").await;
        stated(&desk.gd, &id, ten()).await;
        assert_eq!(days(&desk.gd, &id, "2026-12-01", "2026-12-02").await,
            json!([["2026-12-01", 10, 0, 4, 6, null], ["2026-12-02", 10, 0, 12, 0, null]]));
        let query = format!("{{ capacity(offering: \"{id}\", from: \"2026-12-01\", to: \"2026-12-02\") {{ stated days {{ overcommitted }} }} }}");
        assert_eq!(desk.gd.data(&query, json!({})).await["capacity"],
            json!({ "stated": true, "days": [{ "overcommitted": false }, { "overcommitted": true }] }));
        // More, though not yet enough, is no cut.
        stated(&desk.gd, &id, json!({ "unitsByWeekday": [11, 11, 11, 11, 11, 0, 0] })).await;
        let found: Vec<Value> = days(&desk.gd, &id, "2026-12-02", "2026-12-02").await.as_array().cloned().unwrap_or_default();
        assert_eq!(found[0][4], json!(0));
    }

    async fn a_later_notice_closes_days_and_says_what_is_overcommitted(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        stated(&desk.gd, &id, ten()).await;
        booked(w, &id, 4, "2027-02-08").await;
        w.client("GD", "coordinator").data("mutation { holidayRecord(input: [{ day: \"2027-02-08\", kind: HOLIDAY, name: \"春节\" }]) { differing } }", json!({})).await;
        assert_eq!(days(&desk.gd, &id, "2027-02-08", "2027-02-08").await, json!([["2027-02-08", 0, 0, 4, 0, "HOLIDAY"]]));
        let wanted = Wanted {
            offering: bare(&id).into(), holder: "SD".into(), subject: "referral:8".to_owned(),
            units: Some(Units { quantity: 1, first: day("2027-02-08"), last: day("2027-02-08"), by_day: None }), blocks: Vec::new(),
            expires_at: w.clock.now() + chrono::TimeDelta::hours(1),
        };
        let outcome = w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await;
        assert_eq!(outcome.expect_err("refused").code(), "NO_CAPACITY");
    }
}
