//! Hierarchical serial numbers of annex lines (序号), ordered as a reader expects.

use crate::platform::lenient::fold;

/// Longest sort key in bytes, so that both databases can index it.
pub const SORT_KEY_BYTES: usize = 64;
/// Digits of one numbered segment.
const DIGITS: usize = 6;
/// Bytes of one letter segment.
const LETTERS: usize = 6;

/// A key that orders serial numbers naturally by plain byte order: `1.2` before `1.10`, `1` before `1.1`, `1.2.1`
/// before `1.2.1a`.
///
/// Forms: `1.2.1`, `1-2`, `（1）`, `一`, `十二`, `1.2.1a`, `①`. Each numbered segment becomes six digits with zeros
/// before them, each run of letters stays as it is behind a `~`, which sorts after the dots; a key longer than
/// [`SORT_KEY_BYTES`] is cut. The raw text stays the truth; two texts may share a key (`1.2` and `1-2`).
pub fn sort_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let (segment, after) = if first.is_ascii_digit() {
            let (digits, after) = split_run(rest, |c| c.is_ascii_digit());
            (Some(padded(digits)), after)
        } else if numeral(first).is_some() {
            let (word, after) = split_run(rest, |c| numeral(c).is_some());
            (Some(padded(&spoken(word).to_string())), after)
        } else if first.is_alphabetic() {
            let (word, after) = split_run(rest, |c| c.is_alphabetic() && numeral(c).is_none());
            (Some(format!("~{}", cut(word, LETTERS))), after)
        } else {
            (None, &rest[first.len_utf8()..])
        };
        rest = after;
        let Some(segment) = segment else { continue };
        let dot = usize::from(!key.is_empty() && !segment.starts_with('~'));
        if key.len() + dot + segment.len() > SORT_KEY_BYTES {
            break;
        }
        if dot == 1 {
            key.push('.');
        }
        key.push_str(&segment);
    }
    key
}

fn split_run(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// Six digits; what needs more is the largest there is.
fn padded(digits: &str) -> String {
    let plain = digits.trim_start_matches('0');
    if plain.len() > DIGITS { "9".repeat(DIGITS) } else { format!("{plain:0>DIGITS$}") }
}

/// At most `most` bytes of a word, whole characters.
fn cut(word: &str, most: usize) -> &str {
    let end = word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= most).last().unwrap_or(0);
    &word[..end]
}

/// The value of a Chinese numeral; tens and hundreds count as what they multiply by.
fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

/// The value of `十二`, `二十一`, `一百零三`.
fn spoken(word: &str) -> u32 {
    let (mut total, mut digit) = (0_u32, None);
    for value in word.chars().filter_map(numeral) {
        if value >= 10 {
            total = total.saturating_add(digit.take().unwrap_or(1_u32).saturating_mul(value));
        } else {
            digit = Some(
                digit
                    .filter(|earlier| *earlier > 0)
                    .map_or(value, |earlier: u32| earlier.saturating_mul(10).saturating_add(value)),
            );
        }
    }
    total.saturating_add(digit.unwrap_or(0))
}
