//! Merged areas of a worksheet: what stands in the first cell holds for every cell that it covers.

use calamine::Dimensions;

use super::{archive::bad, limits};
use crate::platform::fault::Outcome;

/// An area whose rows are being passed.
struct Area {
    place: Dimensions,
    text: String,
}

/// The merged areas of one sheet, by the row on which they begin.
pub(super) struct Merged {
    waiting: std::iter::Peekable<std::vec::IntoIter<Dimensions>>,
    open: Vec<Area>,
}

impl Merged {
    pub(super) fn new(mut areas: Vec<Dimensions>) -> Self {
        areas.retain(|area| area.end.0 >= area.start.0 && area.end.1 >= area.start.1);
        areas.sort_unstable_by_key(|area| area.start);
        Self { waiting: areas.into_iter().peekable(), open: Vec::new() }
    }

    /// Carries texts into the covered cells of row `row` (from 0); true when the row is a banner, that is, nothing
    /// but one area of three columns or more.
    pub(super) fn carry(&mut self, file: &str, row: u32, cells: &mut Vec<String>) -> Outcome<bool> {
        self.open.retain(|area| area.place.end.0 >= row);
        while let Some(place) = self.waiting.next_if(|place| place.start.0 <= row) {
            if place.end.0 < row {
                continue;
            }
            let text = match cells.get(place.start.1 as usize) {
                Some(text) if place.start.0 == row => text.clone(),
                _ => String::new(),
            };
            self.open.push(Area { place, text });
        }
        if self.open.len() > limits::MERGED_IN_ROW {
            return Err(bad(file, "too many merged areas in one row"));
        }
        let banner = self.is_banner(cells);
        for Area { place, text } in self.open.iter().filter(|area| !area.text.is_empty()) {
            let (first, last) = (place.start.1, place.end.1.min(place.start.1.saturating_add(limits::MERGED_ACROSS)));
            if cells.len() <= last as usize {
                cells.resize(last as usize + 1, String::new());
            }
            for column in first..=last {
                cells[column as usize].clone_from(text);
            }
        }
        Ok(banner)
    }

    fn is_banner(&self, cells: &[String]) -> bool {
        let mut filled = cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(|(at, _)| at);
        let (Some(only), None) = (filled.next(), filled.next()) else { return false };
        self.open.iter().any(|area| area.place.start.1 as usize == only && area.place.end.1 >= area.place.start.1 + 2)
            && self.open.iter().filter(|area| !area.text.is_empty()).count() == 1
    }
}
