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

/// So many times as long as a look takes is the gap behind it: who looks has the database to itself for a quarter of the time at
/// most, where it has but one writer.
const REST: u32 = 3;
/// So many times the shortest gap is the longest.
const LONGEST: u32 = 4;

/// The time between two looks, as short as is given or longer where looks take long.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    span: Duration,
    next: Instant,
    /// When the look began that is under way.
    begun: Option<Instant>,
}

impl Gap {
    /// So much, and none before the first look.
    pub fn of(span: Duration) -> Self {
        Self { span, next: Instant::now(), begun: None }
    }

    /// Waits until that time has passed since it last did, and begins a look; dropped before, it has not.
    pub async fn passed(&mut self) {
        sleep_until(self.next).await;
        let now = Instant::now();
        (self.next, self.begun) = (now + self.span, Some(now));
    }

    /// Ends the look, if one was begun.
    pub fn ended(&mut self) {
        if let Some(begun) = self.begun.take() {
            let rest = (begun.elapsed() * REST).clamp(self.span, self.span * LONGEST);
            self.next = Instant::now() + rest;
        }
    }
}

impl Pace {
    /// Looks when `numbered` tells that the feed has grown, and at most once in `gap`, or less often where looks take long.
    pub fn new(numbered: watch::Receiver<()>, gap: Duration) -> Self {
        Self { numbered, gap: Gap::of(gap) }
    }

    /// Resolves once the feed has grown since the last look and the gap has passed; asking for it ends the look before. Whoever drops it before looks for
    /// another reason, and then sees that too.
    pub async fn grown(&mut self) {
        self.gap.ended();
        if self.numbered.changed().await.is_err() {
            // Nobody appends any more.
            std::future::pending().await
        }
        self.gap.passed().await;
    }
}
