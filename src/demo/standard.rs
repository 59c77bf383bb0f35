//! The standards that are shipped as a seed. They are real; only which lab cites which is made up.

use entity::{ids::StandardId, standard};

use super::{catalogue::edition, ids::Kind, institution::entered, plan::Plan};
use crate::platform::fault::{Fault, Outcome};

const SEED: &str = include_str!("../../data/standards/cn_standards_seed.csv");

/// Every standard of the seed.
///
/// # Errors
/// `INTERNAL` where the shipped file is damaged.
pub fn all(plan: &Plan) -> Outcome<Vec<standard::Model>> {
    let mut rows = Vec::new();
    let mut reader = csv::Reader::from_reader(SEED.as_bytes());
    for (at, record) in (0_u64..).zip(reader.records()) {
        let record = record.map_err(Fault::internal)?;
        let cell = |at: usize| record.get(at).map(str::trim).filter(|text| !text.is_empty());
        let read = edition(cell(0).unwrap_or_default());
        let status = cell(3).unwrap_or_default().parse();
        let entered = entered(plan.today() - chrono::TimeDelta::days(30), plan);
        rows.push(standard::Model {
            id: StandardId(plan.ids(0).id(Kind::Standard, at)),
            number: read.printed,
            key: read.key,
            year: read.year,
            title_zh: cell(1).unwrap_or_default().to_owned(),
            title_en: cell(2).map(str::to_owned),
            status: status.map_err(|()| Fault::internal(format!("row {at} of the standards has an unknown status")))?,
            replaced_by: cell(4).map(|number| edition(number).printed),
            published_on: None,
            effective_on: None,
            withdrawn_on: None,
            version: 1,
            created_at: entered,
            updated_at: entered,
        });
    }
    Ok(rows)
}
