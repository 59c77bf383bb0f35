//! What is made: the same for the same seed, as much as was asked for, in every state.

use std::collections::{BTreeSet, HashSet};

use chrono::TimeDelta;
use entity::{
    FOREVER,
    enums::{
        CalibrationResult, CertificateScheme, CertificateStatus, EquipmentStatus, OfferingKind, OfferingStatus,
        PriceBasis, ScopeVersionReason, Standing, Visibility,
    },
};
use labpact::demo::{Size, cited, samples, triples};
use labpact::directory::standard::number::StandardNumber;

use super::{all, plan, today};

#[test]
fn the_same_seed_makes_the_same_rows_in_any_order() {
    let first = all();
    let again = plan(Size::default());
    for place in (0..again.institutions()).rev() {
        assert_eq!(again.part(place), first[usize::try_from(place).expect("few")]);
    }
    let other = plan(Size { seed: 2, ..Size::default() });
    assert_ne!(other.part(0).institution, first[0].institution);
}

#[test]
fn there_is_as_much_as_was_asked_for() {
    for (labs, scope_lines) in
        [(1, 0), (1, 1), (2, 7), (26, 1_000), (27, 1_000), (28, 1_001), (300, 12_000), (1_000, 3_333)]
    {
        let plan = plan(Size { labs, scope_lines, seed: 5 });
        let (mut made_labs, mut made_lines) = (0, HashSet::new());
        for part in plan.parts() {
            assert!(!part.labs.is_empty());
            made_labs += part.labs.len();
            made_lines.extend(part.lines.iter().map(|line| line.id));
        }
        assert_eq!((made_labs, made_lines.len() as u64), (labs as usize, scope_lines));
    }
}

#[test]
fn a_part_of_a_very_large_plan_is_made_at_once() {
    let plan = plan(Size { labs: 12_000, scope_lines: 10_000_000, seed: 1 });
    let part = plan.part(plan.institutions() - 1);
    assert!(part.lines.len() > 100);
    let distinct: HashSet<_> = part.lines.iter().map(|line| (line.id, line.revision)).collect();
    assert_eq!(distinct.len(), part.lines.len());
}

#[test]
fn sizes_out_of_their_limits_are_refused() {
    for (labs, scope_lines) in [(0, 0), (1_000_001, 0), (1, 20_001)] {
        let fault = labpact::demo::Plan::new(Size { labs, scope_lines, seed: 1 }, today()).expect_err("refused");
        assert_eq!(fault.code(), "INVALID");
    }
}

