//! Answering questions from a snapshot of the index. Pure computing: no database, no waiting.

pub mod available;
pub mod basket;
mod candidates;
mod explain;
mod facets;
pub mod grade;
mod held;
mod holders;
mod items;
mod labs;
mod marked;
mod meaning;
mod numbers;
mod offered;
pub mod question;
pub mod rank;
mod read;
mod regions;
mod rule;
mod scan;
mod spelling;
mod standing;
mod suggest;
mod tally;
mod texts;
mod uncovered;
mod values;
mod way;
mod words;

use std::sync::{Arc, atomic::AtomicBool};

pub use explain::{Explained, Factor, Highlight};
pub use facets::{Facets, Slice};
pub use holders::{UNKNOWN, subtree};
pub use items::{FoundItem, ItemPart, items};
pub use labs::{FoundLab, LabPart};
pub use offered::Terms as OfferedTerms;
pub use standing::{Asking, LabStanding, LineStanding};
pub use suggest::{Suggestion, suggest};
pub use values::Way;
pub use words::{MOST_CHARACTERS, Word};

use self::{
    available::{Availability, LineAt},
    candidates::Terms,
    grade::{Asked, Grade},
    holders::LabWords,
    meaning::Meant,
    offered::{Offered, Room},
    question::{Near, Question},
    rank::{By, Rank, Ranked},
    rule::{More, Rule},
    scan::{Found, Wanted},
    texts::Texts,
};
use crate::{
    capacity::availability::model::{Exclusion, Window},
    platform::fault::Outcome,
    search::{index::Snapshot, text::synonym::Synonyms},
};

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
    /// Words and parts of words that nothing in the register has. What is found answers the others alone.
    pub unknown: Vec<String>,
    /// How many words a line must answer, those of conditions among them; fewer than there are where no line answers all
    /// of them.
    pub least: u32,
    /// The words of conditions, which every line must answer.
    required: u32,
    words: Vec<Meant>,
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
        let reading = read::reading(texts, synonyms, &question)?;
        let asked = read::asked(texts, &reading, &question)?;
        let equipment = match &question.equipment {
            Some(text) => Some(read::class(texts, synonyms, text)?),
            None => None,
        };
        let (words, unknown) = meaning::meant(texts, synonyms, reading.words, !asked.is_empty());
        let mut lab_words = LabWords::default();
        for meant in &words {
            read::named_labs(&snapshot, &mut lab_words, meant);
        }
        let window = question.available;
        let by_terms = matches!(question.order, By::Turnaround | By::Soonest) || question.turnaround.is_some();
        let more = (equipment.is_some() || window.is_some() || by_terms).then(|| More {
            class: equipment,
            available: window.map(|wanted| {
                let over = || Availability::over(&snapshot.register, wanted.window);
                snapshot.remembered(wanted.window, over)
            }),
            could_if: window.is_some_and(|wanted| wanted.could_if),
            room: window.map(|wanted| {
                let (free, asked) = (snapshot.free(), (wanted.window, wanted.quantity));
                snapshot.remembered((question.visible.clone(), asked, free.version), || {
                    Room::over(&snapshot.register, &question.visible, asked, free)
                })
            }),
            offered: snapshot
                .remembered((question.visible.clone(), self::window(&question), quantity(&question)), || {
                    offered(&snapshot, &question).all()
                }),
            turnaround: question.turnaround,
        });
        let rule = Rule::new(&snapshot, &question, lab_words, more);
        let (least, required) = (read::bits(&words).count_ones(), read::required(&words));
        let snapshot = Arc::clone(&snapshot);
        let passed_over = reading.passed_over;
        let mut understood = Self { snapshot, question, asked, passed_over, unknown, least, required, words, rule };
        understood.relax();
        understood.near_what_is_named();
        Ok(understood)
    }

    /// Where a place was named and nothing is found there, what is nearest to it stands first among equals.
    fn near_what_is_named(&mut self) {
        if self.question.near.is_some() || self.least == self.all() {
            return;
        }
        let named = |meant: &Meant| regions::point(&meant.word.text).filter(|_| meant.word.only.is_none());
        if let Some(point) = self.words.iter().find_map(named) {
            self.question.near = Some(Near { point, within_km: None });
            self.rule.moved(&self.snapshot, &self.question);
        }
    }

    /// Requires as many words of the free text as any line answers. Only words give way: where lines answer all of them, but
    /// none where, when or by whom it is wanted, nothing is found, and nothing else is put in its place. Beside a
    /// standard all of them may give way.
    fn relax(&mut self) {
        let fewest = self.required.count_ones().max(u32::from(self.asked.is_empty()));
        loop {
            self.decide();
            if self.least <= fewest || is_any(&self.snapshot, &self.rule) || self.is_any_elsewhere() {
                return;
            }
            self.least -= 1;
        }
    }

    /// Whether lines would do that are left out for where, when or by whom they are.
    fn is_any_elsewhere(&self) -> bool {
        let Question { visible, on, .. } = &self.question;
        let anywhere = Question { any_standing: true, ..Question::on(visible.clone(), *on) };
        let mut rule = Rule::new(&self.snapshot, &anywhere, self.rule.lab_words.clone(), None);
        rule.candidates = candidates::candidates(&self.snapshot.register, &self.asking(None, &[]));
        rule.words = self.rule.words;
        is_any(&self.snapshot, &rule)
    }

    fn decide(&mut self) {
        let fields = self.fields();
        let terms = self.asking(fields.as_deref(), &self.question.grades);
        self.rule.candidates = candidates::candidates(&self.snapshot.register, &terms);
        self.rule.words = if self.rule.lab_words.words.is_empty() { 0 } else { self.least };
    }

    fn asking<'a>(&'a self, fields: Option<&'a [u32]>, grades: &'a [Grade]) -> Terms<'a> {
        Terms {
            words: &self.words,
            by_labs: self.rule.lab_words.any(),
            least: self.least,
            all: self.all(),
            required: self.required,
            asked: &self.asked,
            grades,
            fields,
        }
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

    /// How far a site is, in metres; `None` where that is not known or was not asked.
    fn metres(&self, lab: u32) -> Option<u32> {
        Some(self.rule.metres(lab)).filter(|metres| self.question.near.is_some() && *metres < UNKNOWN)
    }

    /// The words as they were understood.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().map(|meant| &meant.word)
    }

    /// Whether lines are meant that do not answer every word that carries weight, because none does.
    pub fn is_relaxed(&self) -> bool {
        !self.rule.candidates.is_empty() && (self.least < self.all() || !self.unknown.is_empty())
    }

    /// How many words there are, whether they must be answered or not.
    fn all(&self) -> u32 {
        read::bits(&self.words).count_ones()
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
        let offered = offered.counting(self.snapshot.free());
        Some(available::exclusions(register, at, wanted.window, &offered).into_sorted())
    }

    /// Why a line stands where it stands.
    pub fn explained(&self, line: &Ranked) -> Explained {
        explain::explained(self, line)
    }
}

/// Whether a rule finds any line.
fn is_any(snapshot: &Snapshot, rule: &Rule) -> bool {
    let any = Wanted { any: true, ..Wanted::default() };
    scan::scan(snapshot, rule, &any, &AtomicBool::new(false)).total > 0
}

/// Behind every place.
const LAST: Rank = Rank { first: u64::MAX, second: u64::MAX, tie: u64::MAX, line: u128::MAX };

/// The window that is asked for, or the date of the question.
fn window(question: &Question) -> Window {
    question.available.map_or(Window::day(question.on), |wanted| wanted.window)
}

/// What is offered to whoever asks.
fn offered<'a>(snapshot: &'a Snapshot, question: &'a Question) -> Offered<'a> {
    Offered::to(&snapshot.register, &question.visible, window(question), quantity(question))
}

fn quantity(question: &Question) -> Option<u32> {
    question.available.and_then(|wanted| wanted.quantity)
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
