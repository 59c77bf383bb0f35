//! One cell that cites several standards, cut into one text for each.

use crate::directory::standard::number::find_all;

/// Marks that stand between citations and belong to none.
const BETWEEN: &[char] = &[';', '；', '、', ',', '，', '/', '\n', '\r', ' ', '\t', '\u{3000}'];

/// Marks that close what a number ends: they stay with it.
const CLOSING: &[char] = &[')', '）', '》', ']', '】', '」'];

/// Cuts a cell into the texts of single standards, each with the name or clause that stands with its number. A cell
/// with one standard, or with none, stays whole. Where the cell begins with a number each text runs to the next
/// number, otherwise (name first, as in `食品中水分的测定 GB 5009.3-2016`) each ends with its number.
/// A standard that another one replaces (`代替 GB/T …`) is no citation of its own.
pub fn split(cell: &str) -> Vec<String> {
    let cell = cell.trim();
    let mut numbers = find_all(cell);
    numbers.retain(|(range, _)| {
        let before = cell[..range.start].trim_end();
        !["代替", "替代", "replaces", "代替:", "代替："].iter().any(|word| before.ends_with(word))
    });
    if numbers.len() < 2 {
        return vec![cell.to_owned()];
    }
    let leading = cell[..numbers[0].0.start].trim_matches(BETWEEN).is_empty();
    let cuts: Vec<usize> = if leading {
        numbers.iter().skip(1).map(|(range, _)| range.start).collect()
    } else {
        numbers[..numbers.len() - 1].iter().map(|(range, _)| closed(cell, range.end)).collect()
    };
    let mut texts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for to in cuts.into_iter().chain([cell.len()]) {
        let text = cell[from..to.max(from)].trim_matches(BETWEEN);
        if !text.is_empty() {
            texts.push(text.to_owned());
        }
        from = to.max(from);
    }
    texts
}

/// The end of a citation, past the marks that close it.
fn closed(cell: &str, end: usize) -> usize {
    let rest = &cell[end..];
    end + rest.len() - rest.trim_start_matches(CLOSING).len()
}
