//! The numbers of standards in a question.

use std::ops::Range;

use super::spelling::Spelling;
use crate::directory::standard::number::{StandardNumber, Typed, find_clauses, find_typed};

/// Takes the standards that a text names out of it. Each becomes blanks, so that what stands before and behind it stays
/// apart; so does a clause that stands apart from its number: it belongs to the next number without one, or else the last.
pub(super) fn without_standards(spelling: Spelling<'_>, text: &str, standards: &mut Vec<StandardNumber>) -> String {
    let mut rest = text.to_owned();
    let mut blank = |span: &Range<usize>| rest.replace_range(span.clone(), &" ".repeat(span.len()));
    let is_number = |typed: &Typed| typed.glued.as_ref().is_none_or(|word| spelling.is_word(&text[word.clone()]));
    let found: Vec<Typed> = find_typed(text).into_iter().filter(is_number).collect();
    found.iter().for_each(|typed| blank(&typed.span));
    let mut numbers: Vec<(usize, StandardNumber)> =
        found.into_iter().map(|typed| (typed.span.start, typed.number)).collect();
    let inside = |clause: &Range<usize>, numbers: &[(usize, StandardNumber)]| {
        numbers.iter().any(|(start, number)| (*start..start + number.raw.len()).contains(&clause.start))
    };
    for clause in find_clauses(text) {
        if inside(&clause, &numbers) {
            continue;
        }
        let bare = |(start, number): &(usize, StandardNumber)| *start > clause.start && number.suffix.is_none();
        let of = numbers.iter().position(bare).or(numbers.len().checked_sub(1));
        if let Some((_, number)) = of.and_then(|at| numbers.get_mut(at)) {
            blank(&clause);
            let named = &text[clause];
            number.suffix = Some(number.suffix.take().map_or(named.to_owned(), |known| format!("{known} {named}")));
        }
    }
    standards.extend(numbers.into_iter().map(|(_, number)| number));
    rest
}
