//! Why nobody covers an item of a basket.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use chrono::NaiveDate;

use super::{
    Part, Span, Understood,
    question::{Near, Question, Wanted},
};
use crate::{
    capacity::availability::model::{Exclusion, Reason},
    platform::fault::Outcome,
    search::{index::Snapshot, text::synonym::Synonyms},
};

/// Lines that are looked at for it.
const LOOKED_AT: usize = 50;

/// Why nobody covers an item, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No line answers it, wherever, whenever and by whom.
    NoLine,
    /// Lines do, but not under the conditions that hold for every item.
    Conditions,
    /// Lines do, farther away than was asked.
    TooFar,
    /// Lines are there, and none is available.
    NotAvailable,
    /// Lines are available, and take longer than was asked.
    TooSlow,
}

/// Why nobody covers an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// Its position in the basket.
    pub item: usize,
    /// Why.
    pub cause: Cause,
    /// How many lines would do, were it not for what stands in their way.
    pub lines: u64,
    /// What stands in the way of the best of them: each reason with its first day and how many lines it concerns.
    pub exclusions: Vec<(Exclusion, u64)>,
}

/// What stands in the way of the lines that would do.
pub(super) fn uncovered(
    (snapshot, synonyms): (&Arc<Snapshot>, &Synonyms),
    asked: &Question,
    item: usize,
    abandoned: &AtomicBool,
) -> Outcome<Uncovered> {
    // Lines whose certificate does not hold are told as well, with the reason.
    let question = Question {
        any_standing: true,
        turnaround: None,
        available: asked.available.map(|wanted| Wanted { could_if: true, ..wanted }),
        ..asked.clone()
    };
    let found = |question: &Question| -> Outcome<(Understood, Part)> {
        let understood = Understood::read(Arc::clone(snapshot), synonyms, question.clone())?;
        let part = understood.part(Span { limit: LOOKED_AT, ..Span::default() }, false, abandoned);
        Ok((understood, part))
    };
    let (understood, part) = found(&question)?;
    let mut reasons: BTreeMap<Reason, (NaiveDate, u64)> = BTreeMap::new();
    for line in &part.lines {
        for Exclusion { reason, from } in understood.exclusions(line).unwrap_or_default() {
            let known = reasons.entry(reason).or_insert((from, 0));
            *known = (known.0.min(from), known.1 + 1);
        }
    }
    let mut exclusions: Vec<_> =
        reasons.into_iter().map(|(reason, (from, lines))| (Exclusion { reason, from }, lines)).collect();
    exclusions.sort_by_key(|(one, lines)| (std::cmp::Reverse(*lines), one.reason));
    let free = part.lines.first().is_some_and(|line| understood.exclusions(line).is_some_and(|all| all.is_empty()));
    let is_any = |question: Question| found(&question).map(|(_, part)| part.total > 0);
    let anywhere = || Question { near: question.near.map(|near| Near { within_km: None, ..near }), ..question.clone() };
    let unconditional = || Question {
        text: question.text.clone(),
        standards: question.standards.clone(),
        parameter: question.parameter.clone(),
        object: question.object.clone(),
        any_standing: true,
        ..Question::on(question.visible.clone(), question.on)
    };
    let cause = match () {
        () if free => Cause::TooSlow,
        () if part.total > 0 => Cause::NotAvailable,
        () if is_any(anywhere())? => Cause::TooFar,
        () if is_any(unconditional())? => Cause::Conditions,
        () => Cause::NoLine,
    };
    Ok(Uncovered { item, cause, lines: part.total, exclusions })
}
