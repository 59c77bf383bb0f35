//! Numbers and yes/no.

use super::{Misread, fold_code, quote};

/// Reads a decimal number: full-width digits, blanks, and commas between groups of three are accepted; no exponent,
/// no infinity.
///
/// # Errors
/// [`Misread::Empty`], [`Misread::NotANumber`].
pub fn number(text: &str) -> Result<f64, Misread> {
    let folded = fold_code(text);
    if folded.is_empty() {
        return Err(Misread::Empty);
    }
    ungrouped(&folded)
        .filter(|plain| plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+')))
        .and_then(|plain| plain.parse::<f64>().ok())
        .filter(|value| value.is_finite())
        .ok_or_else(|| Misread::NotANumber(quote(text)))
}

/// Reads a whole number; `12.0`, as spreadsheets hand out integers, is twelve.
///
/// # Errors
/// [`Misread::Empty`], [`Misread::NotANumber`] also for fractions and for what does not fit 64 bits.
pub fn whole(text: &str) -> Result<i64, Misread> {
    let folded = fold_code(text);
    if folded.is_empty() {
        return Err(Misread::Empty);
    }
    ungrouped(&folded)
        .and_then(|plain| {
            let integer = match plain.split_once('.') {
                Some((integer, zeros)) if zeros.bytes().all(|b| b == b'0') => integer,
                Some(_) => return None,
                None => plain.as_str(),
            };
            integer.parse().ok()
        })
        .ok_or_else(|| Misread::NotANumber(quote(text)))
}

/// Takes the group commas out of `1,234,567.8`; a comma anywhere else makes the text no number.
fn ungrouped(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let integer = text.split('.').next().unwrap_or(text);
    let mut groups = integer.trim_start_matches(['-', '+']).split(',');
    let first = groups.next().unwrap_or_default();
    let sound =
        (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !text[integer.len()..].contains(',');
    sound.then(|| text.replace(',', ""))
}

/// Reads 是/否 and the usual marks for them: yes/no, true/false, 有/无, √/×, 1/0, y/n.
///
/// # Errors
/// [`Misread::Empty`], [`Misread::NotYesOrNo`].
pub fn yes_no(text: &str) -> Result<bool, Misread> {
    match fold_code(text).as_str() {
        "" => Err(Misread::Empty),
        "是" | "有" | "对" | "真" | "YES" | "Y" | "TRUE" | "T" | "1" | "1.0" | "√" | "✓" | "✔" => Ok(true),
        "否" | "无" | "错" | "假" | "NO" | "N" | "FALSE" | "F" | "0" | "0.0" | "×" | "✗" | "✘" => Ok(false),
        _ => Err(Misread::NotYesOrNo(quote(text))),
    }
}
