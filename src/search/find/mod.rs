//! Answering questions from a snapshot of the index. Pure computing: no database, no waiting.

pub mod available;
mod candidates;
mod explain;
mod facets;
pub mod grade;
mod holders;
mod labs;
mod meaning;
mod offered;
pub mod question;
pub mod rank;
mod regions;
mod rule;
mod scan;
mod spelling;
mod texts;
mod values;
mod words;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, atomic::AtomicBool},
};

pub use explain::{Explained, Factor, Highlight};
pub use facets::{Facets, Slice};
pub use holders::{UNKNOWN, subtree};
pub use labs::{FoundLab, LabPart};
pub use values::Way;
pub use words::Word;

use self::{
    available::{Availability, LineAt},
    candidates::Terms,
    grade::Asked,
    holders::LabWords,
    meaning::Meant,
    offered::Offered,
    question::Question,
    rank::{By, Rank, Ranked},
    rule::{More, Rule},
    scan::{Found, Wanted},
    texts::Texts,
    words::Reading,
};
use crate::{
    capacity::availability::model::{Exclusion, Window},
    directory::standard::number::StandardNumber,
    platform::fault::{Fault, Outcome},
    search::{
        index::Snapshot,
        register::{Kind, Link},
        text::synonym::Synonyms,
    },
};

/// What a place that is named in a question is worth as a word.
const REGION: u32 = 60;

/// A question that was understood, against one snapshot.
pub struct Understood {
    /// The snapshot.
    pub snapshot: Arc<Snapshot>,
    /// What was asked.
    pub question: Question,
    /// The standards that are asked for.
    pub asked: Vec<Asked>,
    /// Words that carry no weight.
    pub passed_over: Vec<String>,
    /// How many words a line must answer; fewer than there are where no line answers all of them.
    pub least: u32,
    words: Vec<Meant>,
    lab_words: LabWords,
    rule: Rule,
}

/// A part of what a question finds.
pub struct Part {
    /// The lines, in order.
    pub lines: Vec<Ranked>,
    /// Whether lines follow.
    pub has_next: bool,
    /// Whether lines precede.
    pub has_previous: bool,
    /// How many lines the question finds in all.
    pub total: u64,
    /// How they divide, where that was wanted.
    pub facets: Option<Facets>,
}

/// Which part is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// How many lines.
    pub limit: usize,
    /// Behind this place.
    pub after: Option<Rank>,
    /// Before this place.
    pub before: Option<Rank>,
    /// The last of them.
    pub backward: bool,
}

impl Understood {
    /// Reads a question.
    ///
    /// # Errors
    /// `INVALID` for texts that cannot be read.
    pub fn read(snapshot: Arc<Snapshot>, synonyms: &Synonyms, question: Question) -> Outcome<Self> {
        let texts = Texts(&snapshot);
        let reading = reading(texts, synonyms, &question)?;
        let asked = asked(texts, &reading, &question)?;
        let equipment = match &question.equipment {
            Some(text) => Some(class(texts, synonyms, text)?),
            None => None,
        };
        let (words, nothing) = meaning::meant(texts, synonyms, reading.words, !asked.is_empty());
        let passed_over = reading.passed_over.into_iter().chain(nothing).collect();
        let mut lab_words = LabWords::default();
        for meant in &words {
            named_labs(&snapshot, &mut lab_words, meant);
        }
        let holders = holders::holders(&snapshot, &question, &lab_words);
        let on = question.on.into();
        let window = question.available;
        let by_terms = matches!(question.order, By::Turnaround | By::Soonest) || question.turnaround.is_some();
        let more = (equipment.is_some() || window.is_some() || by_terms).then(|| More {
            class: equipment,
            available: window.map(|wanted| Availability::over(&snapshot.register, wanted.window)),
            could_if: window.is_some_and(|wanted| wanted.could_if),
            offered: offered(&snapshot, &question).all(),
            turnaround: question.turnaround,
        });
        let rule = Rule {
            candidates: Vec::new(),
            holders: holders.held,
            spans: snapshot.register.spans.iter().map(|(_, span)| span.from <= on && on < span.to).collect(),
            words: 0,
            few_labs: holders.few_labs,
            more,
            order: question.order,
        };
        let least = asked_words(&words);
        let mut understood =
            Self { asked, passed_over, least, words, lab_words, rule, question, snapshot: Arc::clone(&snapshot) };
        understood.relax();
        Ok(understood)
    }

