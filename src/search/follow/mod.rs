//! The follower: keeps the index of this node up to date with the feed, and builds it where there is none.

mod apply;
mod build;
mod dirty;
mod folder;
mod free;
mod lines;
mod rows;

use std::{pin::Pin, sync::Arc, time::Duration};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use uuid::Uuid;

pub use self::free::Free;
use self::{apply::Batch, dirty::Dirty, free::Touched};
use super::index::{Index, Mark, Place, Snapshot, Writer};
use crate::platform::{
    db::Db,
    fault::{Fault, Outcome},
};

/// How long to wait after a failure, at first and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));
/// Lines that are read at once by their ids.
const LINES: usize = 1_000;

/// How far the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Number of the last entry of the feed that it has read; `None` while it is being built.
    pub seq: Option<i64>,
    /// Revisions of lines that have been read, while it is being built.
    pub built: Option<u64>,
}

/// Where questions find the index. Cheap to clone.
#[derive(Clone, Default)]
pub struct Shown(Arc<Inner>);

#[derive(Default)]
struct Inner {
    snapshot: ArcSwapOption<Snapshot>,
    free: ArcSwap<Free>,
    opening: watch::Sender<Opening>,
    standing: watch::Sender<Standing>,
}

/// Whether there is a snapshot, or somebody who will bring one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Opening {
    #[default]
    Unasked,
    Begun,
    Done,
}

impl Shown {
    /// The state of the index that questions see; `None` before the first.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.snapshot.load_full()
    }

    /// The same, waited for at most so long where a follower is opening it.
    pub async fn opened(&self, at_most: Duration) -> Option<Arc<Snapshot>> {
        let mut opening = self.0.opening.subscribe();
        let _ = tokio::time::timeout(at_most, opening.wait_for(|opening| *opening != Opening::Begun)).await;
        self.snapshot()
    }

    /// What is free of what is offered, as far as it was read.
    pub fn free(&self) -> Arc<Free> {
        self.0.free.load_full()
    }

    /// How far the index is.
    pub fn standing(&self) -> Standing {
        *self.0.standing.borrow()
    }

    /// Tells whenever the index has moved on.
    pub fn moved(&self) -> watch::Receiver<Standing> {
        self.0.standing.subscribe()
    }

    /// Tells that a follower is about to open the index, so that questions wait for it.
    pub fn begin(&self) {
        if self.0.snapshot.load().is_none() {
            self.0.opening.send_replace(Opening::Begun);
        }
    }

    fn show(&self, snapshot: Snapshot) {
        snapshot.set_free(self.free());
        self.0.snapshot.store(Some(Arc::new(snapshot)));
        self.0.opening.send_replace(Opening::Done);
    }

    fn show_free(&self, free: Free) {
        let free = Arc::new(free);
        self.0.free.store(Arc::clone(&free));
        if let Some(snapshot) = self.snapshot() {
            snapshot.set_free(free);
        }
    }

    fn stand(&self, standing: Standing) {
        self.0.standing.send_replace(standing);
    }
}

/// What the follower needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the index is kept.
    pub place: Place,
    /// Threads that write it.
    pub threads: usize,
    /// How often the feed is read for what other nodes have appended.
    pub poll: Duration,
}

/// The shortest time between two looks, however much is appended.
const GAP: Duration = Duration::from_millis(50);

/// Follows the feed until `stop` resolves: whenever this node has appended to it, and at least once in a while for what
/// other nodes have appended.
pub async fn run(db: Db, shown: Shown, settings: Settings, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    shown.begin();
    let mut numbered = db.numbered(GAP);
    let mut idle = interval(settings.poll.max(Duration::from_millis(1)));
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut following: Option<Following> = None;
    let mut patience = Duration::ZERO;
    loop {
        let work = async {
            let taken = free::refresh(&db, &shown, Touched::default());
            let mut one = match following.take() {
                Some(one) => taken.await.map(|()| one)?,
                None => {
                    // Side by side: an instance that starts is to answer soon.
                    let (taken, one) = tokio::join!(taken, build::open(&db, &shown, &settings));
                    taken.and(one)?
                }
            };
            one = one.catch_up(&db, &shown).await?;
            following = Some(one);
            Ok::<_, Fault>(())
        };
        tokio::select! {
            () = &mut stop => return,
            done = work => {
                patience = match done {
                    Ok(()) => Duration::ZERO,
                    Err(fault) => {
                        tracing::warn!(error = %fault, cause = ?std::error::Error::source(&fault), "the index could not be brought up to date; it will be tried again");
                        (patience * 2).clamp(PATIENCE.0, PATIENCE.1)
                    }
                };
            }
        }
        // What failed may have to begin anew: then it waits longer each time, whatever is committed meanwhile.
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(patience), if !patience.is_zero() => {}
            () = numbered.grown(), if patience.is_zero() => {}
            _ = idle.tick(), if patience.is_zero() => {}
            () = united(following.as_mut()), if patience.is_zero() => {
                if let Some(one) = following.take() {
                    following = Following { uniting: None, ..one }.shown(&shown).await.ok();
                }
            }
        }
    }
}

