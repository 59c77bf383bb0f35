//! The form of texts and dates in what callers send.

use chrono::NaiveDate;

use entity::ids::RegionCode;

use super::region::divisions::{division_of, successor};
use crate::platform::{
    fault::{Outcome, Problems},
    lenient::fold_code,
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
/// `INVALID` at `reason`, the argument of every act that needs one.
pub fn reason(text: &str) -> Outcome<String> {
    let mut problems = Problems::default();
    let text = required(&mut problems, "reason", text, REASON);
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

/// A division of GB/T 2260 that exists today; a former code is read as its successor.
pub fn region(problems: &mut Problems, path: &str, code: &str) -> RegionCode {
    let code = fold_code(code);
    if division_of(&code).is_some() {
        return RegionCode(code);
    }
    match successor(&code) {
        Some(now) => RegionCode(now.new_code.to_owned()),
        None => {
            problems.add(
                path,
                "REGION_UNKNOWN",
                "Give the six digits of a division (GB/T 2260) of a member's province.",
            );
            RegionCode(code)
        }
    }
}

/// An e-mail address, as far as its form tells.
pub fn email(problems: &mut Problems, path: &str, patch: Patch<String>) -> Patch<String> {
    let patch = patched(problems, path, patch, NAME);
    if let Patch::Set(address) = &patch {
        let formed = address.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !address.contains(char::is_whitespace)
        });
        if !formed {
            problems.add(path, "EMAIL_FORM", "Write an address such as lab@example.org.");
        }
    }
    patch
}

/// A point: both of its coordinates or none, each in its range.
pub fn point(problems: &mut Problems, path: &str, longitude: Option<f64>, latitude: Option<f64>) {
    match (longitude, latitude) {
        (None, None) => {}
        (Some(east), Some(north)) if (-180.0..=180.0).contains(&east) && (-90.0..=90.0).contains(&north) => {}
        (Some(_), Some(_)) => {
            problems.add(path, "POINT_RANGE", "Longitude runs from -180 to 180, latitude from -90 to 90.")
        }
        _ => problems.add(path, "POINT_HALF", "Give both longitude and latitude, or neither."),
    }
}

fn bounded(problems: &mut Problems, path: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        problems.add(path, "TOO_LONG", format!("Use at most {most} characters."));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        problems.add(path, "CONTROL_CHARACTER", "Take the control characters out of this text.");
    }
}
