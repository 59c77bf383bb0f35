//! Finds the row, or the two rows, of headings, and which column of the file is which.

use super::{Column, Kind, Mapping, column::plain, shortened};
use crate::{
    exchange::sheet::RawRow,
    platform::fault::{Fault, Problems},
};

/// Rows at the beginning of a sheet among which the headings are looked for.
pub(super) const WITHIN: usize = 30;

/// Columns of a file that can have headings.
const WIDTH: usize = 512;

/// The headings of a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Headings {
    /// By our column: the file's column.
    pub(super) at: Vec<Option<usize>>,
    /// By the file's column: the heading as it stands there.
    pub(super) names: Vec<String>,
    /// Index of the first row after the headings, among the rows looked at.
    pub(super) after: usize,
    /// Headings that mean no column: column and text.
    pub(super) unknown: Vec<(usize, String)>,
}

impl Headings {
    fn matched(&self) -> usize {
        self.at.iter().flatten().count()
    }

    /// Whether every needed column is there, in the file or as a constant.
    fn complete(&self, columns: &[Column], mapping: &Mapping) -> bool {
        self.missing(columns, mapping).next().is_none()
    }

    fn missing<'c>(&self, columns: &'c [Column], mapping: &Mapping) -> impl Iterator<Item = &'c Column> {
        columns
            .iter()
            .zip(&self.at)
            .filter(|(column, at)| column.needed && at.is_none() && !mapping.constants.contains_key(column.key))
            .map(|(column, _)| column)
    }

    /// Whether these are the headings of our own files: every written column under its own key.
    pub(super) fn own(&self, columns: &[Column]) -> bool {
        let mut written = columns.iter().zip(&self.at).filter(|(column, _)| column.written);
        written.all(|(column, at)| at.is_some_and(|at| self.names[at] == column.key))
    }

    /// Whether a row says just what the headings say, as on each new page of a printed table.
    pub(super) fn repeated_by(&self, row: &RawRow) -> bool {
        let mut seen = false;
        for &at in self.at.iter().flatten() {
            let text = row.cell(at).trim();
            if !self.names[at].ends_with(text) && !self.names[at].starts_with(text) {
                return false;
            }
            seen |= !text.is_empty();
        }
        seen
    }
}

/// Looks for the headings in the first rows of a sheet: the place where most columns are recognised, the first such
/// place, one row rather than two.
///
/// # Errors
/// The problems of the best place: `MISSING_COLUMNS` with what was found and what is expected.
pub(super) fn find(file: &str, kind: Kind, rows: &[RawRow], mapping: &Mapping) -> Result<Headings, Fault> {
    let mut best = Headings { at: vec![None; kind.columns().len()], ..Headings::default() };
    for (index, row) in rows.iter().enumerate() {
        if mapping.options.heading_row.is_some_and(|wanted| wanted != row.number) || row.is_blank() {
            continue;
        }
        let one = matched(kind, single(row), index + 1, mapping);
        let below = rows.get(index + 1).filter(|below| !below.is_blank());
        let two = below.map(|below| matched(kind, double(row, below), index + 2, mapping));
        for found in [Some(one), two].into_iter().flatten() {
            let better = (found.complete(kind.columns(), mapping), found.matched());
            if better > (best.complete(kind.columns(), mapping), best.matched()) {
                best = found;
            }
        }
    }
    if best.matched() > 0 && best.complete(kind.columns(), mapping) && unmapped(&best, mapping).is_empty() {
        Ok(best)
    } else {
        Err(explain(file, kind, rows, &best, mapping))
    }
}

/// What the cells of a heading may mean, most telling first, and how it is shown.
struct Heading {
    shown: String,
    candidates: Vec<String>,
}

fn single(row: &RawRow) -> Vec<Heading> {
    row.cells()
        .take(WIDTH)
        .map(|text| Heading { shown: text.trim().to_owned(), candidates: vec![plain(text)] })
        .collect()
}