    /// Requires as many words as any line answers.
    fn relax(&mut self) {
        let never = AtomicBool::new(false);
        loop {
            self.decide();
            let any = Wanted { any: true, ..Wanted::default() };
            if self.least <= 1 || scan::scan(&self.snapshot, &self.rule, &any, &never).total > 0 {
                return;
            }
            self.least -= 1;
        }
    }

    fn decide(&mut self) {
        let register = &self.snapshot.register;
        let fields = self.fields();
        let terms = Terms {
            words: &self.words,
            by_labs: self.lab_words.any(),
            least: self.least,
            asked: &self.asked,
            grades: &self.question.grades,
            fields: fields.as_deref(),
        };
        self.rule.candidates = candidates::candidates(register, &terms);
        self.rule.words = if self.lab_words.words.is_empty() { 0 } else { self.least };
    }

    fn fields(&self) -> Option<Vec<u32>> {
        let register = &self.snapshot.register;
        let named = |text: &String| register.fields.iter().copied().find(|field| register.text(*field) == text);
        (!self.question.fields.is_empty()).then(|| self.question.fields.iter().filter_map(named).collect())
    }

    /// A part of the lines that it finds, and, where they are wanted, the numbers of all of them.
    pub fn part(&self, span: Span, counts: bool, abandoned: &AtomicBool) -> Part {
        let wanted = Wanted {
            lines: if span.limit == 0 { 0 } else { span.limit + 1 },
            after: span.after,
            before: if span.backward { Some(span.before.unwrap_or(LAST)) } else { span.before },
            counts,
            ..Wanted::default()
        };
        let mut found = scan::scan(&self.snapshot, &self.rule, &wanted, abandoned);
        let mut lines = std::mem::take(&mut found.first);
        let more = lines.len() > span.limit;
        if more && span.backward {
            lines.remove(0);
        }
        lines.truncate(span.limit);
        let (has_next, has_previous) =
            if span.backward { (span.before.is_some(), more) } else { (more, span.after.is_some()) };
        Part { lines, has_next, has_previous, total: found.total, facets: counts.then(|| self.facets(&found)) }
    }

    fn facets(&self, found: &Found) -> Facets {
        Facets::of(&self.snapshot.register, &self.rule.candidates, found, self.question.on.into())
    }

    /// The words as they were understood.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().map(|meant| &meant.word)
    }

    /// Whether lines are listed that do not answer every word, because none does.
    pub fn is_relaxed(&self) -> bool {
        self.least < asked_words(&self.words)
    }

    /// What stands in the way of a line over the window that was asked for; `None` where none was.
    pub fn exclusions(&self, line: &Ranked) -> Option<Vec<Exclusion>> {
        let wanted = self.question.available?;
        let (segment, within) = line.place;
        let at = LineAt {
            segment: &self.snapshot.segments[segment as usize],
            line: within,
            competence: line.competence,
            holder: line.holder,
            span: line.span,
        };
        let register = &self.snapshot.register;
        let offered = Offered::to(register, &self.question.visible, wanted.window, wanted.quantity);
        Some(available::exclusions(register, at, wanted.window, &offered).into_sorted())
    }

    /// Why a line stands where it stands.
    pub fn explained(&self, line: &Ranked) -> Explained {
        explain::explained(self, line)
    }
}

/// Behind every place.
const LAST: Rank = Rank { first: u64::MAX, second: u64::MAX, tie: u64::MAX, line: u128::MAX };

/// The free text, and the conditions that are texts as well.
fn reading(texts: Texts<'_>, synonyms: &Synonyms, question: &Question) -> Outcome<Reading> {
    let mut reading = Reading::default();
    if let Some(text) = &question.text {
        reading = words::read(texts, synonyms, text, "text")?;
    }
    for (text, kind, path) in
        [(&question.parameter, Kind::Parameter, "where.parameter"), (&question.object, Kind::Object, "where.object")]
    {
        let Some(text) = text else { continue };
        let more = words::read(texts, synonyms, text, path)?;
        reading.words.extend(more.words.into_iter().map(|word| Word { only: Some(kind), ..word }));
        reading.standards.extend(more.standards);
        reading.passed_over.extend(more.passed_over);
    }
    if reading.words.len() > words::MOST_WORDS {
        return Err(Fault::invalid("text", "TOO_MANY_WORDS", format!("Ask with at most {} words.", words::MOST_WORDS)));
    }
    Ok(reading)
}

