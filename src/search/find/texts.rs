//! Looking texts up by their tokens.

use tantivy::{
    DocSet, SegmentReader, TERMINATED, Term, columnar::ColumnValues, postings::SegmentPostings,
    schema::IndexRecordOption,
};

use super::super::text::tokens::{self, token};
use crate::search::{
    index::{Snapshot, number},
    register::Kind,
};

/// Tokens that one beginning may stand for.
const MOST_TOKENS: usize = 4_096;

/// The texts of a snapshot.
#[derive(Clone, Copy)]
pub struct Texts<'a>(pub &'a Snapshot);

impl Texts<'_> {
    /// Whether any text has a token.
    pub fn has(self, token: &str) -> bool {
        let term = self.term(token);
        self.segments().any(|segment| {
            segment
                .inverted_index(self.0.fields.tokens)
                .and_then(|index| Ok(index.terms().get(term.serialized_value_bytes())?.is_some()))
                .unwrap_or(false)
        })
    }

    /// Whether any text has a token that begins like this.
    pub fn begins(self, beginning: &str) -> bool {
        let end = format!("{beginning}\u{10ffff}");
        self.segments().any(|segment| {
            let Ok(index) = segment.inverted_index(self.0.fields.tokens) else { return false };
            let terms = index.terms().range().ge(beginning).lt(&end).into_stream();
            terms.is_ok_and(|mut terms| terms.advance())
        })
    }

    /// The text of a kind that is just this, but for case and width.
    pub fn known(self, kind: Kind, text: &str) -> Option<u32> {
        let folded = super::super::text::fold::folded(text);
        let register = &self.0.register;
        let of_kind = |number: &u32| register.values.get(*number).is_some_and(|value| value.kind == kind);
        let found = self.with_all(&[token(tokens::WHOLE, &folded)]);
        let exact = found.iter().copied().filter(of_kind).find(|number| register.text(*number) == text);
        exact.or_else(|| found.into_iter().find(of_kind))
    }

    /// The texts that have every one of these tokens.
    pub fn with_all(self, tokens: &[String]) -> Vec<u32> {
        let mut found = Vec::new();
        for segment in self.segments() {
            // A part that cannot be read has nothing to say; the follower notices and builds anew.
            if let Ok(lists) =
                tokens.iter().map(|token| self.postings(segment, token)).collect::<tantivy::Result<Vec<_>>>()
                && let Some(lists) = lists.into_iter().collect::<Option<Vec<_>>>()
            {
                self.common(segment, lists, &mut found);
            }
        }
        found
    }

    /// The texts that have a token which begins like this.
    pub fn beginning(self, beginning: &str, mut each: impl FnMut(u32)) {
        let end = format!("{beginning}\u{10ffff}");
        for segment in self.segments() {
            let Ok(index) = segment.inverted_index(self.0.fields.tokens) else { continue };
            let Ok(mut terms) = index.terms().range().ge(beginning).lt(&end).into_stream() else { continue };
            let mut taken = 0;
            while taken < MOST_TOKENS && terms.advance() {
                taken += 1;
                let Ok(postings) = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic) else {
                    continue;
                };
                self.common(segment, vec![postings], &mut NumbersOf(&mut each));
            }
        }
    }

    /// The tokens that begin like this.
    pub fn tokens(self, beginning: &str, mut each: impl FnMut(&str)) {
        let end = format!("{beginning}\u{10ffff}");
        for segment in self.segments() {
            let Ok(index) = segment.inverted_index(self.0.fields.tokens) else { continue };
            let Ok(mut terms) = index.terms().range().ge(beginning).lt(&end).into_stream() else { continue };
            while terms.advance() {
                if let Ok(term) = std::str::from_utf8(terms.key()) {
                    each(term);
                }
            }
        }
    }

    fn segments(&self) -> impl Iterator<Item = &SegmentReader> {
        self.0.texts.segment_readers().iter()
    }

    fn term(&self, token: &str) -> Term {
        Term::from_field_text(self.0.fields.tokens, token)
    }

    fn postings(self, segment: &SegmentReader, token: &str) -> tantivy::Result<Option<SegmentPostings>> {
        let index = segment.inverted_index(self.0.fields.tokens)?;
        Ok(index.read_postings(&self.term(token), IndexRecordOption::Basic)?)
    }

    /// Adds the numbers of what all lists have.
    fn common(self, segment: &SegmentReader, mut lists: Vec<SegmentPostings>, found: &mut impl Extend<u32>) {
        let Ok(numbers) = segment.fast_fields().u64("number").map(|column| column.values) else { return };
        lists.sort_by_key(|list| list.doc_freq());
        let Some((first, rest)) = lists.split_first_mut() else { return };
        let mut at = first.doc();
        'texts: while at != TERMINATED {
            for other in rest.iter_mut() {
                let next = if other.doc() < at { other.seek(at) } else { other.doc() };
                if next > at {
                    at = if next == TERMINATED { TERMINATED } else { first.seek(next) };
                    continue 'texts;
                }
            }
            if !segment.is_deleted(at) {
                found.extend([value_of(&*numbers, at)]);
            }
            at = first.advance();
        }
    }
}

fn value_of(numbers: &dyn ColumnValues<u64>, text: u32) -> u32 {
    number(numbers.get_val(text))
}

/// Hands numbers on one by one.
struct NumbersOf<F>(F);

impl<F: FnMut(u32)> Extend<u32> for NumbersOf<F> {
    fn extend<T: IntoIterator<Item = u32>>(&mut self, numbers: T) {
        for number in numbers {
            (self.0)(number);
        }
    }
}
