//! Where subscribers hear of what the follower reads: each through a queue of its own, that holds what it asked for and
//! no more than a bounded number of it.
//!
//! What nobody asked for wakes nobody: the follower asks each subscriber's filter, and only what passes is put into its
//! queue. Whoever does not empty its queue in time is struck off; what stands in it is still delivered, then it is told.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::model::News;

/// Longest queue, whatever the configuration says.
const MOST: usize = 1 << 20;

/// Where subscribers hear of events as they get their places. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    ears: Arc<Ears>,
    buffer: usize,
    kept: TimeDelta,
    kinds: &'static [&'static str],
}

struct Ears {
    listening: Mutex<Listening>,
    /// Number of the entry up to which the feed was read; negative before the first look.
    read: AtomicI64,
}

#[derive(Default)]
struct Listening {
    next: u64,
    all: BTreeMap<u64, Ear>,
}

/// One subscriber, as the follower sees it.
struct Ear {
    takes: Box<dyn Fn(&News) -> bool + Send>,
    queue: mpsc::Sender<News>,
}

/// One subscriber's end. Dropping it ends the listening.
pub struct Listener {
    id: u64,
    ears: Weak<Ears>,
    queue: mpsc::Receiver<News>,
}

/// Said to a subscriber that did not empty its queue in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged;

impl Hub {
    /// A hub whose subscribers may fall behind by so many events.
    pub fn new(buffer: usize) -> Self {
        let ears = Ears { listening: Mutex::default(), read: AtomicI64::new(-1) };
        Self { ears: Arc::new(ears), buffer: buffer.clamp(1, MOST), kept: TimeDelta::days(30), kinds: &[] }
    }

    /// The same, from which old positions are resumed for so many days.
    #[must_use]
    pub fn keeping(self, days: u32) -> Self {
        Self { kept: TimeDelta::days(days.into()), ..self }
    }

    /// The same, where subscribers hear of changes of rows of these kinds besides events.
    #[must_use]
    pub fn watching(self, kinds: &'static [&'static str]) -> Self {
        Self { kinds, ..self }
    }

    /// Number of the entry up to which this node has read the feed; `None` before its first look.
    pub fn read_up_to(&self) -> Option<i64> {
        Some(self.ears.read.load(Ordering::Relaxed)).filter(|seq| *seq >= 0)
    }

    /// Hears of what the follower reads from now on, as far as `takes` it.
    pub fn listen(&self, takes: impl Fn(&News) -> bool + Send + 'static) -> Listener {
        let (queue, heard) = mpsc::channel(self.buffer);
        let mut listening = self.ears.listening();
        listening.next += 1;
        let id = listening.next;
        listening.all.insert(id, Ear { takes: Box::new(takes), queue });
        Listener { id, ears: Arc::downgrade(&self.ears), queue: heard }
    }

    /// How many listen, and how much waits in their queues.
    pub fn waiting(&self) -> (usize, usize) {
        let listening = self.ears.listening();
        let waits = |ear: &Ear| ear.queue.max_capacity() - ear.queue.capacity();
        (listening.all.len(), listening.all.values().map(waits).sum())
    }

    /// For how long old positions can be resumed.
    pub(super) fn kept(&self) -> TimeDelta {
        self.kept
    }

    /// The kinds of rows whose changes are told.
    pub(super) fn kinds(&self) -> &'static [&'static str] {
        self.kinds
    }

    /// Tells whoever wants to hear it. Who has no room for it hears nothing any more.
    pub(super) fn tell(&self, news: &News) {
        let mut listening = self.ears.listening();
        listening.all.retain(|_, ear| !(ear.takes)(news) || ear.queue.try_send(news.clone()).is_ok());
    }

    /// Notes how far the feed was read.
    pub(super) fn has_read(&self, seq: i64) {
        self.ears.read.store(seq, Ordering::Relaxed);
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new(1_024)
    }
}

impl Listener {
    /// What was told next; waits while there is nothing.
    ///
    /// # Errors
    /// [`Lagged`], once and for all, where something was not put into the queue because it was full.
    pub async fn hear(&mut self) -> Result<News, Lagged> {
        self.queue.recv().await.ok_or(Lagged)
    }

    /// Takes everything that was told already, and throws it away.
    ///
    /// # Errors
    /// As [`Listener::hear`].
    pub fn forget(&mut self) -> Result<(), Lagged> {
        loop {
            match self.queue.try_recv() {
                Ok(_) => {}
                Err(mpsc::error::TryRecvError::Empty) => return Ok(()),
                Err(mpsc::error::TryRecvError::Disconnected) => return Err(Lagged),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(ears) = self.ears.upgrade() {
            ears.listening().all.remove(&self.id);
        }
    }
}

impl Ears {
    fn listening(&self) -> MutexGuard<'_, Listening> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Ears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ears({})", self.listening().all.len())
    }
}
