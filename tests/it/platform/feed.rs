//! The feed: gapless, in order, chained, and complete whatever commits when.

use entity::{change, enums::FeedKind, feed, outbox};
use labpact::platform::{db::Event, feed as sequencer};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::{act, institution as row};
use crate::both;

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
            let content = match entry.kind {
                FeedKind::Change => serde_json::to_value(w.db.one(change::Entity::find_by_id(entry.ref_id)).await.expect("read")),
                FeedKind::Event => serde_json::to_value(w.db.one(outbox::Entity::find_by_id(entry.ref_id)).await.expect("read")),
            };
            let hash = sequencer::link(&before, entry.seq, &content.expect("serialised"));
            assert_eq!(hash, entry.hash, "entry {}", entry.seq);
            before = hash;
        }
    }
}
