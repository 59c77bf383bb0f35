//! All that is known of lines besides their numbers, in memory: small, shared by snapshots, and kept in the index, from
//! which it is read when an instance starts.

mod line;
mod numbers;
mod record;
mod table;

pub use line::{Competence, Day, Holder, Kind, Link, Span, Value};
pub use numbers::Numbers;
pub use record::{Certificate, CertificateRevision, Equipment, EquipmentRevision, Lab, Offering, Signatory, Standard};
pub use table::Table;

use serde::{Deserialize, Serialize};

/// The tables, and the ways back through them.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Texts.
    pub values: Table<Value>,
    /// What is tested and how.
    pub competences: Table<Competence>,
    /// Who holds lines.
    pub holders: Table<Holder>,
    /// When lines are in force.
    pub spans: Table<Span>,
    /// Sites.
    pub labs: Table<Lab>,
    /// Certificates.
    pub certificates: Table<Certificate>,
    /// Equipment.
    pub equipment: Table<Equipment>,
    /// Signatories.
    pub signatories: Table<Signatory>,
    /// Editions of standards.
    pub standards: Table<Standard>,
    /// What is opened to others.
    pub offerings: Table<Offering>,
    /// For each text the competences that have it.
    pub competences_of: Table<Vec<u32>>,
    /// For each site its holders.
    pub holders_of: Table<Vec<u32>>,
    /// For each site its signatories.
    pub signatories_of: Table<Vec<u32>>,
    /// For each name the sites that have it.
    pub labs_of: Table<Vec<u32>>,
    /// For each match key the editions that a standard of that key replaced.
    pub replaced_by: Table<Vec<u32>>,
    /// Every 类别 / 领域 that a line has.
    pub fields: std::collections::BTreeSet<u32>,
    /// For each site what it offers.
    pub offerings_of: Table<Vec<u32>>,
    /// For each match key, and each title, the editions of the standard.
    pub editions_of: Table<Vec<u32>>,
}

/// An entry of one of the tables, as the index keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Entry {
    /// A text.
    Value(Value),
    /// What is tested and how.
    Competence(Competence),
    /// Who holds lines.
    Holder(Holder),
    /// When lines are in force.
    Span(Span),
    /// A site.
    Lab(Lab),
    /// A certificate.
    Certificate(Certificate),
    /// An item of equipment.
    Equipment(Equipment),
    /// A signatory.
    Signatory(Signatory),
    /// An edition of a standard.
    Standard(Standard),
    /// What is opened to others.
    Offering(Offering),
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Shelf {
    /// Texts.
    Value,
    /// Competences.
    Competence,
    /// Holders.
    Holder,
    /// Spans.
    Span,
    /// Sites.
    Lab,
    /// Certificates.
    Certificate,
    /// Equipment.
    Equipment,
    /// Signatories.
    Signatory,
    /// Standards.
    Standard,
    /// Offerings.
    Offering,
}

impl Entry {
    /// The table that it belongs to.
    pub fn shelf(&self) -> Shelf {
        match self {
            Self::Value(_) => Shelf::Value,
            Self::Competence(_) => Shelf::Competence,
            Self::Holder(_) => Shelf::Holder,
            Self::Span(_) => Shelf::Span,
            Self::Lab(_) => Shelf::Lab,
            Self::Certificate(_) => Shelf::Certificate,
            Self::Equipment(_) => Shelf::Equipment,
            Self::Signatory(_) => Shelf::Signatory,
            Self::Standard(_) => Shelf::Standard,
            Self::Offering(_) => Shelf::Offering,
        }
    }
}

impl Register {
    /// The entry of a number.
    pub fn entry(&self, shelf: Shelf, number: u32) -> Option<Entry> {
        Some(match shelf {
            Shelf::Value => Entry::Value(self.values.get(number)?.clone()),
            Shelf::Competence => Entry::Competence(*self.competences.get(number)?),
            Shelf::Holder => Entry::Holder(*self.holders.get(number)?),
            Shelf::Span => Entry::Span(*self.spans.get(number)?),
            Shelf::Lab => Entry::Lab(self.labs.get(number)?.clone()),
            Shelf::Certificate => Entry::Certificate(self.certificates.get(number)?.clone()),
            Shelf::Equipment => Entry::Equipment(self.equipment.get(number)?.clone()),
            Shelf::Signatory => Entry::Signatory(self.signatories.get(number)?.clone()),
            Shelf::Standard => Entry::Standard(self.standards.get(number)?.clone()),
            Shelf::Offering => Entry::Offering(self.offerings.get(number)?.clone()),
        })
    }

