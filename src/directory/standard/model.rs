//! Editions of standards as callers write them.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{enums::StandardStatus, standard::Model};

use super::number::StandardNumber;
use crate::{
    directory::text,
    platform::{
        fault::{Outcome, Problems},
        filter::{DateFilter, OneOf, TextFilter},
        patch::Patch,
    },
};

/// An edition to be entered.
#[derive(Clone, Debug)]
pub struct NewStandard {
    /// The number in any spelling; kept in canonical print.
    pub number: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Where it is in its life.
    pub status: StandardStatus,
    /// Number of the edition that replaced it, in any spelling; that edition need not be known.
    pub replaced_by: Option<String>,
    /// 发布日期.
    pub published_on: Option<NaiveDate>,
    /// 实施日期.
    pub effective_on: Option<NaiveDate>,
    /// 废止日期.
    pub withdrawn_on: Option<NaiveDate>,
}

/// Edits of one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandardEdit {
    /// The number in any spelling.
    pub number: Option<String>,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// English title.
    pub title_en: Patch<String>,
    /// Where it is in its life.
    pub status: Option<StandardStatus>,
    /// Number of the edition that replaced it.
    pub replaced_by: Patch<String>,
    /// 发布日期.
    pub published_on: Patch<NaiveDate>,
    /// 实施日期.
    pub effective_on: Patch<NaiveDate>,
    /// 废止日期.
    pub withdrawn_on: Patch<NaiveDate>,
}

/// Which editions. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StandardFilter {
    /// By number in any spelling: every edition of that key, or the one of the year that is named.
    pub number: Option<String>,
    /// By the canonical print, as text.
    pub printed: Option<TextFilter>,
    /// By Chinese title.
    pub title_zh: Option<TextFilter>,
    /// By English title.
    pub title_en: Option<TextFilter>,
    /// By place in life.
    pub status: Option<OneOf<StandardStatus>>,
    /// By 实施日期.
    pub effective_on: Option<DateFilter>,
}

/// In which order editions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StandardOrder {
    /// `NUMBER`: by canonical print.
    #[default]
    Number,
    /// `RECENT`: the latest entry first.
    Recent,
}

/// Which way a chain of replacement is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replacement {
    /// To what replaced it, and what replaced that.
    Later,
    /// To what it replaced, and what that had replaced.
    Earlier,
}

/// One edition among all of its standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionOfStandard {
    /// The edition.
    pub standard: Arc<Model>,
    /// Whether it is the one now in force.
    pub current: bool,
}

/// Editions of one standard, the newest first, the current one marked: the newest of those that are `CURRENT`.
pub fn editions(mut rows: Vec<Model>) -> Vec<EditionOfStandard> {
    rows.sort_by(|a, b| b.year.cmp(&a.year).then_with(|| a.number.cmp(&b.number)));
    let current = rows.iter().position(|row| row.status == StandardStatus::Current);
    rows.into_iter()
        .enumerate()
        .map(|(at, standard)| EditionOfStandard { current: current == Some(at), standard: Arc::new(standard) })
        .collect()
}

/// Which edition a citation means: the one of its year; undated, one that is itself undated, else the one in force, as
/// an undated reference always means the latest. `editions` as [`editions()`] orders them.
pub fn cited(editions: &[EditionOfStandard], year: Option<i32>) -> Option<&Arc<Model>> {
    let of_year = || editions.iter().filter(|one| one.standard.year == year);
    let found = of_year().find(|one| one.current).or_else(|| of_year().next());
    let undated = || year.is_none().then(|| editions.iter().find(|one| one.current)).flatten();
    found.or_else(undated).map(|one| &one.standard)
}

/// A number as it is stored: canonical print, match key, year.
struct Stored {
    number: String,
    key: String,
    year: Option<i32>,
}

fn stored(problems: &mut Problems, path: &str, written: &str) -> Stored {
    let written = text::required(problems, path, written, text::NAME);
    let number = StandardNumber::or_raw(&written);
    if number.suffix.is_some() {
        problems.add(path, "STANDARD_CLAUSE", format!("Name a whole standard, without clause: {}.", number.printed()));
    }
    Stored { number: number.printed(), key: number.key(), year: number.year.map(i32::from) }
}

fn dates(problems: &mut Problems, row: &Model) {
    text::ordered(problems, "input.effectiveOn", row.published_on, row.effective_on);
    text::ordered(problems, "input.withdrawnOn", row.effective_on.or(row.published_on), row.withdrawn_on);
    if row.replaced_by.as_ref() == Some(&row.number) {
        problems.add("input.replacedBy", "REPLACED_BY_ITSELF", "Name the edition that came after this one.");
    }
}

impl NewStandard {
    /// The row, in which everything but the key, the version and the stamps of `blank` is set.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, blank: Blank) -> Outcome<Model> {
        let mut problems = Problems::default();
        let number = stored(&mut problems, "input.number", &self.number);
        let row = Model {
            id: blank.id,
            number: number.number,
            key: number.key,
            year: number.year,
            title_zh: text::required(&mut problems, "input.titleZh", &self.title_zh, text::FREE),
            title_en: text::optional(&mut problems, "input.titleEn", self.title_en, text::FREE),
            status: self.status,
            replaced_by: self.replaced_by.map(|by| stored(&mut problems, "input.replacedBy", &by).number),
            published_on: self.published_on,
            effective_on: self.effective_on,
            withdrawn_on: self.withdrawn_on,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        };
        dates(&mut problems, &row);
        problems.finish()?;
        Ok(row)
    }
}

/// Key and instant of a new row.
#[derive(Clone, Copy, Debug)]
pub struct Blank {
    /// The key.
    pub id: entity::ids::StandardId,
    /// The instant.
    pub at: chrono::DateTime<chrono::Utc>,
}

impl StandardEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model) -> Outcome<Model> {
        let mut problems = Problems::default();
        let mut row = last.clone();
        if let Some(number) = self.number {
            let number = stored(&mut problems, "input.number", &number);
            (row.number, row.key, row.year) = (number.number, number.key, number.year);
        }
        if let Some(title) = self.title_zh {
            row.title_zh = text::required(&mut problems, "input.titleZh", &title, text::FREE);
        }
        row.title_en = text::patched(&mut problems, "input.titleEn", self.title_en, text::FREE).over(row.title_en);
        row.status = self.status.unwrap_or(row.status);
        row.replaced_by = match self.replaced_by {
            Patch::Set(by) => Some(stored(&mut problems, "input.replacedBy", &by).number),
            other => other.over(row.replaced_by),
        };
        row.published_on = self.published_on.over(row.published_on);
        row.effective_on = self.effective_on.over(row.effective_on);
        row.withdrawn_on = self.withdrawn_on.over(row.withdrawn_on);
        dates(&mut problems, &row);
        problems.finish()?;
        Ok(row)
    }
}
