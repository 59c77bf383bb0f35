//! Everything of one institution.

use entity::{
    calibration, capacity_calendar, certificate, certificate_lab, competence_scope, equipment, equipment_scope,
    institution, lab, offering, offering_equipment, offering_scope, scope_version, signatory, signatory_scope,
};

use super::{
    certificate as certificates, equipment as instruments, institution::House, line, offering::Bench, plan::Plan,
    signatory as people,
};

/// The rows of one institution, ready to be written in the order of the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The institution.
    pub institution: institution::Model,
    /// Its labs.
    pub labs: Vec<lab::Model>,
    /// Every revision of its certificates.
    pub certificates: Vec<certificate::Model>,
    /// Which labs they cover.
    pub covers: Vec<certificate_lab::Model>,
    /// The editions of their annexes.
    pub editions: Vec<scope_version::Model>,
    /// Every revision of the lines.
    pub lines: Vec<competence_scope::Model>,
    /// Every revision of the equipment.
    pub equipment: Vec<equipment::Model>,
    /// Its calibrations.
    pub calibrations: Vec<calibration::Model>,
    /// Which lines need which equipment.
    pub needs: Vec<equipment_scope::Model>,
    /// The signatories.
    pub signatories: Vec<signatory::Model>,
    /// Lines for which they are authorised beyond their fields.
    pub authorisations: Vec<signatory_scope::Model>,
    /// What the labs open to others.
    pub offerings: Vec<offering::Model>,
    /// Which lines that names.
    pub offered_lines: Vec<offering_scope::Model>,
    /// Which equipment that names.
    pub offered_equipment: Vec<offering_equipment::Model>,
    /// How much that gives, and when.
    pub calendars: Vec<capacity_calendar::Model>,
}

impl Plan {
    /// The rows of the institution at `place`, from 0 to before [`Plan::institutions`]; the same whatever was made before.
    pub fn part(&self, place: u64) -> Part {
        let house = House::new(self, place);
        let certificates = certificates::all(self, &house);
        let mut part = Part {
            institution: house.row.clone(),
            labs: house.labs.clone(),
            certificates: Vec::new(),
            covers: Vec::new(),
            editions: Vec::new(),
            lines: Vec::new(),
            equipment: Vec::new(),
            calibrations: Vec::new(),
            needs: Vec::new(),
            signatories: Vec::new(),
            authorisations: Vec::new(),
            offerings: Vec::new(),
            offered_lines: Vec::new(),
            offered_equipment: Vec::new(),
            calendars: Vec::new(),
        };
        let mut items = 0;
        for (local, lab) in (0_u64..).zip(&house.labs) {
            let lines = line::all(self, &house, usize::try_from(local).unwrap_or(0), &certificates);
            let made = instruments::of(self, &house, lab, &lines, &mut items);
            let (signatories, authorisations) = people::of(self, &house, local, lab, &lines);
            let bench = Bench { plan: self, house: &house, local, lab, lines: &lines, items: &made.items };
            let offered = bench.offerings();
            part.offerings.extend(offered.rows);
            part.offered_lines.extend(offered.lines);
            part.offered_equipment.extend(offered.equipment);
            part.calendars.extend(offered.calendars);
            part.equipment.extend(made.items);
            part.calibrations.extend(made.calibrations);
            part.needs.extend(made.links);
            part.signatories.extend(signatories);
            part.authorisations.extend(authorisations);
            part.lines.extend(lines.into_iter().flat_map(|line| line.revisions));
        }
        for certificate in certificates {
            part.certificates.extend(certificate.revisions);
            part.covers.extend(certificate.covers);
            part.editions.extend(certificate.editions);
        }
        part
    }

    /// Every part, from the first institution to the last; one is in memory at a time.
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        (0..self.institutions()).map(|place| self.part(place))
    }
}
