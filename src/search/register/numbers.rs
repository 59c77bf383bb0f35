//! The way from ids to numbers. A number is given once and for all, so readers and the writer share the map.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use uuid::Uuid;

use super::{Register, Shelf};

/// Ids of the tables whose entries have some.
#[derive(Debug, Default)]
pub struct Numbers {
    labs: RwLock<HashMap<Uuid, u32>>,
    certificates: RwLock<HashMap<Uuid, u32>>,
    equipment: RwLock<HashMap<Uuid, u32>>,
    signatories: RwLock<HashMap<Uuid, u32>>,
    standards: RwLock<HashMap<Uuid, u32>>,
    offerings: RwLock<HashMap<Uuid, u32>>,
}

impl Numbers {
    /// The numbers of a register that was read.
    pub fn of(register: &Register) -> Self {
        let numbers = Self::default();
        for (number, lab) in register.labs.iter() {
            numbers.note(Shelf::Lab, lab.id, number);
        }
        for (number, certificate) in register.certificates.iter() {
            numbers.note(Shelf::Certificate, certificate.id, number);
        }
        for (number, item) in register.equipment.iter() {
            numbers.note(Shelf::Equipment, item.id, number);
        }
        for (number, signatory) in register.signatories.iter() {
            numbers.note(Shelf::Signatory, signatory.id, number);
        }
        for (number, standard) in register.standards.iter() {
            numbers.note(Shelf::Standard, standard.id, number);
        }
        for (number, offering) in register.offerings.iter() {
            numbers.note(Shelf::Offering, offering.id, number);
        }
        numbers
    }

    /// The number of an id.
    pub fn get(&self, shelf: Shelf, id: Uuid) -> Option<u32> {
        self.shelf(shelf)?.read().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }

    /// Remembers the number of an id.
    pub fn note(&self, shelf: Shelf, id: Uuid, number: u32) {
        if let Some(map) = self.shelf(shelf).filter(|_| !id.is_nil()) {
            map.write().unwrap_or_else(PoisonError::into_inner).insert(id, number);
        }
    }

    fn shelf(&self, shelf: Shelf) -> Option<&RwLock<HashMap<Uuid, u32>>> {
        match shelf {
            Shelf::Lab => Some(&self.labs),
            Shelf::Certificate => Some(&self.certificates),
            Shelf::Equipment => Some(&self.equipment),
            Shelf::Signatory => Some(&self.signatories),
            Shelf::Standard => Some(&self.standards),
            Shelf::Offering => Some(&self.offerings),
            Shelf::Value | Shelf::Competence | Shelf::Holder | Shelf::Span => None,
        }
    }
}
