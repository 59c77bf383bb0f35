//! Commands sent twice.

use entity::institution;
use labpact::platform::db::Key;
use sea_orm::EntityTrait;

use super::{act, institution as row};
use crate::both;

both! {
    async fn the_first_answer_is_the_answer(w: World) {
        let key = Key::new("k-1", b"body").expect("a key");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let id = w.db.write_once(&act(), Some(&key), async |tx| { let new = row(tx, "A1"); Ok(tx.insert(new).await?.id) }).await;
            ids.push(id.expect("answered"));
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 1);
    }

    async fn a_key_stands_for_one_body(w: World) {
        let first = Key::new("k-1", b"body").expect("a key");
        let other = Key::new("k-1", b"another").expect("a key");
        w.db.write_once(&act(), Some(&first), async |tx| { let new = row(tx, "A1"); Ok(tx.insert(new).await?.id) }).await.expect("answered");
        let refused = w.db.write_once(&act(), Some(&other), async |tx| { let new = row(tx, "A2"); Ok(tx.insert(new).await?.id) }).await;
        assert_eq!(refused.expect_err("refused").code(), "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 1);
    }

    async fn a_refused_command_leaves_its_key_free(w: World) {
        let key = Key::new("k-1", b"body").expect("a key");
        w.db.write(&act(), async |tx| { let new = row(tx, "A1"); tx.insert(new).await }).await.expect("inserted");
        let clash = w.db.write_once(&act(), Some(&key), async |tx| { let new = row(tx, "A1"); Ok(tx.insert(new).await?.id) }).await;
        assert_eq!(clash.expect_err("refused").code(), "INSTITUTION_CODE_TAKEN");
        w.db.write_once(&act(), Some(&key), async |tx| { let new = row(tx, "A2"); Ok(tx.insert(new).await?.id) }).await.expect("free");
    }

    async fn two_deliveries_at_once_are_one_act(w: World) {
        let key = Key::new("k-1", b"body").expect("a key");
        let deliveries = (0..8).map(|_| {
            let (db, key) = (w.db.clone(), key.clone());
            async move {
                db.write_once(&act(), Some(&key), async |tx| { let new = row(tx, "A1"); Ok(tx.insert(new).await?.id) }).await
            }
        });
        let answers = futures_util::future::join_all(deliveries).await;
        let ids: std::collections::HashSet<_> = answers.into_iter().map(|answer| answer.expect("answered")).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 1);
    }
}
