//! Going on with a copy: which objects are to be told, and which of those that cannot be seen are told as gone.

mod gather;
mod gone;

use chrono::NaiveDate;

use super::{
    model::{Place, Told, Viewer, Within},
    store,
};
use crate::platform::{db::Db, fault::Outcome};
use gather::Gather;

pub use gone::gone;

/// What is to be told, and where that ends.
#[derive(Debug)]
pub struct Part {
    /// The objects, each once.
    pub told: Vec<Told>,
    /// Where to go on.
    pub place: Place,
    /// Whether there is more by now.
    pub has_more: bool,
}

/// Where a copy begins: the end of the feed as it is before anything is read, and the walk through everything before it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn begin(db: &Db, viewer: &Viewer, today: NaiveDate) -> Outcome<Place> {
    let (seq, hash) = store::end(db).await?;
    Ok(Place::at(viewer, seq, &hash, today).within(Within::Walk(0, None)))
}

/// Whether the entry of a place is in this feed.
///
/// # Errors
/// `POSITION_UNKNOWN`; `UNAVAILABLE`.
pub async fn check(db: &Db, place: &Place) -> Outcome<()> {
    let is_ours = match place.seq {
        0 => place.is_at(0, &[]),
        seq => store::entry(db, seq).await?.is_some_and(|hash| place.is_at(seq, &hash)),
    };
    if is_ours { Ok(()) } else { Err(place.unknown()) }
}

/// What is to be told behind a place that is not within the walk: first what dates alone have changed, then the feed.
///
/// # Errors
/// `POSITION_UNKNOWN`; `UNAVAILABLE`.
pub async fn go_on(db: &Db, viewer: &Viewer, place: Place, (today, most): (NaiveDate, usize)) -> Outcome<Part> {
    let mut gather = Gather::new(db, viewer, most);
    let turns = matches!(place.within, Some(Within::Turn(..)));
    let (place, to) = match place.within {
        None if place.day < today => (place.within(Within::Turn(today, 0, None)), Some(today)),
        Some(Within::Turn(to, ..)) => (place.clone(), Some(to)),
        _ => (place, None),
    };
    let place = match to {
        None => place,
        Some(to) => {
            if turns {
                check(db, &place).await?;
            }
            match gather.turned(&place).await? {
                Some(stopped) => return Ok(gather.part(stopped, true)),
                None => Place { day: to, within: None, ..place },
            }
        }
    };
    if gather.is_full() {
        return Ok(gather.part(place, true));
    }
    let (place, has_more) = gather.fed(place).await?;
    Ok(gather.part(place, has_more))
}

/// Whether a place is within the walk through everything: the kind to go on with, and the last key.
pub fn walk_of(place: &Place) -> Option<(usize, Option<&str>)> {
    match &place.within {
        Some(Within::Walk(kind, after)) => Some((*kind, after.as_deref())),
        _ => None,
    }
}
