//! What an offering covers: the whole lab, fields, named lines, or named items.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
};

use entity::{
    competence_scope,
    enums::{EquipmentStatus, OfferingKind},
    equipment,
    ids::{EquipmentId, LabId, ScopeId},
    offering::Model,
};
use serde_json::Value;

use crate::{directory::text, platform::fault::Problems};

/// Most fields that one offering may list.
const MOST_FIELDS: usize = 50;
/// Most lines that one offering may name.
const MOST_LINES: usize = 200;
/// Most items that one offering may name.
const MOST_ITEMS: usize = 50;

/// What an offering is to cover. Three empty lists: the whole lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Fields (类别).
    pub fields: Vec<String>,
    /// Lines.
    pub lines: Vec<ScopeId>,
    /// Items of equipment.
    pub equipment: Vec<EquipmentId>,
}

/// The lines and items of [`Coverage`] as the register has them: the last revisions, none where it has ended or is not
/// there.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Of the lines.
    pub lines: Vec<competence_scope::Model>,
    /// Of the items.
    pub equipment: Vec<equipment::Model>,
}

/// The fields that a row lists.
pub fn fields_of(row: &Model) -> Vec<String> {
    let listed = row.fields.as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Coverage {
    /// Holds the lists against the kind, the lab and the register, and answers them in good form: each once, in order.
    pub fn checked(self, problems: &mut Problems, kind: OfferingKind, lab: Option<LabId>, found: &Lists) -> Self {
        let fits = self.fits(problems, kind);
        if fits && let Some(lab) = lab {
            self.belongs(problems, lab, found);
        }
        let fields = self.fields.into_iter();
        let fields = fields.filter_map(|one| text::optional(problems, FIELDS, Some(one), text::NAME)).collect();
        Self { fields: distinct(fields), lines: distinct(self.lines), equipment: distinct(self.equipment) }
    }

    /// Whether two of them, each in good form, name the same lines and items.
    pub fn names_the_same(&self, other: &Self) -> bool {
        (&self.lines, &self.equipment) == (&other.lines, &other.equipment)
    }

    /// Whether each list is one that the kind has, and not too long.
    fn fits(&self, problems: &mut Problems, kind: OfferingKind) -> bool {
        let by_time = kind == OfferingKind::EquipmentTime;
        let mut fits = true;
        let mut wrong = |path: &str, code: &'static str, message: String| {
            problems.add(path, code, message);
            fits = false;
        };
        for (path, given, most) in [
            (FIELDS, self.fields.len(), MOST_FIELDS),
            (LINES, self.lines.len(), MOST_LINES),
            (ITEMS, self.equipment.len(), MOST_ITEMS),
        ] {
            if given > most {
                wrong(path, "TOO_MANY", format!("List at most {most}; empty lists mean the whole lab."));
            }
        }
        if !self.fields.is_empty() && by_time {
            wrong(FIELDS, "COVERAGE_OF_OTHER_KIND", "Time at equipment is offered by item; list no fields.".to_owned());
        }
        if !self.lines.is_empty() && kind != OfferingKind::Testing {
            wrong(LINES, "COVERAGE_OF_OTHER_KIND", "Scope lines are named where tests are offered.".to_owned());
        }
        if !self.equipment.is_empty() && !by_time {
            wrong(ITEMS, "COVERAGE_OF_OTHER_KIND", "Items are named where time at equipment is offered.".to_owned());
        }
        if self.equipment.is_empty() && by_time {
            wrong(ITEMS, "EQUIPMENT_REQUIRED", "Name the equipment at which time is offered.".to_owned());
        }
        if !self.fields.is_empty() && !self.lines.is_empty() {
            wrong(LINES, "COVERAGE_MIXED", "List fields or name lines, not both.".to_owned());
        }
        fits
    }

    /// Whether the lab has every line and item.
    fn belongs(&self, problems: &mut Problems, lab: LabId, found: &Lists) {
        let lines: HashMap<_, _> = found.lines.iter().map(|row| (row.id, row)).collect();
        for (at, id) in self.lines.iter().enumerate() {
            if lines.get(id).is_none_or(|row| row.lab_id != lab) {
                let message = format!("{id} is not a line of this lab that is in force.");
                problems.add(format!("{LINES}[{at}]"), "LINE_NOT_OF_LAB", message);
            }
        }
        let items: HashMap<_, _> = found.equipment.iter().map(|row| (row.id, row)).collect();
        for (at, id) in self.equipment.iter().enumerate() {
            let path = format!("{ITEMS}[{at}]");
            match items.get(id).filter(|row| row.lab_id == lab) {
                None => problems.add(path, "EQUIPMENT_NOT_OF_LAB", format!("{id} is not an item of this lab.")),
                Some(row) if row.status == EquipmentStatus::Retired => {
                    problems.add(path, "EQUIPMENT_RETIRED", format!("{id} is retired; name the one in its place."));
                }
                Some(_) => {}
            }
        }
    }
}

const FIELDS: &str = "input.coverage.fields";
const LINES: &str = "input.coverage.scopes";
const ITEMS: &str = "input.coverage.equipment";

fn distinct<T: Ord + Clone + Hash>(list: Vec<T>) -> Vec<T> {
    list.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
