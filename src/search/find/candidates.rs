//! From words to competences: which of them answer which words, and how well.

use std::cell::RefCell;

use super::{
    grade::{self, Asked, Grade},
    meaning::{Meant, counted},
    rule::Candidate,
};
use crate::search::register::{Competence, Kind, Register};

/// What the exact standard adds to a score; a word adds [`PERFECT`](super::values::PERFECT) at most.
const EXACT: u32 = 200;
/// What the edition in force adds where another was asked for.
const CURRENT: u32 = 160;
/// What the edition in force adds where no year was asked for.
const IN_FORCE: u32 = 140;
/// What a line adds that cites the standard without a year.
const UNDATED: u32 = 130;
/// What an edition adds that is no longer in force, where it is not the one that was asked for.
const OLDER: u32 = 120;
/// What the clause or method within the standard adds that was named with it.
const CLAUSE: u32 = 12;
/// What a line loses whose limits say what it does not cover.
pub const LIMITED: u32 = 6;
/// What a line loses that cites an edition which is no longer in force, where no standard was asked for.
pub const SUPERSEDED: u32 = 4;
/// What every score begins with, so that losses have something to be taken from.
pub const BASE: u32 = 100;

/// How much a text of a kind tells, of a hundred.
pub const fn weight(kind: Kind) -> u32 {
    match kind {
        Kind::Parameter | Kind::Instrument => 100,
        Kind::Object => 85,
        Kind::Lab | Kind::Institution | Kind::Class | Kind::Model => 70,
        Kind::Field => 60,
        Kind::Method | Kind::Manufacturer => 50,
        Kind::Title => 45,
        Kind::Standard | Kind::Agency => 0,
    }
}

/// What a text of a kind adds to a score that answers a word so well.
pub fn points(meant: &Meant, kind: Kind, worth: u32) -> u32 {
    (worth * weight(kind) * meant.share / 10_000).max(1)
}

/// What is asked of competences.
pub struct Terms<'a> {
    /// Its words and their parts, each with the bit of its word.
    pub words: &'a [Meant],
    /// Which words sites can answer in their stead.
    pub by_labs: u32,
    /// How many words must be answered.
    pub least: u32,
    /// How many there are: another method is only looked at where parameter, object and all else are what was asked.
    pub all: u32,
    /// Words that must be answered by the competence itself, a bit each.
    pub required: u32,
    /// Standards, of which any will do.
    pub asked: &'a [Asked],
    /// The grades that will do.
    pub grades: &'a [Grade],
    /// 类别 / 领域, any of which will do; none: every one.
    pub fields: Option<&'a [u32]>,
}

/// The competences that may be meant, in the order of their numbers.
pub fn candidates(register: &Register, terms: &Terms<'_>) -> Vec<Candidate> {
    TABLES.with_borrow_mut(|tables| {
        tables.begin(register.competences.len());
        for words in counted(terms.words) {
            tables.count(register, words);
        }
        let found = judged(register, terms, tables);
        tables.end();
        found
    })
}

fn judged(register: &Register, terms: &Terms<'_>, tables: &Tables) -> Vec<Candidate> {
    let is_parameter = |value: &u32| kind(register, *value) == Some(Kind::Parameter);
    // A standard that is a condition must be cited, unless another method for the same was asked for in so many words.
    let is_free = !terms.asked.iter().any(|one| one.is_condition) || !terms.grades.is_empty();
    let same_parameter_will_do = is_free
        && allows(terms, Grade::SameParameter)
        && terms.words.iter().any(|meant| meant.answers.keys().any(is_parameter));
    let judge = Judge { register, terms, tables, same_parameter_will_do };
    match judge.few() {
        Some(few) => few.into_iter().filter_map(|number| judge.candidate(number)).collect(),
        None => {
            let mut found = Vec::with_capacity(register.competences.len());
            found.extend((0..).take(register.competences.len()).filter_map(|number| judge.candidate(number)));
            found
        }
    }
}

/// Decides competences one by one.
struct Judge<'a> {
    register: &'a Register,
    terms: &'a Terms<'a>,
    tables: &'a Tables,
    same_parameter_will_do: bool,
}

impl Judge<'_> {
    /// The only ones that may be candidates, in order, where they are few beside all of them.
    fn few(&self) -> Option<Vec<u32>> {
        let Terms { asked, by_labs, least, .. } = self.terms;
        let mut few = Vec::new();
        if asked.is_empty() {
            if by_labs.count_ones() >= *least {
                return None;
            }
            few.extend_from_slice(&self.tables.answered);
        } else {
            for key in asked.iter().flat_map(Asked::keys) {
                few.extend_from_slice(self.register.competences_of(key));
            }
            if self.same_parameter_will_do {
                few.extend_from_slice(&self.tables.answered);
            }
        }
        if few.len() * 4 > self.register.competences.len() {
            return None;
        }
        few.sort_unstable();
        few.dedup();
        Some(few)
    }

    fn candidate(&self, number: u32) -> Option<Candidate> {
        let Self { register, terms, tables, .. } = self;
        let competence = register.competences.get(number)?;
        let at = number as usize;
        let words = tables.words[at];
        if words & terms.required != terms.required
            || (words | terms.by_labs).count_ones() < terms.least
            || terms.fields.is_some_and(|fields| !fields.contains(&competence.field))
        {
            return None;
        }
        let plus = if terms.asked.is_empty() {
            let is_past = is_past(register, competence);
            BASE - if is_past { SUPERSEDED } else { 0 }
        } else {
            match best(terms.asked, competence) {
                Some(grade) if allows(terms, grade) && meets(terms.asked, competence) => {
                    BASE + worth(register, terms.asked, competence, grade)
                }
                None if self.same_parameter_will_do
                    && tables.parameters[at]
                    && (words | terms.by_labs).count_ones() >= terms.all =>
                {
                    BASE
                }
                _ => return None,
            }
        };
        let score = plus + tables.scores[at] - if competence.limited { LIMITED } else { 0 };
        Some(Candidate { competence: number, words, score })
    }
}

