//! How what was found divides, by what one may narrow it down by.

use std::collections::{BTreeMap, HashMap};

use entity::enums::CertificateScheme;

use super::{rule::Candidate, scan::Found};
use crate::search::register::{Day, Register};

/// A value with the number of lines that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The value.
    pub value: T,
    /// How many lines have it.
    pub count: u64,
}

/// The divisions of what was found, the largest slice first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By division of the site, each with everything in it: provinces, cities and counties.
    pub regions: Vec<Slice<u32>>,
    /// By 类别 / 领域.
    pub fields: Vec<Slice<Box<str>>>,
    /// By match key of the cited standard.
    pub standards: Vec<Slice<Box<str>>>,
    /// By owner.
    pub agencies: Vec<Slice<Box<str>>>,
    /// By scheme of the certificate.
    pub schemes: Vec<Slice<CertificateScheme>>,
    /// How many sites have any.
    pub labs: u64,
}

impl Facets {
    /// Adds up what was counted.
    pub fn of(register: &Register, candidates: &[Candidate], found: &Found, on: Day) -> Self {
        let (mut fields, mut standards) = (HashMap::new(), HashMap::new());
        for (candidate, count) in candidates.iter().zip(&found.of_candidate).filter(|(_, count)| **count > 0) {
            let Some(competence) = register.competences.get(candidate.competence) else { continue };
            *fields.entry(competence.field).or_insert(0) += u64::from(*count);
            if let Some(standard) = competence.standard {
                *standards.entry(standard).or_insert(0) += u64::from(*count);
            }
        }
        let (mut regions, mut agencies, mut certificates) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut seen = vec![false; register.labs.len()];
        for ((_, holder), count) in register.holders.iter().zip(&found.of_holder).filter(|(_, count)| **count > 0) {
            let Some(lab) = register.labs.get(holder.lab) else { continue };
            seen[holder.lab as usize] = true;
            *regions.entry(lab.region).or_insert(0) += u64::from(*count);
            *agencies.entry(holder.agency).or_insert(0) += u64::from(*count);
            *certificates.entry(holder.certificate).or_insert(0) += u64::from(*count);
        }
        let mut schemes = BTreeMap::new();
        for (certificate, count) in certificates {
            let revisions =
                register.certificates.get(certificate).map(|one| one.revisions.as_slice()).unwrap_or_default();
            let revision = revisions.iter().find(|one| one.from <= on && on < one.to).or(revisions.last());
            if let Some(revision) = revision {
                *schemes.entry(revision.scheme).or_insert(0) += count;
            }
        }
        let text = |value: u32| Box::<str>::from(register.text(value));
        Self {
            regions: ranked(wider(regions)),
            fields: ranked(fields.into_iter().map(|(value, count)| (text(value), count))),
            standards: ranked(standards.into_iter().map(|(value, count)| (text(value), count))),
            agencies: ranked(agencies.into_iter().map(|(value, count)| (text(value), count))),
            schemes: ranked(schemes),
            labs: seen.into_iter().filter(|seen| *seen).count() as u64,
        }
    }
}

/// Counts of divisions with those of the cities and provinces around them.
pub(super) fn wider(counts: HashMap<u32, u64>) -> HashMap<u32, u64> {
    let mut wider = HashMap::new();
    for (region, count) in counts {
        let mut around = vec![region, region / 100 * 100, region / 10_000 * 10_000];
        around.dedup();
        for region in around {
            *wider.entry(region).or_insert(0) += count;
        }
    }
    wider
}

pub(super) fn ranked<T: Ord>(counts: impl IntoIterator<Item = (T, u64)>) -> Vec<Slice<T>> {
    let mut slices: Vec<Slice<T>> = counts.into_iter().map(|(value, count)| Slice { value, count }).collect();
    slices.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
    slices
}