fn asked(texts: Texts<'_>, reading: &Reading, question: &Question) -> Outcome<Vec<Asked>> {
    let mut numbers = reading.standards.clone();
    for (at, text) in question.standards.iter().enumerate() {
        if text.trim().is_empty() {
            let path = format!("where.standard.{at}");
            return Err(Fault::invalid(path, "STANDARD_NUMBER", "Write a standard number such as GB/T 5009.12-2017."));
        }
        numbers.push(StandardNumber::or_raw(text));
    }
    Ok(numbers.iter().map(|number| Asked::of(texts, number)).collect())
}

/// How many words are asked for; parts of one word are one.
fn asked_words(words: &[Meant]) -> u32 {
    words.iter().fold(0_u32, |bits, meant| bits | 1 << meant.bit).count_ones()
}

/// Whether a word may name a site or a place.
fn names_lab(meant: &Meant) -> bool {
    meant.word.text.chars().count() > 1 && meant.word.only.is_none()
}

/// Which sites answer a word by their names, or by where they are.
fn named_labs(snapshot: &Snapshot, words: &mut LabWords, meant: &Meant) {
    let register = &snapshot.register;
    if !names_lab(meant) {
        return;
    }
    let mut best: BTreeMap<u32, u32> = BTreeMap::new();
    let mut note = |lab: u32, worth: u32| {
        let known = best.entry(lab).or_default();
        *known = worth.max(*known);
    };
    for (value, answer) in &meant.answers {
        let Some(kind) = register.values.get(*value).map(|value| value.kind) else { continue };
        if matches!(kind, Kind::Lab | Kind::Institution) {
            let worth = candidates::points(meant, kind, answer.worth);
            register.labs_of.get(*value).into_iter().flatten().for_each(|lab| note(*lab, worth));
        }
    }
    let ranges: Vec<(u32, u32)> = regions::named(&meant.word.text).filter_map(holders::subtree).collect();
    if !ranges.is_empty() {
        for (number, lab) in register.labs.iter() {
            if ranges.iter().any(|(from, to)| *from <= lab.region && lab.region <= *to) {
                note(number, REGION * meant.share / 100);
            }
        }
    }
    for (lab, worth) in best {
        words.note(register, lab, meant.bit, worth);
    }
}

/// What is offered to whoever asks, over the window that is asked for or on the date of the question.
fn offered<'a>(snapshot: &'a Snapshot, question: &'a Question) -> Offered<'a> {
    let window = question.available.map_or(Window::day(question.on), |wanted| wanted.window);
    Offered::to(&snapshot.register, &question.visible, window, question.available.and_then(|wanted| wanted.quantity))
}

/// The items of equipment that answer a text by class, name, model or manufacturer, by number.
fn class(texts: Texts<'_>, synonyms: &Synonyms, text: &str) -> Outcome<Vec<bool>> {
    let register = &texts.0.register;
    let reading = words::read(texts, synonyms, text, "where.equipment")?;
    let mut lists = Vec::new();
    for word in reading.words {
        let word = Word { only: Some(Kind::Instrument), ..word };
        lists.push(values::answers(texts, &word).into_keys().collect::<HashSet<u32>>());
    }
    let is_of = |item: &crate::search::register::Equipment| {
        item.revisions.last().is_some_and(|last| {
            let named =
                last.names.iter().copied().chain([last.class, last.model, last.manufacturer].into_iter().flatten());
            let named: Vec<u32> = named.collect();
            lists.iter().all(|list| named.iter().any(|value| list.contains(value)))
        })
    };
    Ok(register.equipment.iter().map(|(_, item)| is_of(item)).collect())
}

/// The items that a line needs on a date.
pub fn items(snapshot: &Snapshot, line: &Ranked) -> Vec<Link> {
    let segment = &snapshot.segments[line.place.0 as usize];
    segment.equipment(line.place.1).map(Link::unpacked).collect()
}

/// The order that a name stands for in cursors.
pub const fn order_word(by: By) -> &'static str {
    match by {
        By::Relevance => "RELEVANCE",
        By::Distance => "DISTANCE",
        By::Turnaround => "TURNAROUND",
        By::Soonest => "SOONEST",
    }
}