#[test]
fn every_state_occurs() {
    let parts = all();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut see = |word: &str| {
        seen.insert(word.to_owned());
    };
    for part in &parts {
        see(&format!("agency {}", part.institution.agency.as_str()));
        see(&format!("institution {}", part.institution.standing.word()));
        part.labs.iter().for_each(|lab| see(&format!("lab {}", lab.standing.word())));
        for row in part.certificates.iter().filter(|row| row.effective_to == FOREVER) {
            let ends = row.valid_to.expect("an end");
            see(&format!("scheme {}", row.scheme.word()));
            see(&format!("certificate {}", row.status.word()));
            see(match (row.status, row.revision) {
                (CertificateStatus::Active, 2) => "certificate renewed",
                (CertificateStatus::Active, 3) => "certificate resumed",
                _ => "certificate other",
            });
            if ends < today() {
                see("certificate expired");
            } else if ends <= today() + TimeDelta::days(60) {
                see("certificate ends soon");
            }
            if row.valid_from > today() {
                see("certificate not yet");
            }
        }
        part.editions.iter().for_each(|row| see(&format!("edition {}", row.reason.word())));
        for line in &part.lines {
            see(&format!("line {}", line.visibility.word()));
            see(&format!("line revision {}", line.revision));
            see(if line.standard_year.is_some() { "line dated" } else { "line undated" });
            see(if line.limits.is_some() { "line limited" } else { "line unlimited" });
        }
        for item in part.equipment.iter().filter(|row| row.effective_to == FOREVER) {
            see(&format!("equipment {}", item.status.word()));
            let mut of: Vec<_> = part.calibrations.iter().filter(|row| row.equipment_id == item.id).collect();
            of.retain(|row| row.voided_on.is_none());
            see(match of.iter().map(|row| row.due_on).max() {
                None => "calibration never",
                Some(due) if due < today() => "calibration overdue",
                Some(due) if due < today() + TimeDelta::days(31) => "calibration due soon",
                Some(_) => "calibration in date",
            });
        }
        part.calibrations.iter().for_each(|row| see(&format!("calibration {}", row.result.word())));
        if part.calibrations.iter().any(|row| row.voided_on.is_some()) {
            see("calibration voided");
        }
        for row in &part.offerings {
            see(&format!("offering {}", row.status.word()));
            see(&format!("offering {}", row.kind.word()));
            see(&format!("offering {}", row.price_basis.word()));
            see(match (row.visibility, row.shown_to.as_array().is_some_and(Vec::is_empty)) {
                (Visibility::Own, false) => "offering named",
                (Visibility::Own, true) => "offering own",
                (Visibility::Public | Visibility::Partner, _) => "offering shown",
            });
            see(
                match (
                    row.fields.as_array().is_some_and(Vec::is_empty),
                    part.offered_lines.iter().any(|link| link.offering_id == row.id),
                ) {
                    (false, _) => "offering field",
                    (true, true) => "offering lines",
                    (true, false) => "offering whole",
                },
            );
        }
        part.signatories.iter().for_each(|row| see(&format!("signatory {}", row.standing.word())));
    }
    let mut wanted: Vec<String> = ["GD", "SD", "FJ", "GX", "HI"].map(|code| format!("agency {code}")).to_vec();
    for standing in Standing::ALL {
        wanted.extend(["institution", "lab", "signatory"].map(|kind| format!("{kind} {}", standing.word())));
    }
    wanted.extend(CertificateScheme::ALL.iter().map(|each| format!("scheme {}", each.word())));
    wanted.extend(CertificateStatus::ALL.iter().map(|each| format!("certificate {}", each.word())));
    wanted.extend(ScopeVersionReason::ALL.iter().map(|each| format!("edition {}", each.word())));
    wanted.extend(EquipmentStatus::ALL.iter().map(|each| format!("equipment {}", each.word())));
    wanted.extend(CalibrationResult::ALL.iter().map(|each| format!("calibration {}", each.word())));
    wanted.extend(OfferingKind::ALL.iter().map(|each| format!("offering {}", each.word())));
    wanted.extend(OfferingStatus::ALL.iter().map(|each| format!("offering {}", each.word())));
    wanted.extend(
        PriceBasis::ALL
            .iter()
            .filter(|each| **each != PriceBasis::PerDay)
            .map(|each| format!("offering {}", each.word())),
    );
    wanted.extend(["named", "own", "shown", "field", "lines", "whole"].map(|each| format!("offering {each}")));
    wanted.extend(Visibility::ALL.iter().map(|each| format!("line {}", each.word())));
    wanted.extend(["renewed", "resumed", "expired", "ends soon", "not yet"].map(|each| format!("certificate {each}")));
    wanted.extend(["never", "overdue", "due soon", "in date", "voided"].map(|each| format!("calibration {each}")));
    wanted.extend(["revision 1", "revision 2", "dated", "undated", "limited"].map(|each| format!("line {each}")));
    let missing: Vec<_> = wanted.into_iter().filter(|each| !seen.contains(each)).collect();
    assert!(missing.is_empty(), "{missing:?} of {seen:?}");
}

#[test]
fn the_catalogue_is_wide_and_its_numbers_are_read() {
    assert!(triples() >= 250, "{}", triples());
    for number in cited() {
        let read = StandardNumber::parse(number).unwrap_or_else(|fault| panic!("{number}: {fault}"));
        assert_eq!(read.printed(), number);
        assert!(read.suffix.is_none(), "{number}");
    }
}

#[test]
fn samples_name_rows_that_are_there() {
    let plan = plan(Size::default());
    let samples = samples(&plan);
    let parts = all();
    let lab = samples.lab.expect("a lab");
    assert!(parts.iter().any(|part| part.labs.iter().any(|row| row.id == lab)));
    let (standard, line) = (samples.standard.expect("a standard"), samples.line.expect("a line"));
    let carriers: HashSet<_> =
        parts.iter().flat_map(|part| &part.lines).filter(|row| row.method == standard).map(|row| row.lab_id).collect();
    assert!(carriers.len() >= 10, "{standard} at {} labs", carriers.len());
    assert!(parts.iter().any(|part| part.lines.iter().any(|row| row.id == line && row.revision == 2)));
    assert!(samples.certificate.is_some() && samples.equipment.is_some() && samples.uscc.is_some());
}
