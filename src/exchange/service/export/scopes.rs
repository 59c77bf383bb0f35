//! Annexes as files: the lines in force of each certificate at each lab. A withdrawn certificate attests nothing, so its
//! lines are not exported.

use std::collections::HashMap;
use std::sync::Arc;

use entity::{competence_scope::Model, ids::LabId};

use super::{Counted, Source, records};
use crate::{
    directory::{
        certificate::{model::CertificateStanding, store as certificates},
        family::Args,
        scope::{
            model::{LineEdge, LineFilter, LineOrder},
            store as lines,
        },
    },
    exchange::{format::ScopeRow, sheet::write::Sheet},
    platform::{fault::Outcome, filter::OneOf, page::Window},
};

/// Lines read with one statement.
const BATCH: u64 = 5_000;

pub(super) async fn lines<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    let labs: HashMap<LabId, String> =
        records::all_labs(source).await?.into_iter().map(|lab| (lab.id, lab.code)).collect();
    for certificate in records::all_certificates(source).await? {
        if CertificateStanding::on(&certificate, source.on) == CertificateStanding::Withdrawn {
            continue;
        }
        let covered = certificates::covered_labs(source.db, &source.visible, &[certificate.id.0], source.on).await?;
        let mut sites: Vec<(&str, LabId)> =
            covered.into_values().flatten().filter_map(|id| labs.get(&id).map(|code| (code.as_str(), id))).collect();
        sites.sort_unstable();
        for (code, lab) in sites {
            let filter =
                LineFilter { lab: Some(OneOf { any_of: Some(vec![lab]), none_of: None }), ..LineFilter::on(source.on) };
            let mut rows = of_certificate(source, certificate.id.0, filter).await?;
            rows.sort_by_cached_key(sort_key);
            for row in rows {
                out.put(&record(row, &certificate.number, code))?;
            }
        }
    }
    Ok(())
}

async fn of_certificate(source: &Source<'_>, certificate: uuid::Uuid, filter: LineFilter) -> Outcome<Vec<Model>> {
    let mut found = Vec::new();
    let mut window = Window::first(BATCH);
    loop {
        let args = Args { filter: filter.clone(), order: LineOrder::Serial, window };
        let pages = lines::children(source.db, &source.visible, LineEdge::Certificate, &[certificate], &args).await?;
        let Some(page) = pages.into_values().next() else { return Ok(found) };
        let (more, last) = (page.has_next, page.end());
        found.extend(page.rows.into_iter().map(Arc::unwrap_or_clone));
        match last {
            Some(cursor) if more => window = Window::next(BATCH, cursor),
            _ => return Ok(found),
        }
    }
}

/// An order of lines that depends on their content alone.
fn sort_key(row: &Model) -> (String, [String; 4], [Option<String>; 3], chrono::NaiveDate) {
    (
        row.serial_key.clone(),
        [row.field.clone(), row.object.clone(), row.parameter.clone(), row.method.clone()],
        [row.clause.clone(), row.limits.clone(), row.remarks.clone()],
        row.effective_from,
    )
}

fn record(row: Model, certificate: &str, lab: &str) -> ScopeRow {
    ScopeRow {
        certificate_number: Some(certificate.to_owned()),
        lab_code: Some(lab.to_owned()),
        serial: row.serial,
        field: row.field,
        object: row.object,
        parameter: row.parameter,
        method: row.method,
        clause: row.clause,
        limits: row.limits,
        remarks: row.remarks,
        valid_from: Some(row.effective_from),
        visibility: Some(row.visibility),
    }
}
