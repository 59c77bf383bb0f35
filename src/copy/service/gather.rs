//! Gathering the objects of a page from dates and from the feed, until the page is full.

use std::collections::{BTreeMap, HashMap};

use entity::enums::ChangeOp;
use uuid::Uuid;

use super::Part;
use crate::{
    copy::{
        model::{self, Evidence, Kind, Place, Root, TURNING, Told, Viewer, Within, below, part, ruled},
        store,
    },
    platform::{
        db::Db,
        fault::Outcome,
        touched::{self, Entry, Stretch, Written},
    },
};

/// Entries of the feed of one page.
const ENTRIES: u64 = 256;

/// The whole of each part that the entries of a page name.
type Wholes = HashMap<(model::Part, Uuid), Uuid>;

/// A page that is being filled.
pub(super) struct Gather<'a> {
    db: &'a Db,
    viewer: &'a Viewer,
    most: usize,
    told: Vec<Told>,
    known: HashMap<(Kind, String), usize>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(db: &'a Db, viewer: &'a Viewer, most: usize) -> Self {
        Self { db, viewer, most, told: Vec::new(), known: HashMap::new() }
    }

    pub(super) fn is_full(&self) -> bool {
        self.told.len() >= self.most
    }

    pub(super) fn part(self, place: Place, has_more: bool) -> Part {
        Part { told: self.told, place, has_more }
    }

    fn room(&self) -> u64 {
        (self.most - self.told.len()) as u64
    }

    /// Notes an object, once. `false` where there is no room for it.
    fn note(&mut self, (kind, key): (Kind, String), place: Place, evidence: Option<Evidence>) -> bool {
        if let Some(at) = self.known.get(&(kind, key.clone())) {
            self.told[*at].evidence.extend(evidence);
            return true;
        }
        if self.is_full() {
            return false;
        }
        self.known.insert((kind, key.clone()), self.told.len());
        self.told.push(Told { kind, key, place, evidence: evidence.into_iter().collect() });
        true
    }

    /// What dates alone have changed. Where the page was full before the end: the place at which to go on.
    pub(super) async fn turned(&mut self, place: &Place) -> Outcome<Option<Place>> {
        let Some(Within::Turn(to, first, after)) = place.within else { return Ok(None) };
        let mut after = after.unwrap_or_default();
        for (step, turning) in TURNING.into_iter().enumerate().skip(first) {
            while self.viewer.wants(turning.kind) {
                if self.is_full() {
                    return Ok(Some(place.within(Within::Turn(to, step, Some(after)))));
                }
                let room = self.room();
                let ids = store::turned(self.db, turning, (place.day, to), (after, room)).await?;
                for id in &ids {
                    let told = place.within(Within::Turn(to, step, Some(*id)));
                    self.note((turning.kind, bare(*id)), told, Some(Evidence::Ended));
                    after = *id;
                }
                if (ids.len() as u64) < room {
                    break;
                }
            }
            after = Uuid::nil();
        }
        Ok(None)
    }

    /// What the feed tells behind a place; where that ends, and whether there is more by now.
    pub(super) async fn fed(&mut self, mut place: Place) -> Outcome<(Place, bool)> {
        let passed = if let Some(Within::Keys(passed)) = place.within { passed } else { 0 };
        let stretch = Stretch { from: place.seq, most: ENTRIES + 1, keys: self.room() + 1, passed };
        let mut entries = touched::stretch(self.db, stretch).await?;
        let is_whole = (entries.len() as u64) < stretch.most;
        if place.seq > 0 {
            if !entries.first().is_some_and(|first| place.is_at(first.seq, &first.hash)) {
                return Err(place.unknown());
            }
            entries.remove(0);
        }
        if entries.is_empty() && place.within.is_some() || place.seq == 0 && !place.is_at(0, &[]) {
            return Err(place.unknown());
        }
        let wholes = store::parents(self.db, &parts(&entries, self.viewer)).await?;
        for entry in &entries {
            if let Some(written) = &entry.written
                && let Some(stopped) = self.entry(&place, written, &wholes).await?
            {
                return Ok((stopped, true));
            }
            place = place.behind(entry.seq, &entry.hash);
        }
        Ok((place, !is_whole))
    }

    /// What one entry tells. Where the page was full before its end: the place at which to go on.
    async fn entry(&mut self, place: &Place, written: &Written, wholes: &Wholes) -> Outcome<Option<Place>> {
        let (passed, begun) = match place.within {
            Some(Within::Keys(passed)) => (passed, None),
            Some(Within::Below(step, after)) => (written.count, Some((step, after))),
            _ => (0, None),
        };
        if begun.is_none()
            && let Some(stopped) = self.keys(place, written, passed, wholes)
        {
            return Ok(Some(stopped));
        }
        let id = written.keys.first().and_then(|key| key.parse().ok());
        match (below(written, self.viewer), id) {
            (Some(root), Some(id)) => self.below(place, (root, id), begun.unwrap_or_default()).await,
            _ => Ok(None),
        }
    }

    fn keys(&mut self, place: &Place, written: &Written, passed: u64, wholes: &Wholes) -> Option<Place> {
        let (ruled, part) = (ruled(&written.entity), part(&written.entity));
        let kind = ruled.or(part.map(model::Part::of)).filter(|kind| self.viewer.wants(*kind))?;
        let evidence = Evidence::of(written, self.viewer);
        // Of bulk writes only what is left was read.
        let is_cut = matches!(written.op, ChangeOp::Load | ChangeOp::CloseAll);
        let skipped = if is_cut { 0 } else { usize::try_from(passed).unwrap_or(usize::MAX) };
        let mut done = passed;
        for key in written.keys.iter().skip(skipped) {
            let whole = match part {
                None => Some(key.clone()),
                Some(part) => key.parse().ok().and_then(|id| wholes.get(&(part, id))).map(|id| bare(*id)),
            };
            if let Some(whole) = whole
                && !self.note((kind, whole), place.within(Within::Keys(done + 1)), evidence)
            {
                return Some(place.within(Within::Keys(done)));
            }
            done += 1;
        }
        (done < written.count).then(|| place.within(Within::Keys(done)))
    }

    async fn below(
        &mut self,
        place: &Place,
        root: (Root, Uuid),
        (first, after): (usize, Option<Uuid>),
    ) -> Outcome<Option<Place>> {
        let mut after = after.unwrap_or_default();
        for (step, kind) in root.0.kinds().iter().enumerate().skip(first) {
            while self.viewer.wants(*kind) {
                if self.is_full() {
                    return Ok(Some(place.within(Within::Below(step, Some(after)))));
                }
                let room = self.room();
                let ids = store::belonging(self.db, root, *kind, (after, room)).await?;
                for id in &ids {
                    let told = place.within(Within::Below(step, Some(*id)));
                    // A certificate goes on without a site; it only shows fewer.
                    let goes = (root.0, *kind) != (Root::Lab, Kind::Certificate);
                    self.note((*kind, bare(*id)), told, goes.then_some(Evidence::Below));
                    after = *id;
                }
                if (ids.len() as u64) < room {
                    break;
                }
            }
            after = Uuid::nil();
        }
        Ok(None)
    }
}

/// The parts that entries name, of kinds that are asked for.
fn parts(entries: &[Entry], viewer: &Viewer) -> BTreeMap<model::Part, Vec<Uuid>> {
    let mut named: BTreeMap<model::Part, Vec<Uuid>> = BTreeMap::new();
    for written in entries.iter().filter_map(|entry| entry.written.as_ref()) {
        if let Some(part) = part(&written.entity).filter(|part| viewer.wants(part.of())) {
            named.entry(part).or_default().extend(written.keys.iter().filter_map(|key| key.parse::<Uuid>().ok()));
        }
    }
    named
}

fn bare(id: Uuid) -> String {
    id.as_hyphenated().to_string()
}
