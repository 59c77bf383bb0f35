//! Saved searches as callers write them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{SavedSearchKind, SearchOrder},
    ids::SavedSearchId,
    saved_search::Model,
};
use serde_json::{Value, json};

use crate::{
    directory::{institution::model::Blank, text},
    platform::{
        fault::{Fault, Outcome, Problems},
        filter::{OneOf, TextFilter},
        lenient::fold,
        patch::Patch,
    },
    search::find::MOST_CHARACTERS,
};

/// Most saved searches of one agency.
pub const MOST: u64 = 200;
/// Most bytes of the conditions of one.
const MOST_BYTES: usize = 64 * 1024;

/// Whether the question of a row can be meant, as far as that can be told without asking it. Its problems have the paths
/// of a search's own arguments: `text`, `where.…`.
pub type Check = fn(&Model) -> Outcome<()>;

/// A search to be saved.
#[derive(Clone, Debug)]
pub struct NewSavedSearch {
    /// Name.
    pub name: String,
    /// What it lists.
    pub kind: SavedSearchKind,
    /// Free text.
    pub text: Option<String>,
    /// Conditions, in the spelling of the API.
    pub filter: Option<Value>,
    /// The order.
    pub order: SearchOrder,
    /// Whether new matches shall be told.
    pub notify: bool,
    /// Remarks.
    pub remarks: Option<String>,
}

/// Edits of one saved search. What it lists stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedSearchEdit {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub text: Patch<String>,
    /// Conditions, in place of all that there were.
    pub filter: Patch<Value>,
    /// The order.
    pub order: Option<SearchOrder>,
    /// Whether new matches shall be told.
    pub notify: Option<bool>,
    /// Remarks.
    pub remarks: Patch<String>,
}

/// Which saved searches. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SavedSearchFilter {
    /// By name.
    pub name: Option<TextFilter>,
    /// By what they list.
    pub kind: Option<OneOf<SavedSearchKind>>,
}

/// In which order saved searches are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SavedSearchOrder {
    /// `NAME`: by name, without regard to case and width.
    #[default]
    Name,
    /// `RECENT`: the newest first.
    Recent,
}

/// Whether the days over which a search asks for availability are all over.
pub fn window_past(row: &Model, today: NaiveDate) -> bool {
    let last = row.filter.as_ref().and_then(|filter| filter.pointer("/available/to")).and_then(Value::as_str);
    last.and_then(|date| date.parse::<NaiveDate>().ok()).is_some_and(|last| last < today)
}

/// The refusal of one more than [`MOST`].
pub fn full() -> Fault {
    Fault::rule(
        "SAVED_SEARCHES_FULL",
        format!("An agency keeps at most {MOST} searches; delete one that you no longer need."),
        json!({ "most": MOST }),
    )
}

impl NewSavedSearch {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, blank: Blank<SavedSearchId>, by: &str, check: Check) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let (name, name_key) = named(p, &self.name);
        let row = Model {
            id: blank.id,
            agency: blank.agency,
            name,
            name_key,
            kind: self.kind,
            text: text::optional(p, "input.text", self.text, MOST_CHARACTERS),
            filter: self.filter,
            order_by: self.order,
            notify: self.notify,
            remarks: text::optional(p, "input.remarks", self.remarks, text::FREE),
            created_by: by.to_owned(),
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        };
        meant(p, &row, check)?;
        problems.finish()?;
        Ok(row)
    }
}

impl SavedSearchEdit {
    /// The row after the edit. A question that is not edited is not judged again: a region may have gone since, and
    /// whoever only wants to hear no more of it must be able to say so.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model, at: DateTime<Utc>, check: Check) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = Model { updated_at: at, ..last.clone() };
        if let Some(name) = self.name {
            (row.name, row.name_key) = named(p, &name);
        }
        row.text = text::patched(p, "input.text", self.text, MOST_CHARACTERS).over(row.text);
        row.filter = self.filter.over(row.filter);
        row.order_by = self.order.unwrap_or(row.order_by);
        row.notify = self.notify.unwrap_or(row.notify);
        row.remarks = text::patched(p, "input.remarks", self.remarks, text::FREE).over(row.remarks);
        if (&row.text, &row.filter, row.order_by) != (&last.text, &last.filter, last.order_by) {
            meant(p, &row, check)?;
        }
        problems.finish()?;
        Ok(row)
    }
}

/// A name, and the name as it is compared. The folded one can be longer: `㈱` is three characters there.
fn named(problems: &mut Problems, name: &str) -> (String, String) {
    let name = text::required(problems, "input.name", name, text::NAME);
    let key = fold(&name);
    if key.is_empty() && !name.is_empty() {
        problems.add("input.name", "REQUIRED", "Fill this in with something that can be seen.");
    }
    if key.chars().count() > text::NAME && name.chars().count() <= text::NAME {
        problems.add("input.name", "TOO_LONG", format!("Use at most {} characters.", text::NAME));
    }
    (name, key)
}

/// Adds everything that is wrong with the question of a row.
fn meant(problems: &mut Problems, row: &Model, check: Check) -> Outcome<()> {
    if let Some(filter) = &row.filter {
        if filter.to_string().len() > MOST_BYTES {
            problems.add("input.where", "TOO_LARGE", "Use fewer values: at most 64 KiB of conditions can be kept.");
        }
        texts(problems, "input.where", filter);
    }
    match check(row).map_err(|fault| fault.under("input")) {
        Err(Fault::Invalid(found)) => {
            for problem in found {
                problems.add(problem.path, problem.code, problem.message);
            }
            Ok(())
        }
        other => other,
    }
}

/// The texts within conditions: of a length that a search takes, and without characters that a database does not.
fn texts(problems: &mut Problems, path: &str, value: &Value) {
    match value {
        Value::String(given) => {
            text::optional(problems, path, Some(given.clone()), MOST_CHARACTERS);
            if path.starts_with("input.where.standard.") && given.trim().is_empty() {
                problems.add(path, "STANDARD_NUMBER", "Write a standard number such as GB/T 5009.12-2017.");
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| texts(problems, &format!("{path}.{at}"), item));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| texts(problems, &format!("{path}.{name}"), member));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