/// The best grade in which a competence meets any of the standards.
pub fn best(asked: &[Asked], competence: &Competence) -> Option<Grade> {
    asked.iter().filter_map(|one| one.grade(competence)).min()
}

/// Whether a competence cites a standard that is a condition, where any is.
fn meets(asked: &[Asked], competence: &Competence) -> bool {
    let mut conditions = asked.iter().filter(|one| one.is_condition).peekable();
    conditions.peek().is_none() || conditions.any(|one| one.grade(competence).is_some())
}

fn allows(terms: &Terms<'_>, grade: Grade) -> bool {
    terms.grades.is_empty() || terms.grades.contains(&grade)
}

/// What a grade adds, and the clause that was named.
pub fn worth(register: &Register, asked: &[Asked], competence: &Competence, grade: Grade) -> u32 {
    let worth = match grade {
        Grade::Exact => EXACT,
        Grade::SameParameter => return 0,
        _ if is_past(register, competence) => OLDER,
        Grade::OtherEdition => CURRENT,
        Grade::Undated if competence.year.is_some() => IN_FORCE,
        Grade::Undated => UNDATED,
    };
    let mut clauses = asked.iter().flat_map(|one| &one.clauses);
    let names_clause = clauses.any(|clause| register.folded(competence.method).contains(clause.as_str()));
    worth + if names_clause { CLAUSE } else { 0 }
}

/// Whether the edition that a competence cites is known to be past.
pub fn is_past(register: &Register, competence: &Competence) -> bool {
    use entity::enums::StandardStatus::{Superseded, Withdrawn};
    competence.year.is_some()
        && grade::edition(register, competence).is_some_and(|edition| matches!(edition.status, Superseded | Withdrawn))
}

fn kind(register: &Register, value: u32) -> Option<Kind> {
    register.values.get(value).map(|value| value.kind)
}

thread_local! {
    /// Kept from question to question, because asking the system for so much memory takes longer than most questions.
    static TABLES: RefCell<Tables> = RefCell::default();
}

/// What is gathered, by competence.
#[derive(Default)]
struct Tables {
    words: Vec<u32>,
    scores: Vec<u32>,
    /// How well the word under way is answered.
    best: Vec<u8>,
    /// Whether a word is answered by the parameter.
    parameters: Vec<bool>,
    /// Those that answer any word, some of them more than once.
    answered: Vec<u32>,
}

impl Tables {
    /// Makes room for so many competences.
    fn begin(&mut self, count: usize) {
        // What is left of a question that was broken off.
        self.end();
        let most = count.max(self.words.len());
        self.words.resize(most, 0);
        self.scores.resize(most, 0);
        self.best.resize(most, 0);
        self.parameters.resize(most, false);
    }

    /// Forgets what was gathered.
    fn end(&mut self) {
        for competence in self.answered.drain(..) {
            let at = competence as usize;
            (self.words[at], self.scores[at], self.best[at], self.parameters[at]) = (0, 0, 0, false);
        }
    }

    /// Counts the best answer to any of a few words.
    fn count(&mut self, register: &Register, words: &[Meant]) {
        let before = self.answered.len();
        for meant in words {
            self.note(register, meant);
        }
        let bits = words.iter().fold(0, |bits, meant| bits | 1 << meant.bit);
        for competence in &self.answered[before..] {
            let at = *competence as usize;
            self.words[at] |= bits;
            self.scores[at] += u32::from(std::mem::take(&mut self.best[at]));
        }
    }

    fn note(&mut self, register: &Register, meant: &Meant) {
        for (value, answer) in &meant.answers {
            let Some(kind) = kind(register, *value) else { continue };
            let worth = u8::try_from(points(meant, kind, answer.worth)).unwrap_or(u8::MAX);
            let mut note = |competence: u32| {
                let best = &mut self.best[competence as usize];
                if *best == 0 {
                    self.answered.push(competence);
                }
                *best = (*best).max(worth);
                self.parameters[competence as usize] |= kind == Kind::Parameter;
            };
            if kind == Kind::Title {
                let editions = register.editions_of.get(*value).map_or(&[][..], Vec::as_slice).iter();
                for edition in editions.filter_map(|number| register.standards.get(*number)) {
                    register.competences_of(edition.key).iter().copied().for_each(&mut note);
                }
            } else {
                register.competences_of(*value).iter().copied().for_each(&mut note);
            }
        }
    }
}
