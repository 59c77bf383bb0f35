//! Names to concepts, and the longest name that begins at a place.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use super::{han::is_han, latin::is_letter};

/// The names, by their key: round and square brackets are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    concepts: HashMap<Box<str>, Vec<u32>>,
    /// The lengths of the names that begin with a character, the longest first.
    lengths: HashMap<char, Vec<u16>>,
}

impl Table {
    /// Adds a folded name of a concept.
    pub(super) fn add(&mut self, folded: &str, concept: u32) {
        let (Some(first), Ok(length)) = (folded.chars().next(), u16::try_from(folded.len())) else { return };
        let concepts = self.concepts.entry(key(folded).into()).or_default();
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
        let lengths = self.lengths.entry(plain(first)).or_default();
        if let Err(at) = lengths.binary_search_by(|known| length.cmp(known)) {
            lengths.insert(at, length);
        }
    }

    /// The concepts of a folded name.
    pub(super) fn get(&self, folded: &str) -> &[u32] {
        self.concepts.get(key(folded).as_ref()).map_or(&[], Vec::as_slice)
    }

    /// The longest name that begins at a byte, with its concepts.
    pub(super) fn longest(&self, folded: &str, at: usize) -> Option<(Range<usize>, &[u32])> {
        let rest = folded.get(at..)?;
        let first = rest.chars().next()?;
        if !is_han(first) && folded[..at].ends_with(is_letter) {
            return None;
        }
        let fits = |&&length: &&u16| rest.is_char_boundary(length.into()) && ends_at_border(rest, length.into());
        let lengths = self.lengths.get(&plain(first))?;
        lengths.iter().filter(fits).find_map(|&length| {
            let found = self.get(&rest[..length.into()]);
            (!found.is_empty()).then(|| (at..at + usize::from(length), found))
        })
    }
}

/// Whether a name of this length would end where a word ends. Between Chinese characters there is always a border.
fn ends_at_border(rest: &str, length: usize) -> bool {
    length <= rest.len() && (rest[..length].ends_with(is_han) || !rest[length..].starts_with(is_letter))
}

fn key(folded: &str) -> Cow<'_, str> {
    if folded.contains(['[', ']']) { folded.chars().map(plain).collect::<String>().into() } else { folded.into() }
}

const fn plain(c: char) -> char {
    match c {
        '[' => '(',
        ']' => ')',
        other => other,
    }
}
