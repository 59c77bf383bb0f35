//! Which characters are Chinese.

use std::ops::Range;

/// Whether a character is a Chinese character (the ideographs of Unicode, with 〇).
pub const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The runs of Chinese characters, as byte ranges. Anything else breaks a run.
pub fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_han)?;
        let end = text[start..].find(|c| !is_han(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}
