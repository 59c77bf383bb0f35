//! A folded view of a text that remembers where each character stood.

use std::ops::Range;

use crate::platform::lenient::fold_char;

/// Blanks that may stand between two parts of one number; more mean another column of the text.
const BLANKS: usize = 4;

/// One character: folded, and its bytes in the source.
#[derive(Clone, Copy)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Folds a text character by character.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    text.char_indices().map(|(start, c)| Glyph { c: fold_char(c), start, end: start + c.len_utf8() }).collect()
}

/// A reading position. Copying it is how a reader steps back.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'g> {
    pub(super) glyphs: &'g [Glyph],
    pub(super) at: usize,
}

impl<'g> Cursor<'g> {
    /// The character `ahead` places on; NUL beyond the end.
    pub(super) fn peek(&self, ahead: usize) -> char {
        self.glyphs.get(self.at + ahead).map_or('\0', |glyph| glyph.c)
    }

    /// Steps over a few blanks and says how many.
    pub(super) fn blanks(&mut self) -> usize {
        let from = self.at;
        while self.at - from < BLANKS && self.peek(0) == ' ' {
            self.at += 1;
        }
        self.at - from
    }

    /// Steps over `c` if it is next.
    pub(super) fn take(&mut self, c: char) -> bool {
        let found = self.peek(0) == c;
        self.at += usize::from(found);
        found
    }

    /// Steps over a run of at most `most` characters and returns it; longer runs are cut.
    pub(super) fn run(&mut self, most: usize, belongs: impl Fn(char) -> bool) -> &'g [Glyph] {
        let from = self.at;
        while self.at - from < most && belongs(self.peek(0)) {
            self.at += 1;
        }
        &self.glyphs[from..self.at]
    }

    /// A run of capital letters.
    pub(super) fn letters(&mut self, most: usize) -> &'g [Glyph] {
        self.run(most, |c| c.is_ascii_uppercase())
    }

    /// A run of digits.
    pub(super) fn digits(&mut self, most: usize) -> &'g [Glyph] {
        self.run(most, |c| c.is_ascii_digit())
    }

    /// Where in the source the text between two positions stands.
    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        match (self.glyphs.get(from), to.checked_sub(1).and_then(|last| self.glyphs.get(last))) {
            (Some(first), Some(last)) if from < to => first.start..last.end,
            _ => 0..0,
        }
    }
}

/// The folded characters as text.
pub(super) fn spell(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.c).collect()
}
