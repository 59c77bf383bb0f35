//! The numbers of what has no id, by what it is.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use hashbrown::HashTable;

use crate::search::register::{Competence, Holder, Register, Span};

/// The numbers of what has no id.
#[derive(Default)]
pub(super) struct Known {
    /// By which texts are hashed.
    pub(super) hash: RandomState,
    /// Texts.
    pub(super) values: HashTable<u32>,
    /// What is tested and how.
    pub(super) competences: HashMap<Competence, u32>,
    /// Who holds lines.
    pub(super) holders: HashMap<Holder, u32>,
    /// When they are in force.
    pub(super) spans: HashMap<Span, u32>,
}

impl Known {
    /// Those of a register.
    pub(super) fn of(register: &Register) -> Self {
        let mut known = Self::default();
        let Self { hash, values, .. } = &mut known;
        let hashed =
            |number: &u32| register.values.get(*number).map_or(0, |value| hash.hash_one((value.kind, &*value.text)));
        for (number, _) in register.values.iter() {
            values.insert_unique(hashed(&number), number, hashed);
        }
        known.competences = register.competences.iter().map(|(number, one)| (*one, number)).collect();
        known.holders = register.holders.iter().map(|(number, one)| (*one, number)).collect();
        known.spans = register.spans.iter().map(|(number, one)| (*one, number)).collect();
        known
    }
}
