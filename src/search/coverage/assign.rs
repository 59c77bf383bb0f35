//! The best assignment of the items to a given set of labs, every lab of which is used.

use super::instance::{Choice, Instance, NOBODY};
use super::search::Steps;

/// Items placed: the lab of each (as numbered in the instance), or [`NOBODY`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Assigned {
    pub(super) quality: u64,
    pub(super) latest: i64,
    pub(super) lab: Vec<u32>,
}

/// Best by quality, then latest date, then the earlier labs. None: the set cannot do it, or not below `cap` in
/// quality. `skip` items are left out. Of a search cut short by `steps`, the best found.
pub(super) fn assign(at: &Instance, set: &[usize], skip: usize, cap: u64, steps: &mut Steps) -> Option<Assigned> {
    if skip == 0
        && let Some(done) = straight(at, set)
    {
        return (done.quality <= cap).then_some(done);
    }
    let mut finest = Placing::new(at, set, skip, cap);
    finest.place(0, steps);
    let best = finest.best?;
    let mut first = Placing::new(at, set, skip, best.quality);
    first.in_turn(best.latest);
    first.place(0, steps);
    first.best.or(Some(best))
}

/// Each item at its best lab of the set, if that keeps every limit and uses every lab: then nothing is better.
fn straight(at: &Instance, set: &[usize]) -> Option<Assigned> {
    let items = at.items();
    let of = |i: usize| set.iter().filter_map(move |l| at.choice(*l, i).map(|c| (*l, c)));
    let (mut quality, mut latest) = (0, i64::MIN);
    for i in 0..items {
        let best = of(i).map(|(_, c)| (c.quality, c.ready)).min()?;
        quality += u64::from(best.0);
        latest = latest.max(best.1);
    }
    let mut lab = vec![NOBODY; items];
    let mut load = vec![0u64; set.len()];
    for (i, place) in lab.iter_mut().enumerate() {
        let finest = of(i).map(|(_, c)| c.quality).min()?;
        let (l, _) = of(i).filter(|(_, c)| c.quality == finest && c.ready <= latest).min_by_key(|(l, _)| *l)?;
        *place = number(l);
        load[set.iter().position(|s| *s == l)?] += at.quantity[i].max(1);
    }
    let fits =
        set.iter().zip(&load).all(|(l, used)| *used > 0 && (at.capacity[*l] == u64::MAX || *used <= at.capacity[*l]));
    fits.then_some(Assigned { quality, latest, lab })
}

/// A lab's number as kept in an assignment.
pub(super) fn number(lab: usize) -> u32 {
    u32::try_from(lab).unwrap_or(NOBODY)
}

struct Placing<'a> {
    at: &'a Instance,
    set: &'a [usize],
    /// Items, those with the fewest labs first.
    sequence: Vec<usize>,
    /// The places in the set that offer an item, the finest first.
    options: Vec<Vec<(usize, Choice)>>,
    /// The best quality of each item.
    finest: Vec<u32>,
    /// From a place in the sequence on: the sum of the best qualities, and of the quantities, that must come.
    ahead: Vec<(u64, u64)>,
    room: Vec<u64>,
    held: Vec<usize>,
    skip: usize,
    cap: u64,
    /// Latest date allowed once it is known: the first assignment found in the order of labs is then the one meant.
    until: Option<i64>,
    now: Assigned,
    best: Option<Assigned>,
}

impl<'a> Placing<'a> {
    fn new(at: &'a Instance, set: &'a [usize], skip: usize, cap: u64) -> Self {
        let offers = |i: usize| {
            let mut list: Vec<(usize, Choice)> =
                set.iter().enumerate().filter_map(|(s, l)| at.choice(*l, i).map(|c| (s, c))).collect();
            list.sort_by_key(|(s, c)| (c.quality, c.ready, set[*s]));
            list
        };
        let options: Vec<Vec<(usize, Choice)>> = (0..at.items()).map(offers).collect();
        let mut sequence: Vec<usize> = (0..at.items()).collect();
        sequence.sort_by_key(|i| (options[*i].len(), u64::MAX - at.quantity[*i], *i));
        let room = set.iter().map(|l| at.capacity[*l]).collect();
        let now = Assigned { quality: 0, latest: i64::MIN, lab: vec![NOBODY; at.items()] };
        let held = vec![0; set.len()];
        let (ahead, finest) = (Vec::new(), Vec::new());
        let mut new =
            Self { at, set, sequence, options, finest, ahead, room, held, skip, cap, until: None, now, best: None };
        new.look_ahead();
        new
    }

