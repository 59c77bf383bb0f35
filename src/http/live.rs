//! What lives longer than a request: how many there are, when their tokens end, and how they end with the server.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::Instant,
};

use crate::{
    app::App,
    graphql::streams::StreamLimits,
    platform::{
        access::Actor,
        fault::{Fault, Outcome},
    },
};

/// Every WebSocket and event stream of this node.
pub struct Live {
    slots: Arc<Semaphore>,
    most: u32,
    draining: watch::Sender<bool>,
}

/// The place of one of them; free again when it is dropped.
pub struct Slot {
    _place: OwnedSemaphorePermit,
    draining: watch::Receiver<bool>,
}

impl Live {
    /// With room for so many.
    pub fn new(most: u32) -> Self {
        Self { slots: Arc::new(Semaphore::new(most as usize)), most, draining: watch::Sender::new(false) }
    }

    /// A place for one more.
    ///
    /// # Errors
    /// `UNAVAILABLE` where all are taken or the server is stopping.
    pub fn enter(&self) -> Outcome<Slot> {
        let full = || Fault::Unavailable("No more streams can be opened here at the moment; try again later.".into());
        if *self.draining.borrow() {
            return Err(full());
        }
        let place = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| full())?;
        Ok(Slot { _place: place, draining: self.draining.subscribe() })
    }

    /// Asks all of them to end, and lets nobody in from now on.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Whether the server is stopping.
    pub fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Resolves once none is left.
    pub async fn ended(&self) {
        // Nobody closes the semaphore, so that this cannot fail.
        let _ = self.slots.acquire_many(self.most).await;
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        (self.most as usize).saturating_sub(self.slots.available_permits())
    }
}

impl Slot {
    /// Resolves when the server stops.
    pub async fn draining(&mut self) {
        // The other end lives as long as the server.
        let _ = self.draining.wait_for(|draining| *draining).await;
    }
}

/// Why a caller may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The token's time is over.
    Expired,
    /// The token, its client or its subject was revoked.
    Revoked,
}

impl Ended {
    /// In two words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Expired => "token expired",
            Self::Revoked => "token revoked",
        }
    }
}

/// Whether a caller may still go on; the anonymous always may.
///
/// # Errors
/// [`Ended`].
pub fn still_valid(app: &App, actor: &Actor) -> Result<(), Ended> {
    app.verifier.still_valid(actor).map_err(|_| match left(app, actor) {
        Some(left) if left.is_zero() => Ended::Expired,
        _ => Ended::Revoked,
    })
}

/// When to look at the token again: at its end, or after the configured interval where that is sooner.
pub fn next_look(app: &App, actor: &Actor) -> Instant {
    let interval = StreamLimits::span(app.config.graphql.streams.check_milliseconds);
    Instant::now() + left(app, actor).map_or(interval, |left| left.min(interval))
}

/// What is left of the token's time.
fn left(app: &App, actor: &Actor) -> Option<Duration> {
    actor.expires_at.map(|at| (at - app.db.clock().now()).to_std().unwrap_or_default())
}
