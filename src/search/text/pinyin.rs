//! Pinyin of Chinese text: what to index, and what a typed word matches.

use std::ops::Range;

use super::{
    han::{is_han, runs},
    polyphone,
};

/// How many characters one spelling holds at most. Nobody types more to find one value.
pub const LONGEST: usize = 32;

/// The syllable of each Chinese character, without tone, ü as `v`, with its place. Where the places do not touch, a run ends
/// (the runs: [`runs`]); characters without a known reading are left out.
pub fn syllables(folded: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut syllables = Vec::new();
    for run in runs(folded) {
        let mut at = run.start;
        while let Some(c) = folded[at..run.end].chars().next() {
            if let Some(word) = polyphone::word(&folded[at..run.end]) {
                for (c, syllable) in folded[at..run.end].chars().zip(word).collect::<Vec<_>>() {
                    syllables.push((at..at + c.len_utf8(), syllable));
                    at += c.len_utf8();
                }
                continue;
            }
            if let Some(syllable) = polyphone::character(c) {
                syllables.push((at..at + c.len_utf8(), syllable));
            }
            at += c.len_utf8();
        }
    }
    syllables
}

/// What one types for a text: from each Chinese character on, the pinyin to the end of the text, in order, without doubles.
/// Latin letters and digits stand for themselves, everything else is passed over, so that `geliujia` finds 铬（六价） and
/// `huangqumeidusub1` 黄曲霉毒素B1. Texts with an ü are spelled with `v` and again with `u`.
///
/// To be indexed as terms; [`typed`] makes the prefix to ask for. One spelling holds [`LONGEST`] characters at most.
pub fn spellings(folded: &str) -> Vec<String> {
    spelled(folded, |unit| unit.reading)
}

/// The same by first letters: `sjqa`, `jqa`, `qa`, `a` for 三聚氰胺.
pub fn initials(folded: &str) -> Vec<String> {
    spelled(folded, Unit::initial)
}

/// The pinyin of a whole text and the first letters of it, where it begins with a Chinese character. ü is `v`.
pub fn whole(folded: &str) -> Option<(String, String)> {
    let units = units(folded);
    let begins = units.first().is_some_and(|unit| unit.han) && units.len() <= LONGEST;
    begins.then(|| (units.iter().map(|unit| unit.reading).collect(), units.iter().map(Unit::initial).collect()))
}

/// Whether typed letters are the whole syllables of a whole text.
pub fn is_in_full(typed: &str, folded: &str) -> bool {
    matches(typed, folded).is_some_and(|found| found.whole && found.kind == PinyinKind::Full)
}

fn spelled<'a>(folded: &'a str, letters: impl Fn(&Unit<'a>) -> &'a str) -> Vec<String> {
    let units = units(folded);
    let mut terms = Vec::new();
    for (start, _) in units.iter().enumerate().filter(|(_, unit)| unit.han) {
        let mut term = String::new();
        let mut umlaut = false;
        for unit in units[start..].iter().take(LONGEST) {
            let piece = letters(unit);
            umlaut |= unit.han && piece.contains('v');
            term.push_str(piece);
        }
        if umlaut {
            let plain = units[start..].iter().take(LONGEST);
            terms.push(
                plain
                    .map(|unit| if unit.han { letters(unit).replace('v', "u") } else { letters(unit).into() })
                    .collect(),
            );
        }
        terms.push(term);
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The letters and digits of what was typed, without blanks, apostrophes and hyphens between syllables: the prefix to ask
/// the indexed terms for. `None` where anything else was typed, or nothing.
pub fn typed(text: &str) -> Option<String> {
    let typed = Typed::read(text)?;
    Some(typed.letters.into_iter().map(char::from).collect())
}

/// How the pinyin was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PinyinKind {
    /// First letters: `sjqa`.
    Initials,
    /// Whole syllables: `sanjuqingan`.
    Full,
}

/// What a typed word matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinyinMatch {
    /// The matching part of the folded text.
    pub span: Range<usize>,
    /// Whether it is the whole text, to its last letter.
    pub whole: bool,
    /// How it was typed.
    pub kind: PinyinKind,
    /// Whether the last syllable is only begun.
    pub partial: bool,
}

