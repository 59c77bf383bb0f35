//! How often a follower looks, however much is appended.
//!
//! What comes alone is followed at once. What comes in a stream is followed in stretches, so that many commits cost a follower
//! few looks, and the writers have the database to themselves in between.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// Tells a follower when to look.
#[derive(Debug)]
pub struct Pace {
    numbered: watch::Receiver<()>,
    gap: Gap,
}

/// The shortest time between two looks.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    span: Duration,
    next: Instant,
}

impl Gap {
    /// So much, and none before the first look.
    pub fn of(span: Duration) -> Self {
        Self { span, next: Instant::now() }
    }

    /// Waits until that time has passed since it last did; dropped before, it has not.
    pub async fn passed(&mut self) {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.span;
    }
}

impl Pace {
    /// Looks when `numbered` tells that the feed has grown, and at most once in `gap`.
    pub fn new(numbered: watch::Receiver<()>, gap: Duration) -> Self {
        Self { numbered, gap: Gap::of(gap) }
    }

    /// Resolves once the feed has grown since the last look and the gap has passed. Whoever drops it before looks for
    /// another reason, and then sees that too.
    pub async fn grown(&mut self) {
        if self.numbered.changed().await.is_err() {
            // Nobody appends any more.
            std::future::pending().await
        }
        self.gap.passed().await;
    }
}
