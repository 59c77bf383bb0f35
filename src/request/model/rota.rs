//! The rota: in which order providers are asked, and why.
//!
//! Every factor has a fixed number of points at most, so that the order can be checked by hand: the match of the method
//! (40), the distance (20), the turnaround (20), how many of the items it takes (20), less what it has on its desk already
//! (10) and what the requester has placed with its agency lately (10), so that work is spread over the pact.

use std::{cmp::Reverse, collections::BTreeMap};

use entity::ids::OfferingId;
use serde_json::{Value, json};

use crate::search::coverage::{Candidate, Offer, Preference, Problem, Work, solve};

/// How well a provider's line meets an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Another method for the same parameter.
    SameParameter,
    /// One side has no year.
    Undated,
    /// An older or newer edition.
    OtherEdition,
    /// The same standard of the same year, or no method was asked for.
    Exact,
}

impl Match {
    const fn points(self) -> f64 {
        match self {
            Self::SameParameter => 10.0,
            Self::Undated => 28.0,
            Self::OtherEdition => 30.0,
            Self::Exact => 40.0,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::SameParameter => "SAME_PARAMETER",
            Self::Undated => "UNDATED",
            Self::OtherEdition => "OTHER_EDITION",
            Self::Exact => "EXACT",
        }
    }
}

/// An item that a provider takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Place of the item in the request, from 0.
    pub item: usize,
    /// How well.
    pub how: Match,
    /// Whether 限制范围 applies.
    pub limited: bool,
}

/// Somebody who could be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// With this offering.
    pub offering: OfferingId,
    /// The items that it takes.
    pub fits: Vec<Fit>,
    /// How far it is, in kilometres.
    pub km: Option<f64>,
    /// Working days from now to the report.
    pub days: Option<i32>,
    /// How many referrals lie on its desk.
    pub load: u64,
    /// How many referrals the requester has placed with its agency lately.
    pub lately: u64,
}

/// A provider at its rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// With this offering.
    pub offering: OfferingId,
    /// The items for which it is asked, by their places.
    pub items: Vec<usize>,
    /// Why it stands where it stands.
    pub grounds: Value,
    /// The points.
    pub points: f64,
}

/// The most points that anybody can have.
const MOST_POINTS: f64 = 100.0;
/// Distances from here on add nothing.
const FAR_KM: f64 = 2_000.0;
/// Turnarounds from here on add nothing.
const LONG_DAYS: f64 = 40.0;
/// What a limit takes away from a match.
const LIMIT: f64 = 5.0;

/// The order in which providers are asked for `count` items. First those that a coverage plan chooses, the fewest that
/// together take the most, each item with the best of them; behind them everybody else by points, for all that they take.
pub fn ranked(standings: &[Standing], count: usize) -> Vec<Ranked> {
    let mut judged: Vec<(Reverse<i64>, usize, Ranked)> =
        standings.iter().enumerate().map(|(at, one)| judged(one, at, count)).collect();
    judged.sort_by_key(|(points, at, _)| (*points, *at));
    let judged: Vec<Ranked> = judged.into_iter().map(|(.., one)| one).collect();
    let mut chosen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for placed in solve(&problem(standings, &judged, count), Preference::FewestLabs, Work::default()).best.assignments {
        chosen.entry(placed.lab).or_default().push(placed.item);
    }
    let first = chosen.iter().map(|(place, items)| {
        let mut items = items.clone();
        items.sort_unstable();
        Ranked { items, ..judged[*place].clone() }
    });
    let rest = (0..judged.len()).filter(|place| !chosen.contains_key(place)).map(|place| judged[place].clone());
    first.chain(rest).collect()
}

/// The basket of the request, with providers in place of labs; what a provider lacks of the most points is its grade.
fn problem(standings: &[Standing], judged: &[Ranked], count: usize) -> Problem {
    let of = |one: &Ranked| standings.iter().find(|standing| standing.offering == one.offering);
    let offers = judged.iter().enumerate().flat_map(|(place, one)| {
        let quality = ((MOST_POINTS - one.points).max(0.0) * 10.0).round() as u32;
        let ready = of(one).and_then(|standing| standing.days);
        one.items.iter().map(move |item| Offer { item: *item, lab: place, quality, ready, free: None })
    });
    Problem {
        quantities: vec![1; count],
        labs: judged.iter().map(|one| Candidate { distance_km: of(one).and_then(|one| one.km), limit: None }).collect(),
        offers: offers.collect(),
    }
}

fn judged(one: &Standing, at: usize, count: usize) -> (Reverse<i64>, usize, Ranked) {
    let mut grounds = Vec::new();
    let mut add = |factor: &str, value: f64, text: String| {
        grounds.push(json!({ "factor": factor, "value": (value * 10.0).round() / 10.0, "text": text }));
        value
    };
    let points = |fit: &Fit| fit.how.points() - if fit.limited { LIMIT } else { 0.0 };
    let worst = one.fits.iter().min_by(|a, b| points(a).total_cmp(&points(b)));
    let matched = worst.map_or(0.0, points);
    let limited = one.fits.iter().any(|fit| fit.limited);
    let told = format!("{}{}", worst.map_or("", |fit| fit.how.word()), if limited { ", LIMITED" } else { "" });
    let near = one.km.map_or(0.0, |km| 20.0 * (1.0 - km / FAR_KM).max(0.0));
    let soon = one.days.map_or(0.0, |days| 20.0 * (1.0 - f64::from(days) / LONG_DAYS).max(0.0));
    let share = one.fits.len() as f64 / count.max(1) as f64;
    let sum = add("MATCH", matched, told)
        + add("ITEMS", 20.0 * share, format!("{} of {count}", one.fits.len()))
        + add("DISTANCE", near, one.km.map_or_else(String::new, |km| format!("{km:.0} km")))
        + add("TURNAROUND", soon, one.days.map_or_else(String::new, |days| format!("{days} working days")))
        + add("LOAD", -(2.0 * one.load as f64).min(10.0), format!("{} on its desk", one.load))
        + add("BALANCE", -(one.lately as f64).min(10.0), format!("{} placed with its agency lately", one.lately));
    let items = one.fits.iter().map(|fit| fit.item).collect();
    let ranked = Ranked { offering: one.offering, items, grounds: grounds.into(), points: sum };
    (Reverse((sum * 1_000.0).round() as i64), at, ranked)
}
