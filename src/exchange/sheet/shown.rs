//! The value of a workbook's cell as the text that its reader sees.

use calamine::{DataRef, ExcelDateTime, Style};

/// How a style shows a number, as far as it changes what the number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Plain,
    /// With leading zeros to so many digits: format `0000`.
    Padded(usize),
    /// In percent with so many decimals.
    Percent(usize),
}

impl Shown {
    /// Of a cell style.
    pub(super) fn of(style: &Style) -> Self {
        let Some(format) = &style.number_format else { return Self::Plain };
        let code = format.format_code.as_str();
        if code.len() > 1 && code.bytes().all(|b| b == b'0') {
            return Self::Padded(code.len());
        }
        match code.strip_suffix('%').map(|rest| rest.split_once('.').unwrap_or((rest, ""))) {
            Some(("0", decimals)) if decimals.bytes().all(|b| b == b'0') => Self::Percent(decimals.len()),
            _ => Self::Plain,
        }
    }
}

/// The text of a value; `None` for the error value of a formula, whose name is then the text of the cell.
pub(super) fn text(value: &DataRef<'_>, shown: Shown) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => match shown {
            Shown::Plain => self::number(*number),
            Shown::Padded(digits) => format!("{:0>digits$}", self::number(*number)),
            Shown::Percent(decimals) => format!("{:.decimals$}%", number * 100.0),
        },
        DataRef::DateTime(at) => self::date_time(at),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// A number in the 15 digits that spreadsheets calculate with, never with an exponent: 0.1 + 0.2 is 0.3.
pub(super) fn number(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    let text = rounded.to_string();
    if text == "-0" { "0".to_owned() } else { text }
}

/// `2024-02-29`, with ` 08:30:00` where there is a time of day; a time without a date and a span stay numbers of days,
/// times as `08:30`.
fn date_time(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return number(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if at.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}");
    }
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
