//! Following events from a position on: first from the database, then as they come.

use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use serde_json::json;

use super::{
    hub::{Hub, Lagged, Listener},
    model::{News, Placed, Position, Wanted},
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

impl Follow {
    fn listen(&self) -> Listener {
        let (wanted, visible) = (self.wanted.clone(), self.visible.clone());
        self.hub.listen(move |news| match news {
            News::Event(placed) => wanted.takes(&placed.event, &visible),
            News::Row(_) => false,
        })
    }

    /// The position after which to begin, looked up.
    async fn begin(&self, after: Position) -> Outcome<Position> {
        if !store::knows(&self.db, after).await? {
            return Err(unknown(after));
        }
        let limit = self.db.clock().now() - self.hub.kept();
        match store::oldest_kept(&self.db, after, limit).await? {
            None => Ok(after),
            Some(oldest) => Err(gone(after, oldest, limit)),
        }
    }
}

/// The events after a position, without end; from now on where there is none. Returns where it begins as well. The stream
/// ends with an error where the subscriber falls too far behind (`EVENTS_LAGGED`, with the position at which to go on) or
/// the database fails.
///
/// # Errors
/// `POSITION_UNKNOWN` for a position that is not of this feed; `POSITION_GONE` for one that is older than what is kept;
/// `UNAVAILABLE`.
pub async fn events(
    follow: Follow,
    after: Option<Position>,
) -> Outcome<(Position, impl Stream<Item = Outcome<Placed>> + Send)> {
    // Listening begins before the end is looked up, so that nothing falls between the two.
    let live = follow.listen();
    let (at, source) = match after {
        None => (store::end(&follow.db).await?, Source::Live(live)),
        Some(after) => (follow.begin(after).await?, Source::Stored(Vec::new().into_iter())),
    };
    let walk = Walk { follow, at, source: Some(source) };
    let events = stream::unfold(walk, |mut walk| async move {
        let item = walk.next().await?;
        Some((item, walk))
    });
    Ok((at, events))
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
    Last(std::vec::IntoIter<Placed>, Listener),
    /// As they come.
    Live(Listener),
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
                Some(Source::Live(mut live)) => match live.hear().await.map(News::event) {
                    Ok(Some(placed)) if placed.position.seq > self.at.seq => {
                        self.at = placed.position;
                        self.source = Some(Source::Live(live));
                        return Ok(Some(placed));
                    }
                    Ok(_) => Source::Live(live),
                    Err(Lagged) => return Err(lagged(self.at)),
                },
            });
        }
    }

    /// The next page. Listening begins before it is read, and counts where the page is the last: so a long catching-up
    /// never fills the queue.
    async fn read_on(&mut self) -> Outcome<Source> {
        let live = self.follow.listen();
        let page = store::after(&self.follow.db, self.at, &[]).await?;
        let rest = page.news.into_iter().filter_map(News::event).collect::<Vec<_>>().into_iter();
        if rest.as_slice().is_empty() {
            self.at = page.end;
        }
        Ok(if page.is_full { Source::Stored(rest) } else { Source::Last(rest, live) })
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

fn gone(after: Position, oldest: Position, limit: DateTime<Utc>) -> Fault {
    Fault::rule(
        "POSITION_GONE",
        format!(
            "What came after this position is kept for a time only, now since {}. Read afresh what you keep a copy of, then \
             follow from eventsPosition; or follow what is left after the position oldest in facts.",
            limit.format("%Y-%m-%dT%H:%M:%SZ")
        ),
        json!({ "after": after.to_string(), "oldest": oldest.to_string() }),
    )
}

fn lagged(at: Position) -> Fault {
    Fault::rule(
        "EVENTS_LAGGED",
        "You have fallen too far behind the events; subscribe again after the position in facts.",
        json!({ "after": at.to_string() }),
    )
}
