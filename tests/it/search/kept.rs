//! The index on disk: opened again it goes on where it stood, and lost, broken or foreign it is built anew.

use std::{path::Path, time::Duration};

use labpact::{
    demo::{self, Size},
    search::{
        follow::{self, Settings, Shown},
        index::Place,
    },
};
use tokio::sync::oneshot;

use crate::{api::Desk, both, support::world::World};

/// A follower with an index in a folder.
struct Kept {
    shown: Shown,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Kept {
    fn follow(w: &World, folder: &Path) -> Self {
        let shown = Shown::default();
        let place = Place::Folder(folder.to_owned());
        let settings = Settings { place, threads: 1, poll: Duration::from_millis(20) };
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(follow::run(w.db.clone(), shown.clone(), settings, ended));
        Self { shown, stop, task }
    }

    /// How many revisions of lines are in it, once it has read everything; and whether it was ever seen being built.
    async fn caught_up(&self, w: &World) -> (u64, bool) {
        w.advance_feed().await;
        let last = labpact::platform::lag::Lag::read(&w.db).await.expect("read").last;
        let (mut moved, mut was_built) = (self.shown.moved(), false);
        let reached = moved.wait_for(|standing| {
            was_built |= standing.built.is_some();
            standing.seq.is_some_and(|seq| seq >= last)
        });
        reached.await.expect("the follower runs");
        (self.shown.snapshot().expect("an index").len(), was_built)
    }

    async fn end(self) {
        let _ = self.stop.send(());
        self.task.await.expect("the follower ends");
    }
}

both! {
    async fn it_goes_on_where_it_stood(w: World) {
        let folder = tempfile::tempdir().expect("a folder");
        let size = Size { labs: 20, scope_lines: 400, seed: 1 };
        demo::fill(&w.db, size, w.clock.today(), &mut |_| {}).await.expect("filled");
        let kept = Kept::follow(w, folder.path());
        let (lines, was_built) = kept.caught_up(w).await;
        assert!(lines >= 400 && was_built);
        kept.end().await;
        // What happens while nobody follows is found at the next start, and nothing is built anew.
        Desk::new(w).await;
        let kept = Kept::follow(w, folder.path());
        assert_eq!(kept.caught_up(w).await, (lines + 1, false));
        kept.end().await;
        // Lost.
        std::fs::remove_dir_all(folder.path()).expect("removed");
        let kept = Kept::follow(w, folder.path());
        assert_eq!(kept.caught_up(w).await, (lines + 1, true));
        kept.end().await;
        // Broken.
        for entry in std::fs::read_dir(folder.path()).expect("read").flatten() {
            std::fs::write(entry.path().join("lines").join("meta.json"), "{").expect("written");
        }
        let kept = Kept::follow(w, folder.path());
        assert_eq!(kept.caught_up(w).await, (lines + 1, true));
        kept.end().await;
        assert_eq!(std::fs::read_dir(folder.path()).expect("read").count(), 1, "earlier builds are removed");
    }

    async fn it_is_built_anew_on_demand(w: World) {
        let folder = tempfile::tempdir().expect("a folder");
        Desk::new(w).await;
        let place = Place::Folder(folder.path().to_owned());
        let settings = Settings { place, threads: 1, poll: Duration::from_millis(20) };
        let kept = Kept::follow(w, folder.path());
        kept.caught_up(w).await;
        let refused = follow::anew(&w.db, &Shown::default(), &settings).await.expect_err("a node writes it");
        assert_eq!(refused.code(), "INDEX_IN_USE");
        kept.end().await;
        assert_eq!(follow::anew(&w.db, &Shown::default(), &settings).await.expect("built"), 1);
        let kept = Kept::follow(w, folder.path());
        assert_eq!(kept.caught_up(w).await, (1, false));
        kept.end().await;
    }
}
