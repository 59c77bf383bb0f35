//! Labs that together cover a basket: which candidates there are, and what the solver makes of them.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicBool},
};

use chrono::NaiveDate;
use uuid::Uuid;

pub use super::uncovered::{Cause, Uncovered};
use super::{
    OfferedTerms, Span, UNKNOWN, Understood, offered::Offered, question::Question, rank::Ranked, uncovered::uncovered,
};
use crate::{
    platform::{fault::Outcome, workday::Calendar},
    search::{
        coverage::{Candidate, EXACT_LABS, Offer, Plan, Preference, Problem, Work, solve},
        index::Snapshot,
        register::Day,
        service::Row,
        text::synonym::Synonyms,
    },
};

/// Labs of each item that are candidates whatever else they can do.
const OWN: usize = 4;
/// Perfect scores are below this; what a line lacks of it is its grade, of which less is better.
const PERFECT: i32 = 1_000;

/// One item of a basket.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is wanted; with the window over which it must be available.
    pub question: Question,
    /// How much.
    pub quantity: u32,
}

/// What is asked.
pub struct Basket {
    /// The items.
    pub items: Vec<Item>,
    /// What matters first.
    pub prefer: Preference,
    /// The day on which work could begin at the earliest.
    pub start: NaiveDate,
    /// By which working days are counted.
    pub calendar: Arc<Calendar>,
}

/// An item placed at a lab.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its position in the basket.
    pub item: usize,
    /// The site.
    pub lab: Uuid,
    /// The line by which the site takes it.
    pub row: Row,
    /// When it would be done.
    pub ready: Option<NaiveDate>,
}

/// A plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The items that are covered, in order.
    pub placed: Vec<Placed>,
    /// The items that are not.
    pub uncovered: Vec<usize>,
    /// Sum of the known distances of the sites, in kilometres.
    pub total_km: f64,
    /// Sites whose distance is not known.
    pub unknown_distances: usize,
    /// When everything would be done.
    pub ready: Option<NaiveDate>,
    /// Whether it is proven that there is no better one.
    pub optimal: bool,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Plans {
    /// The best plan, and others that use other sites.
    pub plans: Vec<Planned>,
    /// Items that nobody covers.
    pub uncovered: Vec<Uncovered>,
    /// How many sites take at least one item.
    pub candidates: usize,
}

/// A lab that takes an item, by a line.
struct Taker {
    item: usize,
    lab: u32,
    line: Ranked,
}

/// Plans for a basket.
///
/// # Errors
/// `INVALID` for an item that cannot be read, under `items.N`.
pub fn plans(snapshot: &Arc<Snapshot>, synonyms: &Synonyms, basket: &Basket, abandoned: &AtomicBool) -> Outcome<Plans> {
    let mut understood = Vec::with_capacity(basket.items.len());
    for (at, item) in basket.items.iter().enumerate() {
        let read = Understood::read(Arc::clone(snapshot), synonyms, item.question.clone());
        understood.push(read.map_err(|fault| fault.told_at(|path| of_item(at, path)))?);
    }
    let (takers, candidates) = takers(&understood, abandoned);
    let labs = labs_of(&takers);
    let problem = problem(basket, &understood, &takers, &labs);
    let is_whole = candidates == labs.len();
    let answer = solve(&problem, basket.prefer, Work::default());
    // A plan that places nothing is none.
    let planned = [answer.best].into_iter().chain(answer.alternatives).filter(|plan| !plan.assignments.is_empty());
    let plans = planned.map(|plan| shown(basket, &understood, (&takers, &problem), plan, is_whole)).collect();
    let nobody = (0..basket.items.len()).filter(|item| !takers.iter().any(|taker| taker.item == *item));
    let uncovered = nobody
        .map(|item| uncovered((snapshot, synonyms), &basket.items[item].question, item, abandoned))
        .collect::<Outcome<_>>()?;
    Ok(Plans { plans, uncovered, candidates })
}

/// Where a part of a question was given that is an item of a basket: `items.0.parameter` for `where.parameter`.
pub fn of_item(at: usize, path: &str) -> String {
    let path = path.strip_prefix("where.").unwrap_or(path);
    format!("items.{at}.{}", path.strip_suffix(".0").unwrap_or(path))
}

