//! How a line meets the standards that are asked for.

use entity::enums::StandardStatus;

use super::texts::Texts;
use crate::{
    directory::standard::number::StandardNumber,
    search::{
        register::{Competence, Kind, Register},
        text::{
            fold::folded,
            tokens::{self, token},
        },
    },
};

/// The match grades, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// `EXACT`: same standard, same year.
    Exact,
    /// `OTHER_EDITION`: an older or newer edition, or a standard that replaced it or was replaced by it.
    OtherEdition,
    /// `UNDATED`: one side has no year.
    Undated,
    /// `SAME_PARAMETER`: another method for what is asked.
    SameParameter,
}

/// Families whose numbers carry the edition themselves.
const EDITION_IN_NUMBER: [&str; 6] = ["BJS ", "KJ ", "EPA ", "AOAC ", "NIOSH ", "YBB "];

/// A standard that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// As it was understood, in canonical print.
    pub number: String,
    /// The text of its match key.
    pub key: String,
    /// The number of its match key in the register; none where nothing cites it.
    pub known: Option<u32>,
    /// The year, where it was given.
    pub year: Option<i32>,
    /// The clause or method within it that was named, folded, in each spelling of its number; nothing where none was.
    pub clauses: Vec<String>,
    /// Whether it is a condition: only lines that cite it will do.
    pub is_condition: bool,
    /// Match keys of its parts, where it is a series of which nothing cites the whole: `GB 5009` with `GB 5009.12`.
    pub parts: Vec<u32>,
    /// Match keys of standards that came before or after it under another number.
    pub kin: Vec<u32>,
}

/// What the register knows of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Where it is in its life.
    pub status: StandardStatus,
}

impl Asked {
    /// What a number asks for.
    pub fn of(texts: Texts<'_>, number: &StandardNumber) -> Self {
        let key = number.key();
        let known = texts.known(Kind::Standard, &key);
        Self {
            number: number.printed(),
            known,
            year: number.year.map(i32::from),
            clauses: number.suffix.as_deref().map(|clause| spellings(&folded(clause))).unwrap_or_default(),
            is_condition: false,
            parts: if known.is_none() { parts(texts, &key) } else { Vec::new() },
            kin: known.map(|key| kin(&texts.0.register, key)).unwrap_or_default(),
            key,
        }
    }

    /// The match keys under which competences may meet it, by number.
    pub fn keys(&self) -> impl Iterator<Item = u32> {
        self.known.into_iter().chain(self.parts.iter().copied()).chain(self.kin.iter().copied())
    }

    /// How a competence meets it; `None` where its method is another.
    pub fn grade(&self, competence: &Competence) -> Option<Grade> {
        let cited = competence.standard?;
        if self.kin.contains(&cited) {
            return Some(Grade::OtherEdition);
        }
        if Some(cited) != self.known && !self.parts.contains(&cited) {
            return None;
        }
        Some(match (self.year, competence.year) {
            (Some(asked), Some(year)) if asked == year => Grade::Exact,
            (Some(_), Some(_)) => Grade::OtherEdition,
            (None, None) if EDITION_IN_NUMBER.iter().any(|family| self.key.starts_with(family)) => Grade::Exact,
            _ => Grade::Undated,
        })
    }
}

/// The Chinese digits from one on.
const DIGITS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// `第一法` and `第1法` are the same.
fn spellings(clause: &str) -> Vec<String> {
    let mut found = vec![clause.to_owned()];
    for (digit, number) in DIGITS.into_iter().zip(1..) {
        let (chinese, arabic) = (format!("第{digit}"), format!("第{number}"));
        let is_whole =
            |behind: Option<char>| behind.is_some_and(|c| !c.is_ascii_digit() && !"一二三四五六七八九十".contains(c));
        for (this, other) in [(&chinese, &arabic), (&arabic, &chinese)] {
            if let Some(at) = clause.find(this.as_str()).filter(|at| is_whole(clause[at + this.len()..].chars().next()))
            {
                found.push(format!("{}{other}{}", &clause[..at], &clause[at + this.len()..]));
            }
        }
    }
    found
}

/// Most parts of a series.
const MOST_PARTS: usize = 1_000;

/// Match keys of the parts of a series.
fn parts(texts: Texts<'_>, key: &str) -> Vec<u32> {
    let mut parts = Vec::new();
    for joint in ['.', '-'] {
        texts.beginning(&token(tokens::WHOLE, &format!("{}{joint}", folded(key))), |value| parts.push(value));
    }
    let register = &texts.0.register;
    parts.retain(|value| register.values.get(*value).is_some_and(|value| value.kind == Kind::Standard));
    parts.truncate(MOST_PARTS);
    parts
}

/// Match keys of standards that replaced a standard, or were replaced by it, under another number, however far back.
fn kin(register: &Register, key: u32) -> Vec<u32> {
    let mut kin = vec![key];
    let mut at = 0;
    while let Some(key) = kin.get(at).copied() {
        at += 1;
        let after = register.editions_of.get(key).map_or(&[][..], Vec::as_slice).iter();
        let after = after.filter_map(|number| register.standards.get(*number)?.successor);
        let before = register.replaced_by(key).filter_map(|number| Some(register.standards.get(number)?.key));
        for other in after.chain(before).collect::<Vec<_>>() {
            if !kin.contains(&other) && kin.len() < 32 {
                kin.push(other);
            }
        }
    }
    kin.remove(0);
    kin
}

/// What the register knows of the edition that a competence cites; of an undated citation the edition in force.
pub fn edition(register: &Register, competence: &Competence) -> Option<Edition> {
    let key = competence.standard?;
    let editions = register.editions_of.get(key)?.iter().filter_map(|number| register.standards.get(*number));
    let mut editions = editions.filter(|edition| edition.key == key);
    match competence.year {
        Some(year) => editions.find(|edition| edition.year == Some(year)),
        None => editions.find(|edition| edition.status == StandardStatus::Current),
    }
    .map(|edition| Edition { status: edition.status })
}
