//! A copy from the beginning on, and through every kind of change.

use chrono::TimeDelta;
use serde_json::json;

use super::{Kept, ask};
use crate::{
    api::{Desk, annex, calibration, column, line, signatory, standard},
    both,
    capacity::{opened, testing},
    request::lasting,
};

both! {
    async fn it_begins_with_everything_and_keeps_up(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        signatory(&desk.gd, &desk.lab, json!({})).await;
        standard(&w.client("SD", "coordinator"), "GB 5009.12-2017", json!({ "status": "CURRENT" })).await;
        opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut copies = [1, 3, 200].map(|first| (first, Kept::default()));
        for (first, kept) in &mut copies {
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
            assert!(kept.told.iter().any(|(_, id)| id == "region:440100"), "divisions are in it");
        }
        let edit = "mutation($id: ID!) { labEdit(id: $id, input: { code: \"L9\" }) { lab { id } } }";
        desk.gd.data(edit, json!({ "id": desk.lab })).await;
        calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        let lines = (1..8).map(|at| line(&format!("9.{at}"), json!({ "parameter": format!("镉 {at}") }))).collect();
        annex(&desk.gd, &desk.certificate, &desk.lab, lines).await;
        w.advance_feed().await;
        for (first, kept) in &mut copies {
            let before = kept.told.len();
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
            let told = kept.told[before..].to_vec();
            assert!(told.iter().any(|(_, id)| *id == item), "a calibration tells of its item");
            assert!(!kept.step(&sd, *first).await, "there is no more");
            assert_eq!(kept.told.len(), before + told.len());
        }
    }

    async fn what_is_written_during_the_walk_is_not_missed(w: World) {
        let desk = Desk::new(w).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        for at in 0..60 {
            if !kept.step(&sd, 40).await {
                break;
            }
            if at < 20 {
                crate::api::lab(&desk.gd, &desk.institution, json!({ "code": format!("N{at}") })).await;
                w.advance_feed().await;
            }
        }
        kept.keep_up(&sd, 40).await;
        kept.is_true(&sd).await;
    }

    async fn dates_alone_change_it(w: World) {
        let desk = Desk::new(w).await;
        let (sd, gd) = (lasting(w, "SD", "officer"), lasting(w, "GD", "editor"));
        let lines = (0..5).map(|at| line(&format!("7.{at}"), json!({}))).collect();
        let (_, ids) = annex(&gd, &desk.certificate, &desk.lab, lines).await;
        let item = desk.item("E1").await;
        let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"x\", on: \"2026-11-26\") { id } }";
        for id in &ids[..3] {
            gd.data(withdraw, json!({ "id": id })).await;
        }
        let edit = "mutation($id: ID!) { equipmentEdit(id: $id, input: { nameZh: \"新\", effectiveFrom: \"2026-11-26\" }) {
            equipment { id } } }";
        gd.data(edit, json!({ "id": item })).await;
        let ahead = "mutation($id: ID!) { certificateSuspend(id: $id, reason: \"x\", on: \"2026-11-27\") { certificate { id } } }";
        gd.data(ahead, json!({ "id": desk.certificate })).await;
        w.advance_feed().await;
        let mut copies = [1, 2, 200].map(|first| (first, Kept::default()));
        for (first, kept) in &mut copies {
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
            assert!(ids[..3].iter().all(|id| kept.objects.contains_key(id)), "still in force");
        }
        for days in [3, 1] {
            w.clock.advance(TimeDelta::days(days));
            for (first, kept) in &mut copies {
                let before = kept.told.len();
                kept.keep_up(&sd, *first).await;
                kept.is_true(&sd).await;
                let told: Vec<&String> = kept.told[before..].iter().map(|(_, id)| id).collect();
                let turned = if days == 3 { &item } else { &desk.certificate };
                assert!(told.contains(&turned), "{told:?}");
                assert_eq!(kept.gone_since(before).len(), if days == 3 { 3 } else { 0 });
            }
        }
    }

    async fn one_statement_for_each_kind_of_a_page(w: World) {
        let desk = Desk::new(w).await;
        for at in 0..5 {
            let item = desk.item(&format!("E{at}")).await;
            calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        }
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let counted = async |since: Option<&str>, first: u32, kinds: &[&str]| {
            let before = w.db.statements();
            let page = ask(&sd, since, first, Some(kinds)).await.body["data"]["changes"].clone();
            (w.db.statements() - before, page)
        };
        let kinds = ["LAB", "EQUIPMENT", "COMPETENCE_SCOPE"];
        let (walked, page) = counted(None, 3, &kinds).await;
        assert_eq!(column(&page["changes"], "kind"), ["LAB", "EQUIPMENT", "EQUIPMENT"]);
        assert_eq!(walked, 3, "the end of the feed, labs, items");
        let since = crate::api::text(&page["position"]);
        let (walked, page) = counted(Some(&since), 200, &kinds).await;
        assert_eq!(page["changes"].as_array().map(Vec::len), Some(4));
        assert_eq!(walked, 3, "the position, items, lines");
        let since = crate::api::text(&page["position"]);
        let (ended, page) = counted(Some(&since), 200, &kinds).await;
        assert_eq!((ended, &page["changes"], &page["hasMore"]), (1, &json!([]), &json!(false)), "the feed");
        let since = crate::api::text(&page["position"]);
        for at in 0..5 {
            let item = desk.item(&format!("F{at}")).await;
            calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        }
        crate::api::lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        w.advance_feed().await;
        let (told, page) = counted(Some(&since), 200, &kinds).await;
        assert_eq!(page["changes"].as_array().map(Vec::len), Some(6));
        assert_eq!(told, 4, "the feed, what calibrations are of, items, labs");
        let since = crate::api::text(&page["position"]);
        assert_eq!(counted(Some(&since), 200, &kinds).await.0, 1, "nothing new is one look at the feed");
    }
}
