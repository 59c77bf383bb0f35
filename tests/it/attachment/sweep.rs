//! Clearing away.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::TimeDelta;
use entity::ids::AttachmentId;
use labpact::attachment::{
    service::{Purpose, bind},
    sweep::{Swept, run_once},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    bind::{id_of, within},
    folder, kept, look, pdf, place_of, prepared, put, stored,
};
use crate::{both, support::world::World};

/// Makes a file as old as the clock of a world says.
fn aged(w: &World, path: &Path, hours: i64) {
    let at: SystemTime = (w.clock.now() - TimeDelta::hours(hours)).into();
    fs::File::options().write(true).open(path).expect("a file").set_modified(at).expect("set");
}

/// Writes a file into the store behind its back.
fn left(w: &World, name: &str, hours: i64) -> PathBuf {
    let path = folder(w).join("files").join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(&path, b"%PDF-left behind").expect("written");
    aged(w, &path, hours);
    path
}

async fn swept(w: &World) -> Swept {
    run_once(&w.db, &w.app.attachments).await.expect("swept")
}

both! {
    async fn what_was_not_bound_in_time_goes_with_its_content(w: World) {
        let officer = w.client("GD", "officer");
        let bound = stored(w, &officer, &pdf(50)).await;
        within(w, "GD", async |tx| bind(tx, &[id_of(&bound)], "request:1", Purpose::Report, &[]).await).await.expect("bound");
        let old = stored(w, &officer, &pdf(60)).await;
        let never = prepared(&officer, &pdf(70), json!({})).await;
        w.clock.advance(TimeDelta::hours(100));
        let young = stored(w, &w.client("SD", "officer"), &pdf(80)).await;
        assert_eq!(swept(w).await, Swept::default());
        w.clock.advance(TimeDelta::hours(69));
        for path in kept(w) {
            aged(w, &path, 200);
        }
        assert_eq!(swept(w).await, Swept { rows: 2, ..Swept::default() });
        assert_eq!(swept(w).await, Swept::default());
        // The first token has ended long since.
        let officer = w.client("GD", "officer");
        for (id, is_there) in [(&bound, true), (&old, false), (&never.id, false)] {
            assert_eq!(look(&officer, id).await.is_null(), !is_there);
            assert_eq!(place_of(w, id).exists(), is_there);
        }
        assert!(place_of(w, &young).exists());
        w.advance_feed().await;
        let rows: Vec<_> = w.db.all(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        let gone = rows.iter().filter(|row| row.action == "attachment.sweep" && row.owner == Some("GD".into()));
        assert_eq!(gone.count(), 2, "the change log keeps what they were");
    }

    async fn two_at_once_take_each_row_once(w: World) {
        let officer = w.client("GD", "officer");
        for size in 0..30 {
            prepared(&officer, &pdf(50 + size), json!({})).await;
        }
        w.clock.advance(TimeDelta::hours(169));
        let each = (0..4).map(|_| swept(w));
        let rows: u64 = futures_util::future::join_all(each).await.iter().map(|swept| swept.rows).sum();
        assert_eq!(rows, 30);
        assert_eq!(swept(w).await, Swept::default());
    }

    async fn a_content_without_a_row_goes_after_a_day(w: World) {
        let officer = w.client("GD", "officer");
        let kept_one = stored(w, &officer, &pdf(50)).await;
        aged(w, &place_of(w, &kept_one), 48);
        let waiting = prepared(&officer, &pdf(60), json!({})).await;
        let bare = place_of(w, &waiting.id);
        // A node has died between the object and the row: whoever uploads again mends it.
        let interrupted = left(w, &bare.strip_prefix(folder(w).join("files")).expect("below").display().to_string(), 48);
        let orphan = AttachmentId(Uuid::from_u128(0x1234_5678)).to_string();
        let orphan = place_of(w, &orphan);
        let name = |path: &Path| path.strip_prefix(folder(w).join("files")).expect("below").display().to_string();
        left(w, &name(&orphan), 25);
        let young = place_of(w, &AttachmentId(Uuid::from_u128(0x1234_5679)).to_string());
        left(w, &name(&young), 23);
        let foreign = left(w, "78/notes.txt", 48);
        let draft = left(w, "78/00000000-0000-0000-0000-000012345678#1", 25);
        let coming = left(w, "78/00000000-0000-0000-0000-000012345678#2", 1);
        assert_eq!(swept(w).await, Swept { rows: 0, orphans: 1, drafts: 1 });
        assert_eq!(swept(w).await, Swept::default());
        for (path, is_there) in [(&orphan, false), (&draft, false), (&young, true), (&foreign, true), (&coming, true), (&interrupted, true)] {
            assert_eq!(path.exists(), is_there, "{}", path.display());
        }
        assert!(place_of(w, &kept_one).exists());
        assert_eq!(put(w, &waiting.url, pdf(60)).await.0, 200);
        assert_eq!(fs::read(&interrupted).expect("an object"), pdf(60));
    }

    async fn what_comes_while_its_row_goes_leaves_nothing(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(300_000);
        let file = prepared(&officer, &content, json!({})).await;
        let row = w.db.one(<entity::attachment::Entity as sea_orm::EntityTrait>::find()).await.expect("read").expect("a row");
        let by = labpact::attachment::service::Receiving {
            db: w.db.clone(), files: w.app.attachments.clone(), request_id: "late".into(),
        };
        w.clock.advance(TimeDelta::hours(169));
        assert_eq!(swept(w).await.rows, 1);
        let pieces = futures_util::stream::iter([Ok(bytes::Bytes::from(content))]);
        let late = labpact::attachment::service::receive(&by, row, pieces).await.expect_err("refused");
        assert_eq!(late.code(), "ADDRESS_INVALID");
        assert!(kept(w).is_empty() && look(&w.client("GD", "officer"), &file.id).await.is_null());
    }
}
