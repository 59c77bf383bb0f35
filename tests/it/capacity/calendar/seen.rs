//! Capacity as others see it.

use chrono::TimeDelta;
use labpact::{
    capacity::hold::{Block, Units, Wanted, place},
    platform::db::Tx,
};
use serde_json::{Value, json};

use super::{days, done, stated, ten};
use crate::{
    api::Desk,
    both,
    capacity::{
        hold::{at, bare, day, hours},
        opened, testing,
    },
    platform::act,
};

both! {
    async fn partners_see_what_is_open_to_them_by_the_clock(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        stated(&desk.gd, &id, json!({ "unitsByWeekday": [10, 10, 10, 10, 10, 0, 0], "openPercent": 40 })).await;
        let wanted = Wanted {
            offering: bare(&id).into(), holder: "FJ".into(), subject: "referral:7".to_owned(),
            units: Some(Units { quantity: 3, first: day("2026-12-01"), last: day("2026-12-01"), by_day: None }), blocks: Vec::new(),
            expires_at: w.clock.now() + TimeDelta::minutes(30),
        };
        w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await.expect("free");
        let sd = w.client("SD", "officer");
        assert_eq!(days(&desk.gd, &id, "2026-12-01", "2026-12-01").await, json!([["2026-12-01", 10, 3, 0, 7, null]]));
        assert_eq!(days(&sd, &id, "2026-12-01", "2026-12-01").await, json!([["2026-12-01", 4, null, null, 1, null]]));
        w.clock.advance(TimeDelta::minutes(30));
        assert_eq!(days(&desk.gd, &id, "2026-12-01", "2026-12-01").await, json!([["2026-12-01", 10, 0, 0, 10, null]]), "no sweeper has run");
        assert_eq!(days(&sd, &id, "2026-11-20", "2026-11-22").await,
            json!([["2026-11-20", 4, null, null, 0, null], ["2026-11-21", 0, null, null, 0, "WEEKDAY"], ["2026-11-22", 0, null, null, 0, "WEEKDAY"]]), "what is past is not free");
        let query = "query($o: ID!) { capacity(offering: $o, from: \"2026-12-01\", to: \"2027-12-02\") { stated } }";
        assert_eq!(sd.refused(query, json!({ "o": id })).await, "INVALID");
        let hidden = opened(&desk.gd, testing("O2", &desk.lab, json!({ "visibility": "OWN" }))).await;
        let query = "query($o: ID!) { capacity(offering: $o, from: \"2026-12-01\", to: \"2026-12-02\") { stated period days { day } equipment { free { from } } } }";
        assert_eq!(sd.data(query, json!({ "o": hidden })).await["capacity"], json!(null));
        assert_eq!(desk.gd.data(query, json!({ "o": hidden })).await["capacity"], json!({ "stated": false, "period": null, "days": [], "equipment": [] }));
    }

    async fn machine_time_is_drawn_as_spans(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let id = opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await;
        let open: Vec<Value> = (1..=5).map(|day| json!({ "weekday": day, "from": "08:00", "to": "18:00" })).collect();
        stated(&desk.gd, &id, json!({ "hours": open, "gap": 30, "horizonDays": 14 })).await;
        let wanted = Wanted {
            offering: bare(&id).into(), holder: "FJ".into(), subject: "referral:7".to_owned(), units: None,
            blocks: vec![Block { equipment: bare(&item).into(), from: at("2026-12-01T10:00:00+08:00"), to: at("2026-12-01T12:00:00+08:00") }],
            expires_at: w.clock.now() + TimeDelta::minutes(30),
        };
        w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await.expect("free");
        done(&desk.gd, "outageReport", &format!("input: {{ equipment: \"{item}\", from: \"2026-12-01T16:00:00+08:00\", to: \"2026-12-01T17:00:00+08:00\", reason: \"维护\" }}"), "dryRun").await;
        let query = "query($o: ID!) { offering(id: $o) { capacity(from: \"2026-12-01\", to: \"2026-12-01\") { period days { day } equipment { equipment { assetCode }
            open { from to } taken { from to } out { from to } free { from to } } } outages { reason from } } }";
        let span = |from: &str, to: &str| json!({ "from": format!("2026-12-01T{from}:00Z"), "to": format!("2026-12-01T{to}:00Z") });
        let sd = w.client("SD", "officer").data(query, json!({ "o": id })).await["offering"].clone();
        assert_eq!(sd["capacity"], json!({ "period": "DAY", "days": [], "equipment": [{
            "equipment": { "assetCode": "E1" }, "open": [span("00:00", "10:00")], "taken": [span("02:00", "04:00")], "out": [span("08:00", "09:00")],
            "free": [span("00:00", "01:30"), span("04:30", "08:00"), span("09:00", "10:00")],
        }] }));
        assert_eq!(sd["outages"], json!([{ "reason": null, "from": "2026-12-01T08:00:00Z" }]));
        assert_eq!(desk.gd.data(query, json!({ "o": id })).await["offering"]["outages"][0]["reason"], json!("维护"));
        w.clock.advance(TimeDelta::minutes(30));
        let later = w.client("SD", "officer").data(query, json!({ "o": id })).await["offering"]["capacity"]["equipment"][0].clone();
        assert_eq!((later["taken"].clone(), later["free"].clone()), (json!([]), json!([span("00:00", "08:00"), span("09:00", "10:00")])));
        let beyond = desk.gd.data("query($o: ID!) { capacity(offering: $o, from: \"2026-12-08\", to: \"2026-12-08\") { equipment { open { from } free { from } } } }", json!({ "o": id })).await;
        assert_eq!(beyond["capacity"]["equipment"][0], json!({ "open": [{ "from": "2026-12-08T00:00:00Z" }], "free": [] }), "beyond the horizon");
    }

    async fn capacity_of_many_offerings_is_a_few_statements(w: World) {
        let desk = Desk::new(w).await;
        for at in 0..5 {
            let id = opened(&desk.gd, testing(&format!("O{at}"), &desk.lab, json!({}))).await;
            stated(&desk.gd, &id, ten()).await;
        }
        let query = "{ offerings { nodes { calendar { version exceptions { day } } closures { id } capacity(from: \"2026-12-01\", to: \"2026-12-31\") { days { free } equipment { free { from } } } } } }";
        let before = w.db.statements();
        let data = desk.gd.data(query, json!({})).await;
        assert_eq!(data["offerings"]["nodes"][4]["capacity"]["days"].as_array().map(Vec::len), Some(31));
        // Offerings; rules and exceptions; closures; rules, what is listed, counters, what is over; items and lines named.
        assert!(w.db.statements() - before <= 10, "{}", w.db.statements() - before);
    }
}
