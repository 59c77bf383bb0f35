//! Dates that come near are told once, by whichever node, to their owner.

use chrono::{NaiveDate, TimeDelta};
use entity::outbox;
use labpact::directory::reminder::{
    model::{Before, Settings},
    service,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::{
    api::{Desk, calibration, certificate, equipment},
    both,
    request::lasting,
    support::world::World,
};

fn settings() -> Settings {
    Settings { calibration: Before::new(&[30, 7, 0]), certificate: Before::new(&[7, 90, 30, 0, 0]) }
}

async fn remind(w: &World) -> u64 {
    let told = service::run(&w.db, &settings()).await.expect("told");
    assert_eq!(service::run(&w.db, &settings()).await.expect("told"), 0, "twice is as good as once");
    told
}

/// `SUBJECT DAYS` of the events of a name, in order.
async fn told(w: &World, name: &str) -> Vec<String> {
    let select = outbox::Entity::find().filter(outbox::Column::Name.eq(name)).order_by_asc(outbox::Column::Id);
    let rows = w.db.all(select).await.expect("read");
    assert!(rows.iter().all(|row| row.agency.as_str() == "GD" && row.visibility == entity::enums::Visibility::Own));
    rows.iter().map(|row| format!("{} {}", row.subject, row.data["daysLeft"])).collect()
}

both! {
    async fn a_calibration_is_told_on_each_of_its_days(w: World) {
        let desk = Desk::new(w).await;
        let items = [desk.item("E1").await, desk.item("E2").await, desk.item("E3").await];
        // Today is 2026-11-23.
        calibration(&desk.gd, &items[0], "2026-01-05", "2026-12-23").await;
        calibration(&desk.gd, &items[1], "2026-01-05", "2026-12-24").await;
        calibration(&desk.gd, &items[2], "2025-01-05", "2026-11-25").await;
        assert_eq!(remind(w).await, 2);
        assert_eq!(told(w, "calibration.due.v1").await, [format!("{} 30", items[0]), format!("{} 2", items[2])]);
        // What was calibrated anew is due later.
        let gd = lasting(w, "GD", "editor");
        calibration(&gd, &items[2], "2026-11-23", "2027-11-22").await;
        w.clock.advance(TimeDelta::days(23));
        assert_eq!(remind(w).await, 2, "the first item again, the second for the first time");
        w.clock.advance(TimeDelta::days(7));
        assert_eq!(remind(w).await, 2, "the first is due today, the second tomorrow");
    }

    async fn what_is_out_of_service_or_long_over_is_not_told(w: World) {
        let desk = Desk::new(w).await;
        let broken = desk.item("E1").await;
        calibration(&desk.gd, &broken, "2026-01-05", "2026-11-30").await;
        let away = "mutation($id: ID!) { equipmentChangeStatus(id: $id, status: OUT_OF_SERVICE, reason: \"x\") { equipment { id } } }";
        desk.gd.data(away, json!({ "id": broken })).await;
        for (code, due) in [("E2", "2026-11-15"), ("E3", "2026-11-16")] {
            let item = equipment(&desk.gd, &desk.lab, json!({ "assetCode": code })).await;
            calibration(&desk.gd, &item, "2025-01-05", due).await;
        }
        assert_eq!(remind(w).await, 1, "over for a week and no more");
        let silent = Settings { calibration: Before::default(), ..settings() };
        assert_eq!(service::run(&w.db, &silent).await.expect("told"), 0);
    }

    async fn a_certificate_is_told_until_it_is_renewed(w: World) {
        let desk = Desk::new(w).await;
        let ends = |number: &str, to: &str| json!({ "number": number, "validTo": to });
        let near = certificate(&desk.gd, &desk.institution, &[&desk.lab], ends("202019000002", "2027-02-21")).await;
        certificate(&desk.gd, &desk.institution, &[&desk.lab], ends("202019000003", "2027-02-22")).await;
        assert_eq!(remind(w).await, 1);
        assert_eq!(told(w, "certificate.expiring.v1").await, [format!("{near} 90")]);
        let renew = "mutation($id: ID!) { certificateEdit(id: $id, input: { validTo: \"2033-02-21\" }) { certificate { id } } }";
        desk.gd.data(renew, json!({ "id": near })).await;
        w.clock.advance(TimeDelta::days(85));
        assert_eq!(remind(w).await, 1, "the other one, of which nobody heard yet: its nearest days alone");
    }

    async fn two_nodes_tell_it_once(w: World) {
        let desk = Desk::new(w).await;
        for at in 0..20 {
            let item = desk.item(&format!("E{at:02}")).await;
            calibration(&desk.gd, &item, "2026-01-05", "2026-12-01").await;
        }
        let settings = settings();
        let (one, two) = tokio::join!(service::run(&w.db, &settings), service::run(&w.db, &settings));
        assert_eq!(one.expect("told") + two.expect("told"), 20);
        assert_eq!(told(w, "calibration.due.v1").await.len(), 20);
    }
}

#[test]
fn the_nearest_number_of_days_comes_first() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    let reach = Before::new(&[30, 0, 7, 7]).reach(today);
    assert_eq!(reach.iter().map(|(days, _)| *days).collect::<Vec<_>>(), [0, 7, 30]);
    assert_eq!(reach[2].1.to_string(), "2026-12-23");
}
