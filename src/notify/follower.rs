//! The one reader of the feed in this process, and the buffer from which its subscribers are served.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::broadcast,
    time::{MissedTickBehavior, interval},
};

use super::{
    model::{Placed, Position},
    store,
};
use crate::platform::{db::Db, fault::Outcome};

/// Where subscribers hear of events as they get their places. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub {
    told: Arc<broadcast::Sender<Placed>>,
    /// Number of the entry up to which the feed was read; negative before the first look.
    read: Arc<AtomicI64>,
}

impl Hub {
    /// A hub whose subscribers may fall behind by so many events.
    pub fn new(buffer: usize) -> Self {
        let told = Arc::new(broadcast::Sender::new(buffer.clamp(1, 1 << 20)));
        Self { told, read: Arc::new(AtomicI64::new(-1)) }
    }

    /// Number of the entry up to which this node has read the feed; `None` before its first look.
    pub fn read_up_to(&self) -> Option<i64> {
        Some(self.read.load(Ordering::Relaxed)).filter(|seq| *seq >= 0)
    }

    /// Hears of what the follower reads from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Placed> {
        self.told.subscribe()
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new(1_024)
    }
}

/// Follows the feed until `stop` resolves: whenever this node has appended to it, and at least once in `poll` for what
/// other nodes have appended.
pub async fn run(db: Db, hub: Hub, poll: Duration, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut numbered = db.numbered();
    let mut idle = interval(poll.max(Duration::from_millis(1)));
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut at = None;
    loop {
        if let Err(fault) = follow(&db, &hub, &mut at).await {
            tracing::warn!(error = %fault, "events could not be read; it will be tried again");
        }
        tokio::select! {
            () = &mut stop => break,
            Ok(()) = numbered.changed() => {}
            _ = idle.tick() => {}
        }
    }
}

/// Reads on to the end of the feed. The first time it only finds the end: what was before is read by subscribers
/// themselves.
async fn follow(db: &Db, hub: &Hub, at: &mut Option<Position>) -> Outcome<()> {
    let mut position = match *at {
        Some(position) => position,
        None => store::end(db).await?,
    };
    loop {
        *at = Some(position);
        hub.read.store(position.seq, Ordering::Relaxed);
        let page = store::after(db, position).await?;
        for event in page.events {
            // Nobody may be listening.
            let _ = hub.told.send(event);
        }
        position = page.end;
        if !page.is_full {
            *at = Some(position);
            hub.read.store(position.seq, Ordering::Relaxed);
            return Ok(());
        }
    }
}
