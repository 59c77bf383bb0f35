//! Following events from a position on: first from the database, then as they come.

use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    follower::Hub,
    model::{Placed, Position, Wanted},
    store,
};
use crate::platform::{
    access::Visible,
    db::Db,
    fault::{Fault, Outcome},
};

/// Where the feed ends now.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub async fn position(db: &Db) -> Outcome<Position> {
    store::end(db).await
}

/// Who follows what.
pub struct Follow {
    /// The database.
    pub db: Db,
    /// Where new events come from.
    pub hub: Hub,
    /// What the caller may see.
    pub visible: Visible,
    /// What the caller asks for.
    pub wanted: Wanted,
}

/// The events after a position, without end; from now on where there is none. The stream ends with an error where the
/// subscriber falls too far behind (`EVENTS_LAGGED`, with the position at which to go on) or the database fails.
///
/// # Errors
/// `POSITION_UNKNOWN` for a position that is not of this feed; `UNAVAILABLE`.
pub async fn events(follow: Follow, after: Option<Position>) -> Outcome<impl Stream<Item = Outcome<Placed>> + Send> {
    // Listening begins before the end is looked up, so that nothing falls between the two.
    let live = follow.hub.listen();
    let (at, behind) = match after {
        None => (store::end(&follow.db).await?, false),
        Some(position) if store::knows(&follow.db, position).await? => (position, true),
        Some(position) => return Err(unknown(position)),
    };
    let source = if behind { Source::Stored(Vec::new().into_iter()) } else { Source::Live(live) };
    let walk = Walk { follow, at, source: Some(source) };
    Ok(stream::unfold(walk, |mut walk| async move {
        let item = walk.next().await?;
        Some((item, walk))
    }))
}

struct Walk {
    follow: Follow,
    /// The last entry that was passed on or passed over.
    at: Position,
    /// `None` after an error.
    source: Option<Source>,
}

enum Source {
    /// The rest of a page of the feed; read on behind it.
    Stored(std::vec::IntoIter<Placed>),
    /// The rest of the last page, and what has come since before it was read.
    Last(std::vec::IntoIter<Placed>, broadcast::Receiver<Placed>),
    /// As they come.
    Live(broadcast::Receiver<Placed>),
}

impl Walk {
    async fn next(&mut self) -> Option<Outcome<Placed>> {
        loop {
            match self.step().await {
                Ok(Some(placed)) if self.follow.wanted.takes(&placed.event, &self.follow.visible) => {
                    return Some(Ok(placed));
                }
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(fault) => {
                    self.source = None;
                    return Some(Err(fault));
                }
            }
        }
    }

    /// The next event, whoever it is for; each once.
    async fn step(&mut self) -> Outcome<Option<Placed>> {
        loop {
            self.source = Some(match self.source.take() {
                None => return Ok(None),
                Some(Source::Stored(mut rest)) => match rest.next() {
                    Some(placed) => {
                        self.at = placed.position;
                        self.source = Some(Source::Stored(rest));
                        return Ok(Some(placed));
                    }
                    None => self.read_on().await?,
                },
                Some(Source::Last(mut rest, live)) => match rest.next() {
                    Some(placed) => {
                        self.at = placed.position;
                        self.source = Some(Source::Last(rest, live));
                        return Ok(Some(placed));
                    }
                    None => Source::Live(live),
                },
                Some(Source::Live(mut live)) => match live.recv().await {
                    Ok(placed) if placed.position.seq <= self.at.seq => Source::Live(live),
                    Ok(placed) => {
                        self.at = placed.position;
                        self.source = Some(Source::Live(live));
                        return Ok(Some(placed));
                    }
                    Err(RecvError::Closed) => return Ok(None),
                    Err(RecvError::Lagged(_)) => return Err(lagged(self.at)),
                },
            });
        }
    }

    /// The next page. Listening begins before it is read, and counts where the page is the last: so a long catching-up
    /// never fills the buffer.
    async fn read_on(&mut self) -> Outcome<Source> {
        let live = self.follow.hub.listen();
        let page = store::after(&self.follow.db, self.at).await?;
        let rest = page.events.into_iter();
        if page.is_full {
            if rest.as_slice().is_empty() {
                self.at = page.end;
            }
            return Ok(Source::Stored(rest));
        }
        if rest.as_slice().is_empty() {
            self.at = page.end;
        }
        Ok(Source::Last(rest, live))
    }
}

fn unknown(position: Position) -> Fault {
    Fault::rule(
        "POSITION_UNKNOWN",
        "This position is not one of this instance's feed, as after a restore. Read afresh what you keep a copy of, \
         then follow from eventsPosition.",
        json!({ "after": position.to_string() }),
    )
}

fn lagged(at: Position) -> Fault {
    Fault::rule(
        "EVENTS_LAGGED",
        "You have fallen too far behind the events; subscribe again after the position in facts.",
        json!({ "after": at.to_string() }),
    )
}