    /// Puts an entry in its place, in the place of what was there, and keeps the ways back.
    pub fn put(&mut self, number: u32, entry: Entry) {
        match entry {
            Entry::Value(value) => self.values.put(number, Value::new(value.kind, &value.text)),
            Entry::Competence(competence) => {
                self.competences.put(number, competence);
                self.fields.insert(competence.field);
                let Competence { field, object, parameter, method, standard, .. } = competence;
                for value in [Some(field), Some(object), Some(parameter), Some(method), standard].into_iter().flatten()
                {
                    add(&mut self.competences_of, value, number);
                }
            }
            Entry::Holder(holder) => {
                self.holders.put(number, holder);
                add(&mut self.holders_of, holder.lab, number);
            }
            Entry::Span(span) => self.spans.put(number, span),
            Entry::Lab(lab) => {
                for name in self.labs.get(number).map(|before| before.names.clone()).unwrap_or_default() {
                    remove(&mut self.labs_of, name, number);
                }
                for name in &lab.names {
                    add(&mut self.labs_of, *name, number);
                }
                self.labs.put(number, lab);
            }
            Entry::Certificate(certificate) => self.certificates.put(number, certificate),
            Entry::Equipment(equipment) => self.equipment.put(number, equipment),
            Entry::Signatory(signatory) => {
                if let Some(before) = self.signatories.get(number).map(|before| before.lab) {
                    remove(&mut self.signatories_of, before, number);
                }
                add(&mut self.signatories_of, signatory.lab, number);
                self.signatories.put(number, signatory);
            }
            Entry::Offering(offering) => {
                if let Some(before) = self.offerings.get(number).and_then(|before| before.lab) {
                    remove(&mut self.offerings_of, before, number);
                }
                if let Some(lab) = offering.lab {
                    add(&mut self.offerings_of, lab, number);
                }
                self.offerings.put(number, offering);
            }
            Entry::Standard(standard) => {
                let ways = |edition: &Standard| edition.titles.iter().copied().chain([edition.key]).collect::<Vec<_>>();
                for value in self.standards.get(number).map(ways).unwrap_or_default() {
                    remove(&mut self.editions_of, value, number);
                }
                if let Some(key) = self.standards.get(number).and_then(|before| before.successor) {
                    remove(&mut self.replaced_by, key, number);
                }
                for value in ways(&standard) {
                    add(&mut self.editions_of, value, number);
                }
                if let Some(key) = standard.successor {
                    add(&mut self.replaced_by, key, number);
                }
                self.standards.put(number, standard);
            }
        }
    }

    /// The text of a number; empty where there is none.
    pub fn text(&self, value: u32) -> &str {
        self.values.get(value).map_or("", |value| &value.text)
    }

    /// The editions that a standard of a match key replaced.
    pub fn replaced_by(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        self.replaced_by.get(key).map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// The text of a number, folded; empty where there is none.
    pub fn folded(&self, value: u32) -> &str {
        self.values.get(value).map_or("", Value::folded)
    }

    /// The competences that have a text.
    pub fn competences_of(&self, value: u32) -> &[u32] {
        self.competences_of.get(value).map_or(&[], Vec::as_slice)
    }
}

fn add(ways: &mut Table<Vec<u32>>, from: u32, to: u32) {
    if ways.len() <= from as usize {
        ways.put(from, Vec::new());
    }
    if let Some(list) = ways.entry(from)
        && !list.ends_with(&[to])
    {
        list.push(to);
    }
}

fn remove(ways: &mut Table<Vec<u32>>, from: u32, to: u32) {
    if let Some(list) = ways.entry(from) {
        list.retain(|each| *each != to);
    }
}
