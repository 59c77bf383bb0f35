//! A good plan quickly: labs one by one, then drops and swaps as long as they help.

use std::cmp::Ordering;

use super::assign::{Assigned, number};
use super::instance::{Figure, Instance, NOBODY};
use super::search::{Found, Steps, Task};

/// Labs and placements built one lab at a time, without the labs in `banned`; covers what it can.
pub(super) fn build(task: &Task<'_>, banned: &[usize]) -> Found {
    let at = task.at;
    let mut assigned = Assigned { quality: 0, latest: i64::MIN, lab: vec![NOBODY; at.items()] };
    let mut set = Vec::new();
    let mut left = at.items();
    while left > task.skip {
        let offers = (0..at.lab.len()).filter(|l| !banned.contains(l) && !set.contains(l));
        let next = offers
            .map(|l| (l, takes(at, l, &assigned.lab)))
            .filter(|(_, t)| !t.is_empty())
            .max_by(|a, b| compare(task, a, b));
        let Some((l, taken)) = next else { break };
        for i in taken.into_iter().take(left - task.skip) {
            assigned.lab[i] = number(l);
            left -= 1;
            if let Some(choice) = at.choice(l, i) {
                assigned.quality += u64::from(choice.quality);
                assigned.latest = assigned.latest.max(choice.ready);
            }
        }
        set.push(l);
    }
    set.sort_unstable();
    task.found(set, assigned)
}

/// The items a lab would take of those not placed yet, small ones first.
fn takes(at: &Instance, l: usize, placed: &[u32]) -> Vec<usize> {
    let mut free: Vec<usize> = (0..at.items()).filter(|i| placed[*i] == NOBODY && at.choice(l, *i).is_some()).collect();
    free.sort_by_key(|i| (at.quantity[*i], *i));
    let mut room = at.capacity[l];
    free.retain(|i| {
        let fits = room >= at.quantity[*i];
        if fits && room != u64::MAX {
            room -= at.quantity[*i];
        }
        fits
    });
    free
}

/// Greater is better: items for the price in the preference's first figure, then quality, distance and key.
fn compare(task: &Task<'_>, a: &(usize, Vec<usize>), b: &(usize, Vec<usize>)) -> Ordering {
    let at = task.at;
    let gain = |x: &(usize, Vec<usize>)| x.1.len() as u64;
    let price = |x: &(usize, Vec<usize>)| if task.order[0] == Figure::Metres { at.metres[x.0] } else { 1 };
    let quality = |x: &(usize, Vec<usize>)| {
        x.1.iter().filter_map(|i| at.choice(x.0, *i)).map(|c| u64::from(c.quality)).sum::<u64>()
    };
    let value = (gain(a) * price(b)).cmp(&(gain(b) * price(a))).then(gain(a).cmp(&gain(b)));
    value
        .then((quality(b) * gain(a)).cmp(&(quality(a) * gain(b))))
        .then(at.metres[b.0].cmp(&at.metres[a.0]))
        .then(b.0.cmp(&a.0))
}

/// Drops labs and swaps one for another while the plan gets better; `banned` labs stay out.
pub(super) fn improve(task: &Task<'_>, mut found: Found, banned: &[usize], steps: &mut Steps) -> Found {
    while let Some(better) = step(task, &found, banned, steps) {
        found = better;
        if steps.spent() {
            break;
        }
    }
    found
}

/// The first neighbour that is better.
fn step(task: &Task<'_>, found: &Found, banned: &[usize], steps: &mut Steps) -> Option<Found> {
    let at = task.at;
    if let Some(same) = task.evaluate(&found.set, Some(found), steps).filter(|f| f.better(found)) {
        return Some(same);
    }
    for out in 0..found.set.len() {
        let mut rest = found.set.clone();
        rest.remove(out);
        let kept = rest.iter().fold(0, |m, l| m | at.mask[*l]);
        let others = (0..at.lab.len()).filter(|l| !found.set.contains(l) && !banned.contains(l));
        for new in std::iter::once(None).chain(others.map(Some)) {
            let covered = kept | new.map_or(0, |l: usize| at.mask[l]);
            if !steps.take(1) {
                return None;
            }
            if (at.everything() & !covered).count_ones() as usize > task.skip {
                continue;
            }
            let mut set = rest.clone();
            set.extend(new);
            set.sort_unstable();
            let cost = (set.len() * at.items()) as u64;
            if !steps.take(cost) {
                return None;
            }
            if let Some(better) = task.evaluate(&set, Some(found), steps).filter(|f| f.better(found)) {
                return Some(better);
            }
        }
    }
    None
}
