//! Dates.

use chrono::{Days, NaiveDate};

use super::{Misread, fold, quote};

/// When something ends, as certificates print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndDate {
    /// The last day.
    On(NaiveDate),
    /// 长期: no end.
    Open,
}

/// The words for "no end", folded.
pub const END_OPEN: [&str; 7] = ["长期", "长期有效", "永久", "永久有效", "无固定期限", "LONG-TERM", "PERMANENT"];

/// Excel serial days that are accepted: 1954-10-04 to 2119-01-18. Smaller numbers are more likely counts than dates.
const SERIAL_RANGE: std::ops::RangeInclusive<u32> = 20_000..=80_000;

/// Years that a date may have; others are slips of the keyboard.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Reads a calendar date: `2024-02-03`, `2024/2/3`, `2024.2.3`, `2024年2月3日`, `20240203`, Excel serial days, with
/// full-width digits and with a time of day after a blank or `T`, which is dropped.
///
/// # Errors
/// [`Misread::Empty`], [`Misread::NotADate`], [`Misread::NoSuchDay`] for days such as 2024-02-30.
pub fn date(text: &str) -> Result<NaiveDate, Misread> {
    let folded = fold(text);
    if folded.is_empty() {
        return Err(Misread::Empty);
    }
    let unreadable = || Misread::NotADate(quote(text.trim()));
    let fields = fields(&folded).ok_or_else(unreadable)?;
    match fields.as_slice() {
        [one] => compact(one, text).ok_or_else(unreadable)?,
        [year, month, day] => {
            if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
                return Err(unreadable());
            }
            on(year, month, day).ok_or_else(unreadable)?.ok_or_else(|| Misread::NoSuchDay(quote(text.trim())))
        }
        _ => Err(unreadable()),
    }
}

/// Reads the end of a validity: a date as [`date`] reads it, or one of [`END_OPEN`].
///
/// # Errors
/// As [`date`]; an empty cell is [`Misread::Empty`], not "no end".
pub fn end_date(text: &str) -> Result<EndDate, Misread> {
    if END_OPEN.contains(&fold(text).as_str()) {
        return Ok(EndDate::Open);
    }
    date(text).map(EndDate::On)
}

/// The date of an Excel serial day (1900 date system, whose imaginary 1900-02-29 lies before the accepted range);
/// a fraction is the time of day and is dropped.
///
/// # Errors
/// [`Misread::NotADate`] outside 20000 (1954) to 80000 (2119).
pub fn date_of_serial(serial: f64) -> Result<NaiveDate, Misread> {
    let days = serial.floor();
    let refused = || Misread::NotADate(serial.to_string());
    if !days.is_finite() || days < f64::from(*SERIAL_RANGE.start()) || days > f64::from(*SERIAL_RANGE.end()) {
        return Err(refused());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held to 20000..=80000 above")]
    let days = days as u64;
    NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|zero| zero.checked_add_days(Days::new(days))).ok_or_else(refused)
}

/// The runs of digits of a date, with the time of day cut off; `None` where the marks between them are not a date's.
fn fields(folded: &str) -> Option<Vec<&str>> {
    let day_part = match folded.split_once(['T', '日']) {
        Some((day, _)) => day,
        None => {
            folded.split_once(':').map_or(folded, |(before, _)| before.rsplit_once(' ').map_or(before, |(day, _)| day))
        }
    };
    let marks: String = day_part.chars().filter(|c| !c.is_ascii_digit() && *c != ' ').collect();
    if !matches!(marks.as_str(), "" | "--" | "//" | ".." | "年月") && !serial_text(day_part) {
        return None;
    }
    if serial_text(day_part) {
        return Some(vec![day_part]);
    }
    let fields: Vec<&str> = day_part.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    fields.iter().all(|field| !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit())).then_some(fields)
}

/// Five digits, perhaps with a fraction: the shape of an Excel serial day.
fn serial_text(text: &str) -> bool {
    let (days, fraction) = text.split_once('.').unwrap_or((text, ""));
    days.len() == 5 && days.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
}

/// `20240203` or a serial day.
fn compact(digits: &str, raw: &str) -> Option<Result<NaiveDate, Misread>> {
    if serial_text(digits) {
        return Some(date_of_serial(digits.parse().ok()?));
    }
    if digits.len() != 8 {
        return None;
    }
    let found = on(&digits[..4], &digits[4..6], &digits[6..])?;
    Some(found.ok_or_else(|| Misread::NoSuchDay(quote(raw.trim()))))
}

/// Outer `None`: no plausible year. Inner `None`: no such day.
fn on(year: &str, month: &str, day: &str) -> Option<Option<NaiveDate>> {
    let year: i32 = year.parse().ok().filter(|year| YEARS.contains(year))?;
    Some(NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?))
}
