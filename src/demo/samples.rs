//! A few things of the data that are worth asking for.

use std::collections::HashMap;

use entity::{
    enums::{CertificateStatus, Standing, Visibility},
    ids::{CertificateId, EquipmentId, LabId, ScopeId},
};

use super::{part::Part, plan::Plan};

/// Institutions that are looked at, so that samples come at once whatever the size.
const LOOKED_AT: u64 = 400;

/// Facts for sample queries. All are visible to every agency; none where the data is too small to have one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    /// An active lab with a long annex.
    pub lab: Option<LabId>,
    /// Its code.
    pub lab_code: Option<String>,
    /// The credit code of its institution.
    pub uscc: Option<String>,
    /// The standard that most labs cite, as most lines spell it.
    pub standard: Option<String>,
    /// A parameter that is tested by it.
    pub parameter: Option<String>,
    /// A certificate that was suspended or withdrawn, whose past differs from its present.
    pub certificate: Option<CertificateId>,
    /// A line with two revisions.
    pub line: Option<ScopeId>,
    /// An item of equipment with more than one revision.
    pub equipment: Option<EquipmentId>,
}

/// Looks through the first institutions of a plan.
pub fn samples(plan: &Plan) -> Samples {
    let mut samples = Samples::default();
    let mut most = 0;
    let mut cited: HashMap<(String, String), u64> = HashMap::new();
    for place in 0..plan.institutions().min(LOOKED_AT) {
        let part = plan.part(place);
        if part.institution.visibility == Visibility::Own || part.institution.standing != Standing::Active {
            continue;
        }
        samples.look(&part, &mut most);
        // Lines of one lab that cite the same standard for the same parameter count once.
        let mut seen: Vec<_> = part.lines.iter().map(|line| (line.method.clone(), line.parameter.clone())).collect();
        seen.sort_unstable();
        seen.dedup();
        for each in seen {
            *cited.entry(each).or_default() += 1;
        }
    }
    let mut ranked: Vec<_> = cited.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if let Some(((method, parameter), _)) = ranked.into_iter().next() {
        (samples.standard, samples.parameter) = (Some(method), Some(parameter));
    }
    samples
}

impl Samples {
    fn look(&mut self, part: &Part, most: &mut usize) {
        for lab in part.labs.iter().filter(|lab| lab.standing == Standing::Active) {
            let lines = part.lines.iter().filter(|line| line.lab_id == lab.id).count();
            if lines > *most {
                *most = lines;
                (self.lab, self.lab_code) = (Some(lab.id), Some(lab.code.clone()));
                self.uscc.clone_from(&part.institution.uscc);
            }
        }
        let ended = part.certificates.iter().find(|row| row.status != CertificateStatus::Active);
        self.certificate = self.certificate.or(ended.map(|row| row.id));
        let revised = part.lines.iter().find(|row| row.revision > 1 && row.visibility != Visibility::Own);
        self.line = self.line.or(revised.map(|row| row.id));
        let moved = part.equipment.iter().find(|row| row.revision > 1);
        self.equipment = self.equipment.or(moved.map(|row| row.id));
    }
}
