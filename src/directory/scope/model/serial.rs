//! Hierarchical serial numbers (序号) in natural order.

use crate::platform::lenient::fold_code;

/// Most digits of one level that are told apart.
const DIGITS: usize = 31;

/// A key whose byte order, and whose order in any collation that puts digits before letters, is the natural order:
/// `1 < 1.2 < 1.2.1 < 1.10 < 2 < 一百 < A.1`. Punctuation, case, width and leading zeros do not count.
///
/// Each number is written as its length and its digits, so no separator is needed; each word as `w`, the word and `0`.
/// Chinese numerals below a thousand count as numbers.
pub fn serial_key(serial: &str) -> String {
    let mut key = String::new();
    let mut rest = fold_code(serial).to_lowercase().chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(c) = rest.next() {
        let kind = Kind::of(c);
        let mut run = String::from(c);
        while let Some(next) = rest.next_if(|next| Kind::of(*next) == kind) {
            run.push(next);
        }
        match kind {
            Kind::Mark => {}
            Kind::Digit => push_number(&mut key, &run),
            Kind::Numeral => push_number(&mut key, &numeral(&run).to_string()),
            Kind::Word => key.push_str(&format!("w{run}0")),
        }
    }
    key
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Numeral,
    Word,
    Mark,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '0'..='9' => Self::Digit,
            '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' => {
                Self::Numeral
            }
            _ if c.is_alphanumeric() => Self::Word,
            _ => Self::Mark,
        }
    }
}

fn push_number(key: &mut String, digits: &str) {
    let significant = digits.trim_start_matches('0');
    let kept = if significant.is_empty() { "0" } else { &significant[..significant.len().min(DIGITS)] };
    let length = u32::try_from(kept.len()).unwrap_or_default();
    key.push(char::from_digit(length, 36).unwrap_or('z'));
    key.push_str(kept);
}

/// 二十三 → 23. Digits that merely follow each other count as places: 二三 → 23.
fn numeral(run: &str) -> u64 {
    let (mut sum, mut digit) = (0_u64, None);
    for c in run.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            _ => {
                let value = "〇一二三四五六七八九".chars().position(|each| each == c).unwrap_or_default() as u64;
                digit = Some(digit.map_or(value, |before: u64| before.saturating_mul(10).saturating_add(value)));
                continue;
            }
        };
        sum = sum.saturating_add(digit.take().unwrap_or(1).saturating_mul(unit));
    }
    sum.saturating_add(digit.unwrap_or_default())
}
