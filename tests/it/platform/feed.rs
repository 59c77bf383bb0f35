//! The feed: gapless, in order, chained, and complete whatever commits when.

use entity::{change, enums::FeedKind, feed, outbox};
use labpact::platform::{
    db::{Dialect, Event},
    feed as sequencer,
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::{act, institution as row};
use crate::{
    audit::{broken, by_hand},
    both,
};

both! {
    async fn every_change_and_event_gets_the_next_number(w: World) {
        let commits = (0..24).map(|at| {
            let db = w.db.clone();
            async move {
                db.write(&act(), async |tx| {
                    let new = row(tx, &format!("A{at}"));
                    let made = tx.insert(new).await?;
                    tx.emit(Event {
                        name: "institution.changed.v1",
                        subject: made.id.to_string(),
                        agency: made.agency.clone(),
                        visibility: made.visibility,
                        data: json!({
                            "institutionId": made.id.to_string(), "code": made.code, "standing": made.standing, "reason": null,
                        }),
                    });
                    Ok(())
                }).await
            }
        });
        for outcome in futures_util::future::join_all(commits).await {
            outcome.expect("committed");
        }
        w.advance_feed().await;
        let entries = w.db.all(feed::Entity::find().order_by_asc(feed::Column::Seq)).await.expect("read");
        assert!(entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq), "consecutive from 1");
        let changes = w.db.count(change::Entity::find()).await.expect("counted");
        let events = w.db.count(outbox::Entity::find()).await.expect("counted");
        assert_eq!(entries.len() as u64, changes + events);
        assert_eq!(events, 24);

        // Each link holds over what the entry points to, read afresh.
        let mut before = vec![0; 32];
        for entry in entries {
            let (salt, content) = match entry.kind {
                FeedKind::Change => {
                    let row = w.db.one(change::Entity::find_by_id(entry.ref_id)).await.expect("read").expect("a change");
                    (row.salt.clone(), sequencer::content(&row))
                }
                FeedKind::Event => {
                    let row = w.db.one(outbox::Entity::find_by_id(entry.ref_id)).await.expect("read").expect("an event");
                    (row.salt.clone(), sequencer::content(&row))
                }
            };
            let digest = sequencer::digest(salt.as_deref(), &content.expect("serialised"));
            assert_eq!(Some(&digest), entry.digest.as_ref(), "entry {}", entry.seq);
            let hash = sequencer::link(&before, (entry.seq, entry.kind, entry.at), &digest);
            assert_eq!(hash, entry.hash, "entry {}", entry.seq);
            before = hash;
        }
    }

    async fn more_than_one_turn_waits_and_all_of_it_is_taken_in_order(w: World) {
        w.advance_feed().await;
        let before = w.db.count(feed::Entity::find()).await.expect("counted");
        // Transactions of a node that died before their turn; the fortieth is a bulk write.
        let (series, id) = match w.db.dialect() {
            Dialect::Postgres => ("generate_series(1, 600) AS s(n)", "(lpad('KIND', 8, '0') || lpad(to_hex(n), 24, '0'))::uuid"),
            Dialect::Sqlite => (
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 600) SELECT n FROM s)",
                "unhex(printf('%08d%024x', KIND, n))",
            ),
        };
        let (change, commit) = (id.replace("KIND", "71"), id.replace("KIND", "72"));
        let at = "'2026-11-20T02:00:00+00:00'";
        by_hand(w, &format!(
            "INSERT INTO change (id, commit_id, position, at, subject, action, request_id, entity, entity_id, op, after) \
             SELECT {change}, {commit}, 0, {at}, 'x', 'x', 'x', 'probe', 'p' || n, \
             CASE n WHEN 40 THEN 'LOAD' ELSE 'INSERT' END, '{{\"keys\":[]}}' FROM {series}"
        )).await;
        by_hand(w, &format!("INSERT INTO uncounted (commit_id, at) SELECT {commit}, {at} FROM {series}")).await;
        assert_eq!(broken(w).await, None, "numbered without a gap, and chained");
        let entries = w.db.all(feed::Entity::find().order_by_asc(feed::Column::Seq)).await.expect("read");
        let taken: Vec<_> = entries.iter().skip(usize::try_from(before).expect("few")).map(|entry| entry.ref_id).collect();
        assert_eq!(taken.len(), 600);
        assert!(taken.is_sorted(), "in the order of the transactions");
    }
}
