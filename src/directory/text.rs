//! The form of texts and dates in what callers send.

use chrono::NaiveDate;

use crate::platform::{
    fault::{Outcome, Problems},
    patch::Patch,
};

/// Longest name or code, in characters.
pub const NAME: usize = 200;
/// Longest free text, in characters.
pub const FREE: usize = 2_000;
/// Longest reason, in characters.
pub const REASON: usize = 500;

/// A text that must be there: trimmed, of 1 to `most` characters.
pub fn required(problems: &mut Problems, path: &str, text: &str, most: usize) -> String {
    let text = text.trim();
    if text.is_empty() {
        problems.add(path, "REQUIRED", "Fill this in.");
    }
    bounded(problems, path, text, most);
    text.to_owned()
}

/// A text that may be missing: trimmed, blank as missing, of at most `most` characters.
pub fn optional(problems: &mut Problems, path: &str, text: Option<String>, most: usize) -> Option<String> {
    let text = text?;
    let text = text.trim();
    bounded(problems, path, text, most);
    (!text.is_empty()).then(|| text.to_owned())
}

/// An edit of a text that may be missing: setting it to blanks empties it.
pub fn patched(problems: &mut Problems, path: &str, patch: Patch<String>, most: usize) -> Patch<String> {
    match patch {
        Patch::Set(text) => optional(problems, path, Some(text), most).into(),
        kept => kept,
    }
}

/// A reason for an act: 1 to [`REASON`] characters.
///
/// # Errors
/// `INVALID` at `input.reason`.
pub fn reason(text: &str) -> Outcome<String> {
    let mut problems = Problems::default();
    let text = required(&mut problems, "input.reason", text, REASON);
    problems.finish()?;
    Ok(text)
}

/// Two dates of which the second must not lie before the first.
pub fn ordered(problems: &mut Problems, path: &str, first: Option<NaiveDate>, second: Option<NaiveDate>) {
    if let (Some(first), Some(second)) = (first, second)
        && second < first
    {
        problems.add(path, "DATES_REVERSED", format!("Choose {first} or a later date."));
    }
}

fn bounded(problems: &mut Problems, path: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        problems.add(path, "TOO_LONG", format!("Use at most {most} characters."));
    }
}
