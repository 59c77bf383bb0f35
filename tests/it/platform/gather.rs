//! Writing that waits: fewer statements, and nothing that a reader or the log could tell from writing at once.

use entity::{change, enums::ChangeOp, institution};
use labpact::platform::{
    db::Tx,
    fault::{Fault, Outcome},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{act, institution as row};
use crate::both;

/// Enters so many institutions and reads them back.
async fn entered(w: &crate::support::world::World, count: usize) -> Vec<institution::Model> {
    w.db.write(&act(), async |tx| {
        for at in 0..count {
            let new = row(tx, &format!("A{at:03}"));
            tx.append(new).await?;
        }
        Ok(())
    })
    .await
    .expect("entered");
    w.db.all(institution::Entity::find().order_by_asc(institution::Column::Code)).await.expect("read")
}

fn named(row: &institution::Model, name: &str) -> institution::Model {
    institution::Model { name_zh: name.to_owned(), ..row.clone() }
}

async fn stored(w: &crate::support::world::World, code: &str) -> institution::Model {
    let select = institution::Entity::find().filter(institution::Column::Code.eq(code));
    w.db.one(select).await.expect("read").expect("there")
}

both! {
    async fn edits_that_wait_are_written_and_logged_as_any_other(w: World) {
        let rows = entered(w, 600).await;
        assert_eq!(rows.len(), 600, "more than are written at once");
        w.db.write(&act(), async |tx| {
            for row in &rows {
                let name = if row.code == "A007" { "另一个" } else { "新名" };
                tx.update_together(row.clone(), named(row, name)).await?;
            }
            Ok(())
        }).await.expect("edited");
        let after = w.db.all(institution::Entity::find()).await.expect("read");
        assert!(after.iter().all(|row| row.version == 2));
        assert_eq!(after.iter().filter(|row| row.name_zh == "新名").count(), 599);
        assert_eq!(stored(w, "A007").await.name_zh, "另一个");
        let log = w.db.all(change::Entity::find().order_by_asc(change::Column::Id)).await.expect("read");
        let edits: Vec<_> = log.iter().filter(|row| row.op == ChangeOp::Update && row.entity == "institution").collect();
        assert_eq!(edits.len(), 600);
        assert_eq!(edits[0].before, Some(json!({ "name_zh": "机构 A000" })));
        assert_eq!(edits[0].after, Some(json!({ "name_zh": "新名" })));
    }

    async fn a_row_that_is_edited_twice_is_at_its_last(w: World) {
        let rows = entered(w, 1).await;
        w.db.write(&act(), async |tx| {
            let first = named(&rows[0], "一");
            let second = tx.update_together(rows[0].clone(), first).await?;
            let third = named(&second, "二");
            let last = tx.update_together(second, third).await?;
            assert_eq!(last.version, 3);
            Ok(())
        }).await.expect("edited");
        let row = stored(w, "A000").await;
        assert_eq!((row.version, row.name_zh.as_str()), (3, "二"));
    }

    async fn whoever_reads_in_the_same_transaction_sees_what_waits(w: World) {
        let rows = entered(w, 2).await;
        w.db.write(&act(), async |tx| {
            tx.update_together(rows[0].clone(), named(&rows[0], "新名")).await?;
            let new = row(tx, "B1");
            tx.append(new).await?;
            let seen = tx.all(institution::Entity::find()).await?;
            assert_eq!((seen.len(), seen.iter().filter(|row| row.name_zh == "新名").count()), (3, 1));
            tx.update_together(rows[1].clone(), named(&rows[1], "旧名")).await?;
            let again = tx.update(rows[0].clone(), named(&rows[0], "三")).await.expect_err("that version is past");
            assert_eq!(again.code(), "STALE_VERSION");
            let told: Vec<Named> = tx.sql("SELECT name_zh AS name FROM institution ORDER BY code", Vec::new()).await?;
            assert_eq!(told[1].name, "旧名");
            Ok(())
        }).await.expect("written");
    }

    async fn a_stale_edit_undoes_all_of_its_transaction(w: World) {
        let rows = entered(w, 2).await;
        w.db.write(&act(), async |tx| tx.update(rows[1].clone(), named(&rows[1], "先")).await).await.expect("edited");
        let refused = w.db.write(&act(), async |tx| {
            for row in &rows {
                tx.update_together(row.clone(), named(row, "后")).await?;
            }
            Ok(())
        }).await.expect_err("one of them was edited");
        assert_eq!(refused.code(), "STALE_VERSION");
        assert_eq!((stored(w, "A000").await.name_zh, stored(w, "A001").await.name_zh), ("机构 A000".to_owned(), "先".to_owned()));
        let permit = act();
        let rehearsed = w.db.rehearse(&permit, async |tx| {
            tx.update_together(rows[1].clone(), named(&rows[1], "后")).await
        }).await;
        assert_eq!(rehearsed.expect_err("a rehearsal finds it too").code(), "STALE_VERSION");
    }

    async fn what_waits_goes_with_an_attempt_that_fails(w: World) {
        let rows = entered(w, 2).await;
        w.db.write(&act(), async |tx| {
            tx.update_together(rows[0].clone(), named(&rows[0], "留下")).await?;
            let (before, after) = (rows[1].clone(), named(&rows[1], "不留"));
            let failed: Outcome<()> = tx.attempt(async |tx: &mut Tx| {
                tx.update_together(before, after).await?;
                Err(Fault::rule("NO", "No.", json!({})))
            }).await;
            assert_eq!(failed.expect_err("refused").code(), "NO");
            Ok(())
        }).await.expect("the rest is written");
        assert_eq!((stored(w, "A000").await.name_zh, stored(w, "A001").await.name_zh), ("留下".to_owned(), "机构 A001".to_owned()));
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Named {
    name: String,
}