/// Builds the index anew, whatever is there, and tells how many revisions of lines are in it.
///
/// # Errors
/// `INDEX_IN_USE` while a node keeps it up to date; those of the database.
pub async fn anew(db: &Db, shown: &Shown, settings: &Settings) -> Outcome<u64> {
    if let Place::Folder(folder) = &settings.place
        && folder::last(folder).is_some_and(|index| index.is_written())
    {
        let message = "A node keeps this index up to date; stop it first, or leave the index to it.";
        return Err(Fault::rule("INDEX_IN_USE", message, serde_json::json!({})));
    }
    let mut built = build::build(db, shown, settings).await?;
    if let Some(uniting) = built.uniting.take() {
        uniting.await?;
    }
    Ok(shown.snapshot().map_or(0, |snapshot| snapshot.len()))
}

/// A writer and how far it has come.
struct Following {
    writer: Writer,
    mark: Mark,
    /// Ends when all parts have become one.
    uniting: Option<Uniting>,
}

type Uniting = Pin<Box<dyn Future<Output = Outcome<()>> + Send>>;

/// Resolves once the parts have become one, so that questions go through that one; never where they are not about to.
async fn united(following: Option<&mut Following>) {
    let Some(uniting) = following.and_then(|one| one.uniting.as_mut()) else { return std::future::pending().await };
    if let Err(fault) = uniting.await {
        tracing::warn!(error = %fault, "the parts of the index could not be made one; they are left as they are");
    }
}

impl Following {
    /// Reads on to the end of the feed.
    async fn catch_up(mut self, db: &Db, shown: &Shown) -> Outcome<Self> {
        loop {
            let told = dirty::after(db, self.mark.seq).await?;
            let Some((seq, hash)) = told.last else {
                shown.stand(Standing { seq: Some(self.mark.seq), built: None });
                return Ok(self);
            };
            (self.mark.seq, self.mark.hash) = (seq, hash);
            free::refresh(db, shown, told.free).await?;
            if told.dirty.is_empty() {
                continue;
            }
            for batch in batches(told.dirty) {
                let batch = read(db, batch).await?;
                self = self.blocking(move |following| apply::apply(&mut following.writer, batch)).await?;
            }
            let told = shown.clone();
            self = self
                .blocking(move |following| {
                    told.show(following.writer.commit(following.mark.clone())?);
                    Ok(())
                })
                .await?;
        }
    }

    /// Work that takes a while, beside the threads that serve.
    async fn blocking(mut self, work: impl FnOnce(&mut Self) -> Outcome<()> + Send + 'static) -> Outcome<Self> {
        tokio::task::spawn_blocking(move || work(&mut self).map(|()| self)).await.map_err(Fault::internal)?
    }
}

impl Dirty {
    fn is_empty(&self) -> bool {
        let Self { lines, labs, certificates, equipment, signatories, standards, offerings } = self;
        [lines, labs, certificates, equipment, signatories, standards, offerings].iter().all(|ids| ids.is_empty())
    }
}

/// Ids of what is read at once.
enum Wanted {
    Lines(Vec<Uuid>),
    Labs(Vec<Uuid>),
    Certificates(Vec<Uuid>),
    Equipment(Vec<Uuid>),
    Signatories(Vec<Uuid>),
    Standards(Vec<Uuid>),
    Offerings(Vec<Uuid>),
}

fn batches(dirty: Dirty) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let mut add = |ids: std::collections::BTreeSet<Uuid>, as_wanted: fn(Vec<Uuid>) -> Wanted| {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        wanted.extend(ids.chunks(LINES).map(|some| as_wanted(some.to_vec())));
    };
    add(dirty.standards, Wanted::Standards);
    add(dirty.labs, Wanted::Labs);
    add(dirty.certificates, Wanted::Certificates);
    add(dirty.equipment, Wanted::Equipment);
    add(dirty.signatories, Wanted::Signatories);
    add(dirty.offerings, Wanted::Offerings);
    add(dirty.lines, Wanted::Lines);
    wanted
}

async fn read(db: &Db, wanted: Wanted) -> Outcome<Batch> {
    let empty = Batch::default();
    Ok(match wanted {
        Wanted::Lines(ids) => Batch {
            revisions: lines::revisions(db, &ids).await?,
            equipment_links: lines::equipment_links(db, &ids).await?,
            signatory_links: lines::signatory_links(db, &ids).await?,
            replaced: ids,
            ..empty
        },
        Wanted::Labs(ids) => Batch { labs: rows::labs(db, &ids).await?, ..empty },
        Wanted::Certificates(ids) => Batch { certificates: rows::certificates(db, &ids).await?, ..empty },
        Wanted::Equipment(ids) => Batch { equipment: rows::equipment(db, &ids).await?, ..empty },
        Wanted::Signatories(ids) => Batch { signatories: rows::signatories(db, &ids).await?, ..empty },
        Wanted::Offerings(ids) => Batch { offerings: rows::offerings(db, &ids).await?, ..empty },
        Wanted::Standards(ids) => Batch { standards: rows::standards(db, &ids).await?, ..empty },
    })
}

impl Following {
    /// Makes all parts into one beside everything else; questions go through each of them until then.
    fn unite(mut self) -> Outcome<Self> {
        self.uniting = self.writer.unite()?.map(|united| -> Uniting { Box::pin(united) });
        Ok(self)
    }
}

/// An open index with its register, ready to be written.
async fn writer(index: Arc<Index>, threads: usize) -> Outcome<Writer> {
    tokio::task::spawn_blocking(move || {
        let (register, numbers) = index.load()?;
        Writer::new(index, register, Arc::new(numbers), threads)
    })
    .await
    .map_err(Fault::internal)?
}
