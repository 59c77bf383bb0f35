//! How what was found divides, by what one may narrow it down by.

use std::collections::BTreeMap;

use entity::enums::CertificateScheme;
use hashbrown::HashMap;

use super::{rule::Candidate, scan::Found};
use crate::search::register::{Day, Kind, Register, Value};

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
        let mut by_value = vec![0; register.values.len()];
        let counts = candidates.iter().filter_map(|one| Some((one, found.of_competence.get(one.competence as usize)?)));
        for (candidate, count) in counts.filter(|(_, count)| **count > 0) {
            let Some(competence) = register.competences.get(candidate.competence) else { continue };
            for value in [Some(competence.field), competence.standard].into_iter().flatten() {
                add(&mut by_value, value, *count);
            }
        }
        let mut by_lab = vec![0; register.labs.len()];
        let mut by_certificate = vec![0; register.certificates.len()];
        for ((_, holder), count) in register.holders.iter().zip(&found.of_holder).filter(|(_, count)| **count > 0) {
            add(&mut by_value, holder.agency, *count);
            add(&mut by_lab, holder.lab, *count);
            add(&mut by_certificate, holder.certificate, *count);
        }
        let mut schemes = BTreeMap::new();
        for ((_, certificate), count) in
            register.certificates.iter().zip(by_certificate).filter(|(_, count)| *count > 0)
        {
            let revisions = certificate.revisions.as_slice();
            let revision = revisions.iter().find(|one| one.from <= on && on < one.to).or(revisions.last());
            if let Some(revision) = revision {
                *schemes.entry(revision.scheme).or_insert(0) += count;
            }
        }
        let labs = || register.labs.iter().zip(&by_lab).filter(|(_, count)| **count > 0);
        let mut regions = HashMap::new();
        for ((_, lab), count) in labs() {
            *regions.entry(lab.region).or_insert(0) += *count;
        }
        let counted = register.values.iter().zip(&by_value).filter(|(_, count)| **count > 0);
        let counted: Vec<(&Value, u64)> = counted.map(|((_, value), count)| (value, *count)).collect();
        let of_kind = |kind: Kind| {
            let of_kind = counted.iter().filter(|(value, _)| value.kind == kind);
            ranked(of_kind.map(|(value, count)| (value.text.clone(), *count)))
        };
        Self {
            regions: ranked(wider(regions)),
            fields: of_kind(Kind::Field),
            standards: of_kind(Kind::Standard),
            agencies: of_kind(Kind::Agency),
            schemes: ranked(schemes),
            labs: labs().count() as u64,
        }
    }
}

fn add(counts: &mut [u64], number: u32, more: u32) {
    if let Some(count) = counts.get_mut(number as usize) {
        *count += u64::from(more);
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