/// For each item the labs that take it, as far as they are candidates, each with its best line; and how many labs take
/// anything at all.
fn takers(understood: &[Understood], abandoned: &AtomicBool) -> (Vec<Taker>, usize) {
    let everything = Span { limit: usize::MAX, ..Span::default() };
    let found: Vec<Vec<(u32, u32)>> = understood
        .iter()
        .map(|one| {
            one.labs(everything, 0, abandoned).labs.iter().map(|lab| (lab.lab, lab.metres.unwrap_or(UNKNOWN))).collect()
        })
        .collect();
    let mut labs: HashMap<u32, (usize, u32, usize)> = HashMap::new();
    for of_item in &found {
        for (place, (lab, metres)) in of_item.iter().enumerate() {
            let known = labs.entry(*lab).or_insert((0, *metres, usize::MAX));
            *known = (known.0 + 1, known.1, known.2.min(place));
        }
    }
    let candidates = labs.len();
    let mut ranked: Vec<(u32, (usize, u32, usize))> = labs.into_iter().collect();
    // Labs that take the most items come first, then the nearest, then those that do one of them best.
    ranked.sort_unstable_by_key(|(lab, (items, metres, place))| (std::cmp::Reverse(*items), *metres, *place, *lab));
    let mut chosen: Vec<u32> = found.iter().flat_map(|of_item| of_item.iter().take(OWN).map(|(lab, _)| *lab)).collect();
    chosen.extend(ranked.into_iter().map(|(lab, _)| lab));
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|lab| seen.insert(*lab));
    chosen.truncate(EXACT_LABS);
    let mut takers = Vec::new();
    for (item, of_item) in found.iter().enumerate() {
        let of_item = of_item.iter().filter(|(lab, _)| chosen.contains(lab));
        takers.extend(of_item.filter_map(|(lab, _)| {
            let line = understood[item].lines_of(*lab, 1, abandoned).into_iter().next()?;
            Some(Taker { item, lab: *lab, line })
        }));
    }
    (takers, candidates)
}

/// The labs, in the order of their ids, so that the order of the index does not matter.
fn labs_of(takers: &[Taker]) -> Vec<u32> {
    let mut labs: Vec<u32> = takers.iter().map(|taker| taker.lab).collect();
    labs.sort_unstable();
    labs.dedup();
    labs
}

fn problem(basket: &Basket, understood: &[Understood], takers: &[Taker], labs: &[u32]) -> Problem {
    let distance = |lab: &u32| understood.iter().find_map(|one| one.kilometres(*lab));
    let first = understood.first();
    let limit = |lab: &u32| first.and_then(|one| one.free_at(*lab));
    let offer = |taker: &Taker| Offer {
        item: taker.item,
        lab: labs.binary_search(&taker.lab).unwrap_or(usize::MAX),
        quality: u32::try_from(PERFECT - understood[taker.item].explained(&taker.line).score).unwrap_or(0),
        ready: ready(basket, &understood[taker.item], taker).map(|date| Day::from(date).0),
        free: None,
    };
    Problem {
        quantities: basket.items.iter().map(|item| item.quantity).collect(),
        labs: labs.iter().map(|lab| Candidate { distance_km: distance(lab), limit: limit(lab) }).collect(),
        offers: takers.iter().map(offer).collect(),
    }
}

/// When an item would be done by what the site offers.
fn ready(basket: &Basket, understood: &Understood, taker: &Taker) -> Option<NaiveDate> {
    let terms = understood.terms(&taker.line).filter(|terms| terms.turnaround < UNKNOWN)?;
    let days = i32::try_from(terms.lead + terms.turnaround).ok()?;
    Some(basket.calendar.add_workdays(basket.start, days).date)
}

fn shown(
    basket: &Basket,
    understood: &[Understood],
    (takers, problem): (&[Taker], &Problem),
    plan: Plan,
    is_whole: bool,
) -> Planned {
    let placed = plan.assignments.iter().filter_map(|placement| {
        let taker = takers.get(placement.offer)?;
        let of = &understood[taker.item];
        Some(Placed {
            item: taker.item,
            lab: of.lab_id(taker.lab),
            row: Row::of(of, &taker.line),
            ready: ready(basket, of, taker),
        })
    });
    let placed: Vec<Placed> = placed.collect();
    debug_assert_eq!(problem.offers.len(), takers.len(), "an offer for each taker");
    Planned {
        ready: placed.iter().map(|one| one.ready).collect::<Option<Vec<_>>>().and_then(|dates| dates.into_iter().max()),
        placed,
        uncovered: plan.uncovered,
        total_km: plan.figures.total_km,
        unknown_distances: plan.figures.unknown_distances,
        optimal: plan.optimal && is_whole,
    }
}

impl Understood {
    /// What is offered for a line.
    pub fn terms(&self, line: &Ranked) -> Option<OfferedTerms> {
        if line.terms.is_some() {
            return line.terms;
        }
        let register = &self.snapshot.register;
        let holder = register.holders.get(line.holder)?;
        let field = register.competences.get(line.competence)?.field;
        let window = super::window(&self.question);
        let quantity = self.question.available.and_then(|wanted| wanted.quantity);
        Offered::to(register, &self.question.visible, window, quantity).terms((holder.lab, field, line.rank.line))
    }

    /// Units that a site has free over the window that was asked for; none where it does not count them.
    fn free_at(&self, lab: u32) -> Option<u32> {
        let window = self.question.available?.window;
        let offered = Offered::to(&self.snapshot.register, &self.question.visible, window, None);
        offered.counting(self.snapshot.free()).limit(lab)
    }

    /// How far a site is, in kilometres.
    fn kilometres(&self, lab: u32) -> Option<f64> {
        self.metres(lab).map(|metres| f64::from(metres) / 1_000.0)
    }
}
