//! One spelling for what looks the same: widths, case, compatibility forms, dashes, blanks.

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

use super::han::is_han;

/// A folded text that remembers where each of its bytes came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text` the byte offset of the original character it came from, never falling; one more at the
    /// end: the length of the original.
    pub origin: Vec<u32>,
    /// For each byte of `text` the byte offset after the original characters it came from.
    past: Vec<u32>,
}

impl Folded {
    /// The span of the original that a span of the folded text came from, on the borders of characters. A part of what
    /// one original character became (`m` of `㎎`) stands for that whole character. What lies beyond the end is cut off.
    pub fn span(&self, folded: Range<usize>) -> Range<usize> {
        let (start, end) = (folded.start.min(self.text.len()), folded.end.min(self.text.len()));
        let from = self.origin.get(start).map_or(0, |&at| at as usize);
        if start >= end {
            return from..from;
        }
        from..self.past.get(end - 1).map_or(from, |&at| at as usize)
    }
}

/// Folds a text: NFKC, lower case, every dash to `-`, every prime and single quote to `'`, each row of blanks to one
/// space; what has no width and what controls is dropped. Folding twice changes nothing more.
///
/// Texts beyond 4 GiB are not foreseen: their positions stop growing.
pub fn fold(original: &str) -> Folded {
    let mut folded = run(original, true);
    folded.origin.push(offset(original.len()));
    folded
}

/// The folded text alone.
pub fn folded(original: &str) -> String {
    run(original, false).text
}

fn run(original: &str, track: bool) -> Folded {
    let mut folded = Folded { text: String::with_capacity(original.len()), ..Folded::default() };
    if track {
        folded.origin.reserve(original.len() + 1);
        folded.past.reserve(original.len());
    }
    let mut folder = Folder { folded, track, cluster: Vec::new(), from: 0, to: 0 };
    for (at, c) in original.char_indices() {
        let (from, to) = (offset(at), offset(at + c.len_utf8()));
        match plain(c) {
            Some(plain) => folder.open(plain, from, to),
            None => decompose_compatible(c, |part| folder.take(part, from, to)),
        }
    }
    folder.flush();
    folder.folded
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What needs no table: printable ASCII without the blank, its full-width forms, the common ideographs, brackets of titles
/// and stops between them.
const fn plain(c: char) -> Option<char> {
    match c {
        '!'..='~' => Some(c.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' | '、' | '。' | '《' | '》' => Some(c),
        '！'..='～' => Some(((c as u32 - '！' as u32) as u8 + b'!').to_ascii_lowercase() as char),
        _ => None,
    }
}

/// The text so far, and the cluster (a character with its marks) that may still grow.
struct Folder {
    folded: Folded,
    /// Whether to remember where the bytes came from.
    track: bool,
    cluster: Vec<(u8, char)>,
    from: u32,
    to: u32,
}

impl Folder {
    /// Takes one character of a full decomposition.
    fn take(&mut self, part: char, from: u32, to: u32) {
        for c in part.to_lowercase().filter_map(plainer) {
            let class = canonical_combining_class(c);
            if class == 0 && !self.joins(c, to) {
                self.open(c, from, to);
            } else if class != 0 {
                if self.cluster.is_empty() {
                    self.from = from;
                }
                self.cluster.push((class, c));
                self.to = self.to.max(to);
            }
        }
    }

    /// A blank after a blank, and the parts of one Korean syllable, join what is there.
    fn joins(&mut self, c: char, to: u32) -> bool {
        let [(0, last)] = self.cluster[..] else { return false };
        let joined = if c == ' ' && last == ' ' { Some(' ') } else { compose(last, c) };
        let Some(joined) = joined else { return false };
        self.cluster[0] = (0, joined);
        self.to = self.to.max(to);
        true
    }

    fn open(&mut self, c: char, from: u32, to: u32) {
        self.flush();
        self.cluster.push((0, c));
        (self.from, self.to) = (from, to);
    }

    /// Orders the marks, composes what composes, and writes the cluster.
    fn flush(&mut self) {
        if self.cluster.len() > 1 {
            self.cluster.sort_by_key(|&(class, _)| class);
            recompose(&mut self.cluster);
        }
        for (_, c) in self.cluster.drain(..) {
            self.folded.text.push(c);
        }
        if self.track {
            let length = self.folded.text.len();
            self.folded.origin.resize(length, self.from);
            self.folded.past.resize(length, self.to);
        }
    }
}

/// Composes in place by the rule of Unicode: a mark joins its base unless an unjoined mark of its class or above is
/// between them.
fn recompose(cluster: &mut Vec<(u8, char)>) {
    if cluster[0].0 != 0 {
        return;
    }
    let mut kept = 1;
    for at in 1..cluster.len() {
        let (class, mark) = cluster[at];
        let free = kept == 1 || cluster[kept - 1].0 < class;
        match compose(cluster[0].1, mark).filter(|_| free) {
            Some(joined) => cluster[0].1 = joined,
            None => {
                cluster[kept] = (class, mark);
                kept += 1;
            }
        }
    }
    cluster.truncate(kept);
}

/// The plain form of a character, or nothing for what has no width.
fn plainer(c: char) -> Option<char> {
    if is_han(c) {
        return Some(c);
    }
    match c {
        _ if is_blank(c) => Some(' '),
        _ if is_dash(c) => Some('-'),
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2b9}' | '\u{2bc}' => Some('\''),
        '\u{201c}'..='\u{201f}' => Some('"'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        _ if c.is_control() || is_weightless(c) => None,
        _ => Some(c),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// The dashes of Unicode, the minus sign and the line that stands for a dash; the waves mean a range and stay.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{2053}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2796}'
                | '\u{2e17}'
                | '\u{2e1a}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
    )
}

/// Marks of format, joiners, selectors of variants, fillers.
const fn is_weightless(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}