/// Two rows read together: `项目/参数` over `序号` is `项目/参数序号`. A blank cell of the upper row belongs to the text
/// before it where something stands below.
fn double(upper: &RawRow, lower: &RawRow) -> Vec<Heading> {
    let mut over = "";
    let mut headings = Vec::new();
    for column in 0..upper.len().max(lower.len()).min(WIDTH) {
        let (top, bottom) = (upper.cell(column).trim(), lower.cell(column).trim());
        if !top.is_empty() || bottom.is_empty() {
            over = top;
        }
        let (first, second) = (plain(over), plain(bottom));
        let heading = if first.is_empty() || second.is_empty() || first == second {
            let shown = if over.is_empty() { bottom } else { over };
            Heading { shown: shown.to_owned(), candidates: vec![plain(shown)] }
        } else {
            Heading { shown: format!("{over} {bottom}"), candidates: vec![format!("{first}{second}"), second, first] }
        };
        headings.push(heading);
    }
    headings
}

/// Gives each of our columns the first heading that means it; what the mapping says goes first.
fn matched(kind: Kind, headings: Vec<Heading>, after: usize, mapping: &Mapping) -> Headings {
    let columns = kind.columns();
    let mut found = Headings { at: vec![None; columns.len()], after, ..Headings::default() };
    let mut taken = vec![false; headings.len()];
    for (at, heading) in headings.iter().enumerate() {
        if let Some(keys) = heading.candidates.iter().find_map(|text| mapping.targets(text)) {
            taken[at] = true;
            for (ours, _) in columns.iter().enumerate().filter(|(_, column)| keys.iter().any(|key| key == column.key)) {
                found.at[ours].get_or_insert(at);
            }
        }
    }
    let rounds = headings.iter().map(|heading| heading.candidates.len()).max().unwrap_or(0);
    for round in 0..rounds {
        for (at, heading) in headings.iter().enumerate().filter(|(at, _)| !taken[*at]).collect::<Vec<_>>() {
            let Some(text) = heading.candidates.get(round).filter(|text| !text.is_empty()) else { continue };
            let free = (0..columns.len()).find(|&ours| found.at[ours].is_none() && columns[ours].means(text));
            if let Some(ours) = free {
                (found.at[ours], taken[at]) = (Some(at), true);
            }
        }
    }
    found.unknown = headings
        .iter()
        .enumerate()
        .filter(|(at, heading)| !taken[*at] && !heading.shown.is_empty())
        .map(|(at, heading)| (at, heading.shown.clone()))
        .collect();
    found.names = headings.into_iter().map(|heading| heading.shown).collect();
    found
}

/// Headings that the mapping names and the file has not.
fn unmapped<'m>(found: &Headings, mapping: &'m Mapping) -> Vec<&'m str> {
    let names: Vec<String> = found.names.iter().map(|name| plain(name)).collect();
    mapping.columns.keys().filter(|heading| !names.contains(&plain(heading))).map(String::as_str).collect()
}

fn explain(file: &str, kind: Kind, rows: &[RawRow], best: &Headings, mapping: &Mapping) -> Fault {
    let mut problems = Problems::default();
    let seen: Vec<String> = if best.matched() > 0 {
        best.names.iter().filter(|name| !name.is_empty()).map(|name| shortened(name)).collect()
    } else {
        let first = rows.iter().find(|row| !row.is_blank());
        first
            .map(|row| row.cells().take(WIDTH).filter(|c| !c.trim().is_empty()).map(shortened).collect())
            .unwrap_or_default()
    };
    let missing: Vec<String> = best.missing(kind.columns(), mapping).map(Column::shown).collect();
    if !missing.is_empty() || best.matched() == 0 {
        let all: Vec<String> = kind.columns().iter().map(Column::shown).collect();
        let message = format!(
            "No headings of {} were found: {} missing. Found: {}. Known: {}. Rename the headings or pass a mapping file.",
            kind.word(),
            if missing.is_empty() { "every one is".to_owned() } else { format!("{} is", missing.join(", ")) },
            if seen.is_empty() { "nothing".to_owned() } else { seen.join(" | ") },
            all.join(", "),
        );
        problems.add(file, "MISSING_COLUMNS", message);
    }
    for heading in if best.matched() > 0 { unmapped(best, mapping) } else { Vec::new() } {
        let message =
            format!("The mapping names a heading “{heading}” that the file has not. Found: {}.", seen.join(" | "));
        problems.add(file, "MAPPED_HEADING_MISSING", message);
    }
    match problems.finish() {
        Err(fault) => fault,
        Ok(()) => Fault::invalid(file, "MISSING_COLUMNS", "No headings were found."),
    }
}
