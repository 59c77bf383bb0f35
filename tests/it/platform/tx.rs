//! Transactions: what is written is written down, and what fails leaves nothing.

use entity::{change, enums::ChangeOp, institution, uncounted};
use labpact::platform::fault::{Fault, Outcome};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::{act, institution as row};
use crate::both;

both! {
    async fn each_write_is_in_the_log_with_what_changed(w: World) {
        let made = w.db.write(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("inserted");
        let edited = institution::Model { name_zh: "新名".to_owned(), ..made.clone() };
        w.db.write(&act(), async |tx| tx.update(made, edited).await).await.expect("updated");

        let log = w.db.all(change::Entity::find().order_by_asc(change::Column::Id)).await.expect("read");
        let log: Vec<_> = log.into_iter().filter(|row| row.entity == "institution").collect();
        assert_eq!([ChangeOp::Insert, ChangeOp::Update].as_slice(), log.iter().map(|row| row.op).collect::<Vec<_>>());
        assert_eq!(log[1].before, Some(json!({ "name_zh": "机构 A1" })));
        assert_eq!(log[1].after, Some(json!({ "name_zh": "新名" })));
        assert_eq!((log[1].subject.as_str(), log[1].action.as_str(), log[1].request_id.as_str()), ("test", "test.act", "request-1"));
        let stored = w.db.one(institution::Entity::find()).await.expect("read").expect("there");
        assert_eq!(stored.version, 2);
    }

    async fn a_failed_act_leaves_nothing(w: World) {
        let before = w.db.all(change::Entity::find()).await.expect("read").len();
        let outcome: Outcome<()> = w.db.write(&act(), async |tx| {
            let new = row(tx, "A1");
            tx.insert(new).await?;
            Err(Fault::rule("NO", "No.", json!({})))
        }).await;
        assert_eq!(outcome.expect_err("refused").code(), "NO");
        assert!(w.db.all(institution::Entity::find()).await.expect("read").is_empty());
        assert_eq!(w.db.all(change::Entity::find()).await.expect("read").len(), before);
    }

    async fn a_rehearsal_answers_and_leaves_nothing(w: World) {
        let made = w.db.rehearse(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("answered");
        assert_eq!(made.code, "A1");
        assert!(w.db.all(institution::Entity::find()).await.expect("read").is_empty());
    }

    async fn a_stale_edit_is_refused(w: World) {
        let made = w.db.write(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("inserted");
        let (first, second) = (made.clone(), made.clone());
        let edit = |name: &str| institution::Model { name_zh: name.to_owned(), ..made.clone() };
        let (one, other) = (edit("一"), edit("二"));
        w.db.write(&act(), async |tx| tx.update(first, one).await).await.expect("the first edit");
        let refused = w.db.write(&act(), async |tx| tx.update(second, other).await).await.expect_err("the second edit");
        assert_eq!(refused.code(), "STALE_VERSION");
    }

    async fn a_removed_row_is_in_the_log_as_it_was(w: World) {
        let made = w.db.write(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("inserted");
        let (stale, next) = (made.clone(), institution::Model { name_zh: "新名".to_owned(), ..made.clone() });
        let last = w.db.write(&act(), async |tx| tx.update(made, next).await).await.expect("updated");
        let refused = w.db.write(&act(), async |tx| tx.remove(stale).await).await.expect_err("somebody has edited it");
        assert_eq!(refused.code(), "STALE_VERSION");
        let (id, twice) = (last.id, last.clone());
        w.db.write(&act(), async |tx| tx.remove(last).await).await.expect("removed");
        assert!(w.db.one(institution::Entity::find()).await.expect("read").is_none());
        let refused = w.db.write(&act(), async |tx| tx.remove(twice).await).await.expect_err("it is not there");
        assert_eq!(refused.code(), "STALE_VERSION");
        let log = w.db.all(change::Entity::find().order_by_asc(change::Column::Id)).await.expect("read");
        let entry = log.iter().find(|row| row.op == ChangeOp::Delete).expect("an entry");
        let before = entry.before.as_ref().expect("all that was there");
        assert_eq!((&before["name_zh"], &before["version"]), (&json!("新名"), &json!(2)));
        assert_eq!((entry.entity_id.clone(), entry.after.clone()), (id.0.to_string(), None));
        assert_eq!(log.iter().filter(|row| row.op == ChangeOp::Delete).count(), 1);
    }

    async fn a_taken_key_is_named(w: World) {
        let twice: Outcome<()> = w.db.write(&act(), async |tx| {
            let (one, other) = (row(tx, "A1"), row(tx, "A1"));
            tx.insert(one).await?;
            tx.insert(other).await?;
            Ok(())
        }).await;
        assert_eq!(twice.expect_err("refused").code(), "INSTITUTION_CODE_TAKEN");
    }

    async fn a_missing_reference_is_a_conflict(w: World) {
        let outcome = w.db.write(&act(), async |tx| {
            let new = institution::Model { agency: "ZZ".into(), ..row(tx, "A1") };
            tx.insert(new).await
        }).await;
        assert_eq!(outcome.expect_err("refused").code(), "REFERENCE_MISSING");
    }

    async fn a_thousand_rows_are_one_entry_that_names_them(w: World) {
        w.db.write(&act(), async |tx| {
            let rows: Vec<_> = (0..1_000).map(|at| row(tx, &format!("A{at}"))).collect();
            tx.load(rows, "all").await
        }).await.expect("loaded");
        let log = w.db.all(change::Entity::find()).await.expect("read");
        let loads: Vec<_> = log.iter().filter(|row| row.op == ChangeOp::Load).collect();
        assert_eq!(loads.len(), 1);
        assert_eq!(loads[0].after.as_ref().expect("content")["keys"].as_array().expect("a list").len(), 1_000);
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 1_000);
    }

    async fn many_writers_lose_nothing(w: World) {
        let made = w.db.write(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("inserted");
        let edits = (0..20).map(|_| {
            let db = w.db.clone();
            let id = made.id;
            async move {
                db.write(&act(), async |tx| {
                    let permit = act();
                    let now = tx.lock::<institution::Model>(institution::Entity::find_by_id(id), id).await?.open(&permit)?;
                    let next = institution::Model { name_zh: format!("{}+", now.name_zh), ..now.clone() };
                    tx.update(now, next).await.map(|_| ())
                }).await
            }
        });
        for outcome in futures_util::future::join_all(edits).await {
            outcome.expect("each edit is made");
        }
        let stored = w.db.one(institution::Entity::find()).await.expect("read").expect("there");
        assert_eq!((stored.version, stored.name_zh.matches('+').count()), (21, 20));
        w.advance_feed().await;
        assert!(w.db.all(uncounted::Entity::find()).await.expect("read").is_empty());
    }
}

both! {
    async fn a_failed_attempt_undoes_itself_alone(w: World) {
        let before = w.db.all(change::Entity::find()).await.expect("read").len();
        w.db.write(&act(), async |tx| {
            let (one, twin, other) = (row(tx, "A1"), row(tx, "A1"), row(tx, "A2"));
            tx.attempt(async |tx| tx.insert(one).await).await?;
            let refused = tx.attempt(async |tx| tx.insert(twin).await).await.expect_err("taken");
            assert_eq!(refused.code(), "INSTITUTION_CODE_TAKEN");
            tx.attempt(async |tx| tx.insert(other).await).await
        }).await.expect("the rest is written");
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 2);
        assert_eq!(w.db.all(change::Entity::find()).await.expect("read").len() - before, 2);
    }
}
