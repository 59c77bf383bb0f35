//! Names that clients choose, kept few enough to be labels.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

/// Most names of one node that are told apart.
pub const MOST: usize = 200;
/// Longest name that is told apart, in bytes.
pub const LONGEST: usize = 64;
/// Stands for the names beyond [`MOST`] and [`LONGEST`].
pub const OTHER: &str = "other";
/// Stands for the operations without a name.
pub const ANONYMOUS: &str = "anonymous";

/// The names that were seen first.
#[derive(Debug)]
pub struct Names {
    known: RwLock<HashSet<Arc<str>>>,
    other: Arc<str>,
    anonymous: Arc<str>,
}

impl Default for Names {
    fn default() -> Self {
        Self { known: RwLock::default(), other: OTHER.into(), anonymous: ANONYMOUS.into() }
    }
}

impl Names {
    /// The label of a name: itself, as long as it is short and among the first [`MOST`].
    pub fn label(&self, name: Option<&str>) -> Arc<str> {
        let Some(name) = name else { return Arc::clone(&self.anonymous) };
        if name.len() > LONGEST {
            return Arc::clone(&self.other);
        }
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(label) = known.get(name) {
                return Arc::clone(label);
            }
            if known.len() >= MOST {
                return Arc::clone(&self.other);
            }
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains(name) {
            return Arc::clone(&self.other);
        }
        let label: Arc<str> = name.into();
        known.insert(Arc::clone(&label));
        label
    }
}
