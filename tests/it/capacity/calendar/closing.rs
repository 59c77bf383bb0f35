//! Closures and outages.

use chrono::TimeDelta;
use entity::outbox;
use labpact::{
    capacity::hold::{Block, Units, Wanted, confirm, place},
    platform::db::Tx,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{days, done, refused, set, stated, ten};
use crate::{
    api::{Desk, changes, text},
    both,
    capacity::{
        hold::{at, bare, day, hours},
        opened, testing,
    },
    platform::act,
    support::world::World,
};

async fn told(w: &World, name: &str) -> Vec<Value> {
    let select = outbox::Entity::find().filter(outbox::Column::Name.eq(name)).order_by_asc(outbox::Column::Id);
    w.db.all(select).await.expect("read").into_iter().map(|row| row.data).collect()
}

both! {
    async fn a_closure_of_a_lab_closes_all_that_it_offers_until_it_is_cancelled(w: World) {
        let desk = Desk::new(w).await;
        let one = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let other = opened(&desk.gd, testing("O2", &desk.lab, json!({}))).await;
        for id in [&one, &other] {
            stated(&desk.gd, id, ten()).await;
        }
        let input = |more: &str| format!("input: {{ lab: \"{}\", from: \"2026-12-01\", to: \"2026-12-02\", reason: \"搬迁\" }} {more}", desk.lab);
        let fields = "dryRun closure { id version from to reason lab { code } } changed { offering day before after }";
        let before = changes(w).await;
        let dry = done(&desk.gd, "closurePlan", &input(", dryRun: true"), fields).await;
        assert_eq!((dry["changed"].as_array().map(Vec::len), changes(w).await), (Some(4), before));
        let planned = done(&desk.gd, "closurePlan", &input(""), fields).await;
        assert_eq!(planned["changed"], dry["changed"]);
        let id = text(&planned["closure"]["id"]);
        for offering in [&one, &other] {
            assert_eq!(days(&desk.gd, offering, "2026-12-02", "2026-12-03").await,
                json!([["2026-12-02", 0, 0, 0, 0, "CLOSURE"], ["2026-12-03", 10, 0, 0, 10, null]]));
        }
        let query = "query($o: ID!) { offering(id: $o) { closures { id reason } capacity(from: \"2026-12-01\", to: \"2026-12-01\") { days { reason } } } }";
        let seen = w.client("SD", "officer").data(query, json!({ "o": one })).await["offering"].clone();
        assert_eq!(seen, json!({ "closures": [{ "id": id, "reason": "搬迁" }], "capacity": { "days": [{ "reason": "搬迁" }] } }));
        assert_eq!(refused(&w.client("SD", "editor"), "closureCancel", &format!("id: \"{id}\"")).await.0, "FORBIDDEN");
        assert_eq!(refused(&desk.gd, "closureCancel", &format!("id: \"{id}\", version: 9")).await.0, "STALE_VERSION");
        let open = done(&desk.gd, "closureCancel", &format!("id: \"{id}\", version: 1"), fields).await;
        assert_eq!((open["closure"]["version"].clone(), open["changed"].as_array().map(Vec::len)), (json!(2), Some(4)));
        assert_eq!(refused(&desk.gd, "closureCancel", &format!("id: \"{id}\"")).await.0, "CLOSURE_CANCELLED");
        assert_eq!(days(&desk.gd, &one, "2026-12-02", "2026-12-02").await, json!([["2026-12-02", 10, 0, 0, 10, null]]));
        let own = done(&desk.gd, "closurePlan", &format!("input: {{ offering: \"{one}\", from: \"2026-12-01\", to: \"2026-12-01\", reason: \"x\" }}"), fields).await;
        assert_eq!(own["changed"].as_array().map(Vec::len), Some(1));
        for bad in [format!("offering: \"{one}\", lab: \"{}\",", desk.lab), String::new()] {
            assert_eq!(refused(&desk.gd, "closurePlan", &format!("input: {{ {bad} from: \"2026-12-01\", to: \"2026-12-01\", reason: \"x\" }}")).await.0, "INVALID");
        }
        assert_eq!(told(w, "capacity.changed.v1").await.len(), 2 + 2 + 2 + 1);
    }

    async fn an_outage_is_always_entered_and_names_what_it_falls_into(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let offering = opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await;
        let take = |subject: &str, from: &str, to: &str| Wanted {
            offering: bare(&offering).into(), holder: "SD".into(), subject: subject.to_owned(), units: None,
            blocks: vec![Block { equipment: bare(&item).into(), from: at(from), to: at(to) }],
            expires_at: w.clock.now() + TimeDelta::hours(1),
        };
        let first = w.db.write(&act(), async |tx: &mut Tx| {
            let firm = place(tx, take("referral:1", "2026-12-01T02:00:00Z", "2026-12-01T04:00:00Z")).await?;
            confirm(tx, firm).await?;
            place(tx, take("referral:3", "2026-12-03T02:00:00Z", "2026-12-03T04:00:00Z")).await?;
            place(tx, take("referral:2", "2026-12-02T02:00:00Z", "2026-12-02T04:00:00Z")).await
        }).await.expect("free");
        let report = format!("input: {{ equipment: \"{item}\", from: \"2026-12-01T03:00:00Z\", reason: \"灯管故障\" }}");
        let fields = "dryRun outage { id version from to } affected { subject from to }";
        let before = changes(w).await;
        let dry = done(&desk.gd, "outageReport", &format!("{report}, dryRun: true"), fields).await;
        assert_eq!((dry["affected"].as_array().map(Vec::len), changes(w).await), (Some(3), before));
        let reported = done(&desk.gd, "outageReport", &report, fields).await;
        assert_eq!(reported["affected"][0], json!({ "subject": "referral:1", "from": "2026-12-01T02:00:00Z", "to": "2026-12-01T04:00:00Z" }));
        assert_eq!(told(w, "outage.reported.v1").await[0]["subjects"], json!(["referral:1", "referral:2", "referral:3"]));
        let refusal = w.db.write(&act(), async |tx: &mut Tx| confirm(tx, first).await).await.expect_err("it cannot be used");
        assert_eq!(refusal.code(), "HOLD_AFFECTED");
        let id = text(&reported["outage"]["id"]);
        assert_eq!(refused(&w.client("SD", "editor"), "outageEnd", &format!("id: \"{id}\"")).await.0, "FORBIDDEN");
        let ended = done(&desk.gd, "outageEnd", &format!("id: \"{id}\", version: 1, at: \"2026-12-02T02:00:00Z\""), fields).await;
        assert_eq!(ended["affected"], json!([
            { "subject": "referral:2", "from": "2026-12-02T02:00:00Z", "to": "2026-12-02T04:00:00Z" },
            { "subject": "referral:3", "from": "2026-12-03T02:00:00Z", "to": "2026-12-03T04:00:00Z" },
        ]));
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, first).await).await.expect("it can be used again");
        assert_eq!(refused(&desk.gd, "outageEnd", &format!("id: \"{id}\"  at: \"2027-01-01T00:00:00Z\"")).await.0, "OUTAGE_ENDED");
        let again = format!("input: {{ equipment: \"{item}\", reason: \"周保养\", recurrence: {{ weekday: 4, from: \"10:00\", to: \"11:00\", first: \"2026-11-24\" }} }}");
        let weekly = done(&desk.gd, "outageReport", &again, "outage { from to everyWeeks minutes } affected { subject }").await;
        assert_eq!(weekly, json!({ "outage": { "from": "2026-11-26T02:00:00Z", "to": null, "everyWeeks": 1, "minutes": 60 }, "affected": [{ "subject": "referral:3" }] }));
        for bad in ["from: \"2026-12-01T03:00:00Z\", to: \"2026-12-01T03:00:00Z\"", "", "recurrence: { everyWeeks: 0, weekday: 9, from: \"10:00\", to: \"09:00\", first: \"2026-11-24\" }"] {
            assert_eq!(refused(&desk.gd, "outageReport", &format!("input: {{ equipment: \"{item}\", reason: \"x\" {bad} }}")).await.0, "INVALID");
        }
    }

    async fn hours_that_are_taken_stay_open(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let offering = opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await;
        let open = |to: &str| -> Value { json!({ "hours": (1..=5).map(|day| json!({ "weekday": day, "from": "08:00", "to": to })).collect::<Vec<_>>() }) };
        stated(&desk.gd, &offering, open("18:00")).await;
        let wanted = Wanted {
            offering: bare(&offering).into(), holder: "SD".into(), subject: "referral:1".to_owned(), units: None,
            blocks: vec![Block { equipment: bare(&item).into(), from: at("2026-12-01T16:00:00+08:00"), to: at("2026-12-01T18:00:00+08:00") }],
            expires_at: w.clock.now() + TimeDelta::minutes(30),
        };
        w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await.expect("free");
        let answer = set(&desk.gd, &offering, open("17:00"), "").await;
        let told = &answer.body["errors"][0]["extensions"];
        assert_eq!((told["code"].clone(), told["facts"]["blocks"].clone()), (json!("CAPACITY_COMMITTED"),
            json!([{ "equipment": item, "from": "2026-12-01T08:00:00Z", "to": "2026-12-01T10:00:00Z" }])));
        let closure = format!("input: {{ lab: \"{}\", from: \"2026-12-01\", to: \"2026-12-01\", reason: \"x\" }}", desk.lab);
        assert_eq!(refused(&desk.gd, "closurePlan", &closure).await.0, "CAPACITY_COMMITTED");
        w.clock.advance(TimeDelta::minutes(30));
        done(&desk.gd, "closurePlan", &closure, "dryRun").await;
    }

    async fn a_closure_holds_where_nothing_is_counted_too(w: World) {
        let desk = Desk::new(w).await;
        let offering = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let item = desk.item("E1").await;
        let wanted = |first: &str, last: &str, hours: Option<(&str, &str)>| Wanted {
            offering: bare(&offering).into(), holder: "SD".into(), subject: "referral:1".to_owned(),
            units: Some(Units { quantity: 2, first: day(first), last: day(last), by_day: None }),
            blocks: hours.map(|(from, to)| Block { equipment: bare(&item).into(), from: at(from), to: at(to) }).into_iter().collect(),
            expires_at: w.clock.now() + TimeDelta::minutes(30),
        };
        let take = async |wanted: Wanted| w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await;
        take(wanted("2026-12-01", "2026-12-01", Some(("2026-12-02T02:00:00Z", "2026-12-02T03:00:00Z")))).await.expect("recorded");
        let closure = |from: &str| format!("input: {{ lab: \"{}\", from: \"{from}\", to: \"2026-12-08\", reason: \"x\" }}", desk.lab);
        let (code, facts) = refused(&desk.gd, "closurePlan", &closure("2026-12-01")).await;
        assert_eq!((code.as_str(), &facts["days"][0]["taken"], facts["blocks"].as_array().map(Vec::len)), ("CAPACITY_COMMITTED", &json!(2), Some(1)));
        done(&desk.gd, "closurePlan", &closure("2026-12-03"), "dryRun").await;
        for refused in [
            wanted("2026-12-03", "2026-12-08", None),
            Wanted { units: None, ..wanted("2026-12-01", "2026-12-01", Some(("2026-12-03T02:00:00Z", "2026-12-03T03:00:00Z"))) },
        ] {
            let code = take(refused).await.expect_err("closed").code();
            assert!(["NO_CAPACITY", "BLOCK_CLOSED"].contains(&code), "{code}");
        }
        take(wanted("2026-12-03", "2026-12-09", None)).await.expect("on the day behind it");
    }
}