    /// From here on items in their order, labs in theirs, no date after `until`, and the first find ends it.
    fn in_turn(&mut self, until: i64) {
        self.sequence.sort_unstable();
        for list in &mut self.options {
            list.retain(|(_, c)| c.ready <= until);
        }
        self.look_ahead();
        for list in &mut self.options {
            list.sort_by_key(|(s, _)| self.set[*s]);
        }
        self.until = Some(until);
    }

    /// What must come from each place in the sequence on.
    fn look_ahead(&mut self) {
        self.ahead = vec![(0, 0); self.sequence.len() + 1];
        self.finest = self.options.iter().map(|o| o.first().map_or(0, |(_, c)| c.quality)).collect();
        for (place, i) in self.sequence.iter().enumerate().rev() {
            let (quality, quantity) = self.ahead[place + 1];
            let more = (quality + u64::from(self.finest[*i]), quantity + self.at.quantity[*i]);
            self.ahead[place] = if self.skip > 0 { (0, 0) } else { more };
        }
    }

    fn place(&mut self, place: usize, steps: &mut Steps) {
        let rest = self.sequence.len() - place;
        if !steps.take(2 + (rest * self.set.len() / 6) as u64) || self.hopeless(place) {
            return;
        }
        let Some(&i) = self.sequence.get(place) else {
            self.best = Some(self.now.clone());
            return;
        };
        for option in 0..self.options[i].len() {
            let (s, choice) = self.options[i][option];
            if self.room[s] >= self.at.quantity[i] {
                self.put(place, s, choice, steps);
            }
        }
        if self.skip > 0 {
            self.skip -= 1;
            self.place(place + 1, steps);
            self.skip += 1;
        }
    }

    /// Places the item of `place` at the lab `s` of the set, goes on, and takes it back.
    fn put(&mut self, place: usize, s: usize, choice: Choice, steps: &mut Steps) {
        let i = self.sequence[place];
        let (room, latest) = (self.room[s], self.now.latest);
        if room != u64::MAX {
            self.room[s] -= self.at.quantity[i];
        }
        self.held[s] += 1;
        self.now.lab[i] = number(self.set[s]);
        self.now.quality += u64::from(choice.quality);
        self.now.latest = latest.max(choice.ready);
        self.place(place + 1, steps);
        self.now.latest = latest;
        self.now.quality -= u64::from(choice.quality);
        self.now.lab[i] = NOBODY;
        self.held[s] -= 1;
        self.room[s] = room;
    }

    /// True when nothing better can come: too little room, too much quality lost, a lab that stays empty.
    fn hopeless(&self, place: usize) -> bool {
        let rest = &self.sequence[place..];
        let (quality, quantity) = self.ahead[place];
        let room = self.room.iter().fold(0u64, |sum, r| sum.saturating_add(*r));
        if room < quantity || self.held.iter().filter(|h| **h == 0).count() > rest.len() {
            return true;
        }
        let Some(lost) = self.lost(rest) else { return true };
        let least = self.now.quality + quality + lost;
        let beaten = |best: &Assigned| self.until.is_some() || (least, self.now.latest) >= (best.quality, best.latest);
        least > self.cap || self.best.as_ref().is_some_and(beaten)
    }

    /// Quality lost at least on the rest, because an item's finest lab is full or because every lab still empty
    /// must get an item (another one each), whichever is more. None: too many items fit nowhere.
    fn lost(&self, rest: &[usize]) -> Option<u64> {
        let mut regret = vec![u64::MAX; self.set.len()];
        let (mut full, mut stuck) = (0, 0);
        for &i in rest {
            let options = &self.options[i];
            let finest = self.finest[i];
            let fits = options.iter().filter(|(s, _)| self.room[*s] >= self.at.quantity[i]);
            match fits.map(|(_, c)| c.quality).min() {
                Some(quality) => full += u64::from(quality - finest),
                None => stuck += 1,
            }
            for (s, choice) in options {
                regret[*s] = regret[*s].min(u64::from(choice.quality - finest));
            }
        }
        if stuck > self.skip {
            return None;
        }
        let empty = regret.iter().zip(&self.held).filter(|(r, held)| **held == 0 && **r != u64::MAX);
        Some(if self.skip > 0 { 0 } else { full.max(empty.map(|(r, _)| *r).sum()) })
    }
}