/// Whether the typed letters are the pinyin of a part of the text. From some Chinese character on they must be used up by
/// whole syllables; the last may be begun only. Blanks, apostrophes and hyphens may stand between syllables, not within.
/// The best match: whole before part, syllables before first letters, ended before begun, early before late.
pub fn matches(typed: &str, folded: &str) -> Option<PinyinMatch> {
    let typed = Typed::read(typed)?;
    let units = units(folded);
    let mut best: Option<PinyinMatch> = None;
    for start in (0..units.len()).filter(|&at| units[at].han) {
        let full = typed.full(&units[start..]).map(|found| (found, PinyinKind::Full));
        let initials = || typed.initials(&units[start..]).map(|found| ((found, false), PinyinKind::Initials));
        let Some(((length, partial), kind)) = full.or_else(initials) else { continue };
        let end = start + length;
        let whole = start == 0 && end == units.len() && !partial;
        let found = PinyinMatch { span: units[start].span.start..units[end - 1].span.end, whole, kind, partial };
        let rank = |found: &PinyinMatch| (found.whole, found.kind, !found.partial);
        if best.as_ref().is_none_or(|best| rank(&found) > rank(best)) {
            best = Some(found);
        }
    }
    best
}

/// One character that is typed: a Chinese one by its syllable, a Latin letter or digit by itself.
struct Unit<'a> {
    span: Range<usize>,
    reading: &'a str,
    han: bool,
}

impl<'a> Unit<'a> {
    fn initial(&self) -> &'a str {
        &self.reading[..1]
    }
}

fn units(folded: &str) -> Vec<Unit<'_>> {
    let mut syllables = syllables(folded).into_iter().peekable();
    let mut units = Vec::new();
    for (at, c) in folded.char_indices() {
        let span = at..at + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            units.push(Unit { reading: &folded[span.clone()], span, han: false });
        } else if is_han(c)
            && let Some((span, reading)) = syllables.next_if(|(place, _)| *place == span)
        {
            units.push(Unit { span, reading, han: true });
        }
    }
    units
}

/// Typed letters, with the places before which a blank or an apostrophe stands.
struct Typed {
    letters: Vec<u8>,
    breaks: Vec<bool>,
}

impl Typed {
    fn read(text: &str) -> Option<Self> {
        let mut typed = Self { letters: Vec::new(), breaks: Vec::new() };
        let mut broken = false;
        for c in text.chars() {
            match c {
                'ü' | 'Ü' => typed.push(b'v', &mut broken),
                _ if c.is_ascii_alphanumeric() => typed.push(c.to_ascii_lowercase() as u8, &mut broken),
                ' ' | '\'' | '-' | '\u{2019}' => broken = true,
                _ => return None,
            }
        }
        (!typed.letters.is_empty()).then_some(typed)
    }

    fn push(&mut self, letter: u8, broken: &mut bool) {
        self.letters.push(letter);
        self.breaks.push(std::mem::take(broken));
    }

    /// How many units the letters use up by syllables, and whether the last is only begun.
    fn full(&self, units: &[Unit<'_>]) -> Option<(usize, bool)> {
        let mut at = 0;
        for (used, unit) in units.iter().enumerate() {
            if at == self.letters.len() {
                return Some((used, false));
            }
            for (place, letter) in unit.reading.bytes().enumerate() {
                let Some(&typed) = self.letters.get(at) else { return Some((used + 1, true)) };
                let same = typed == letter || (unit.han && letter == b'v' && typed == b'u');
                if !same || (place > 0 && self.breaks[at]) {
                    return None;
                }
                at += 1;
            }
        }
        (at == self.letters.len()).then_some((units.len(), false))
    }

    /// How many units the letters use up by first letters.
    fn initials(&self, units: &[Unit<'_>]) -> Option<usize> {
        let fits = self.letters.len() <= units.len();
        let same = |(typed, unit): (&u8, &Unit<'_>)| unit.reading.as_bytes().first() == Some(typed);
        (fits && self.letters.iter().zip(units).all(same)).then_some(self.letters.len())
    }
}
