//! Marks on those holders whose lines may still be among the first.
//!
//! Among equals that site stands first which has drawn the lowest number, once and for all. So when the first lines are known so
//! far, only few holders can still be among them, and whoever goes through millions of lines to count them sees by the mark at
//! once whether there is one that has to be put in its place.

use super::holders::SiteOf;

/// What is beside the class of a holder that is marked.
pub(super) const MARK: u32 = 1 << 31;

/// The class of each holder, by number, some of them marked.
pub(super) struct Marked {
    classes: Vec<u32>,
    /// So many are marked, in the order of what their sites have drawn.
    marked: usize,
    /// Those that have drawn no more than this.
    up_to: u64,
}

impl Marked {
    /// All of them marked.
    pub(super) fn all(classes: &[u32]) -> Self {
        Self { classes: classes.iter().map(|class| class | MARK).collect(), marked: classes.len(), up_to: u64::MAX }
    }

    /// The classes.
    pub(super) fn classes(&self) -> &[u32] {
        &self.classes
    }

    /// Marks those that have drawn no more than `limit`, and no others.
    pub(super) fn move_to(&mut self, limit: u64, sites: &SiteOf) {
        if self.up_to == limit {
            return;
        }
        self.up_to = limit;
        let tie = |at: usize| sites.in_order.get(at).map(|holder| (*holder as usize, sites.ties[*holder as usize]));
        while let Some((holder, _)) = self.marked.checked_sub(1).and_then(tie).filter(|(_, tie)| *tie > limit) {
            self.classes[holder] &= !MARK;
            self.marked -= 1;
        }
        while let Some((holder, _)) = tie(self.marked).filter(|(_, tie)| *tie <= limit) {
            self.classes[holder] |= MARK;
            self.marked += 1;
        }
    }
}
