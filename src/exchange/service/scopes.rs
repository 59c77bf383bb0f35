//! Capability annexes of files: rows of one certificate and lab that stand together are one delivery.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::{
    apply::lab_of,
    import::{AnnexOrder, ImportOrder, Run, refusals},
};
use crate::{
    directory::{
        certificate::{model::number_key, store as certificates},
        scope::{
            model::{Annex, AnnexOutcome, Edition, Line, NewLine},
            service::replace_annex,
        },
    },
    exchange::{
        format::{Entry, Origin, Records, ScopeRow},
        sheet::Note,
    },
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
        lenient::fold_code,
    },
};

/// Certificate and lab as a file names them, folded.
type Place = (String, String);

/// Rows of one place, gathered until the next place begins.
struct Delivery {
    place: Place,
    first: Origin,
    lines: Vec<(Option<NaiveDate>, Line)>,
    /// Rows of the place that were refused: then the delivery cannot be all of the annex.
    refused: u64,
}

pub(super) async fn files(run: &mut Run<'_>, tx: &mut Tx, order: &ImportOrder) -> Outcome<()> {
    for path in &order.files {
        let mut records = Records::<ScopeRow>::open(path, order.mapping.clone())?;
        let file = records.file().to_owned();
        let mut open: Option<Delivery> = None;
        let mut seen = HashSet::new();
        while let Some(entry) = records.next_entry()? {
            run.step();
            let row = match entry {
                Entry::Refused(refusals) => {
                    run.report.refuse(refusals);
                    open.iter_mut().for_each(|delivery| delivery.refused += 1);
                    continue;
                }
                Entry::Row(row) => row,
            };
            let place = match place_of(&row.value, &order.annex) {
                Ok(place) => place,
                Err(fault) => {
                    run.report.refuse(refusals(fault, &file, &row.origin)?);
                    continue;
                }
            };
            if open.as_ref().is_some_and(|delivery| delivery.place != place) {
                deliver(run, tx, order, &file, open.take()).await?;
            }
            let dated = row.value.valid_from;
            match new_line(row.value).validated("") {
                Ok(line) => {
                    if open.is_none() && !seen.insert(place.clone()) && order.annex.complete {
                        let fault = Fault::invalid(
                            "",
                            "ROWS_APART",
                            "Rows of one certificate and lab must stand together in a complete annex; sort the file.",
                        );
                        run.report.refuse(refusals(fault, &file, &row.origin)?);
                        continue;
                    }
                    let delivery = open.get_or_insert_with(|| Delivery {
                        place,
                        first: row.origin,
                        lines: Vec::new(),
                        refused: 0,
                    });
                    delivery.lines.push((dated, line));
                }
                Err(fault) => {
                    run.report.refuse(refusals(fault, &file, &row.origin)?);
                    open.iter_mut().for_each(|delivery| delivery.refused += 1);
                }
            }
        }
        deliver(run, tx, order, &file, open.take()).await?;
        run.report.note(records.take_notes());
    }
    Ok(())
}

fn place_of(row: &ScopeRow, order: &AnnexOrder) -> Outcome<Place> {
    let certificate = row.certificate_number.as_ref().or(order.certificate.as_ref());
    let lab = row.lab_code.as_ref().or(order.lab.as_ref());
    let missing = |what: &str, option: &str| {
        Fault::invalid(what, "REQUIRED", format!("The row names no {what}; say which one the file is for ({option})."))
    };
    let certificate = certificate.ok_or_else(|| missing("certificate", "--certificate"))?;
    let lab = lab.ok_or_else(|| missing("lab", "--lab"))?;
    Ok((number_key(certificate), fold_code(lab)))
}

fn new_line(row: ScopeRow) -> NewLine {
    NewLine {
        serial: row.serial,
        field: row.field,
        object: row.object,
        parameter: row.parameter,
        method: row.method,
        clause: row.clause,
        limits: row.limits,
        remarks: row.remarks,
        visibility: row.visibility,
    }
}

/// Enters the gathered rows of one place.
async fn deliver(
    run: &mut Run<'_>,
    tx: &mut Tx,
    order: &ImportOrder,
    file: &str,
    delivery: Option<Delivery>,
) -> Outcome<()> {
    let Some(Delivery { place, first, lines, refused }) = delivery else { return Ok(()) };
    let count = lines.len() as u64;
    let complete = order.annex.complete && refused == 0;
    if order.annex.complete && !complete {
        let message =
            format!("{refused} rows of this annex were refused, so lines that are missing in the file were not ended.");
        run.report.note([Note::new(file, &first.sheet, Some(first.row), message)]);
    }
    let outcome = tx.attempt(async |tx: &mut Tx| enter(tx, &place, lines, (&order.annex, complete)).await).await;
    match outcome {
        Ok(done) => {
            run.report.counts.created += done.created;
            run.report.counts.changed += done.changed;
            run.report.counts.closed += done.closed;
            // The lines in force that the rows do not speak of are nobody's row.
            run.report.counts.unchanged += count.saturating_sub(done.created + done.changed);
        }
        Err(fault) => {
            let mut refusals = refusals(fault, file, &first)?;
            for refusal in &mut refusals {
                refusal.reason = format!(
                    "{} All {count} rows of certificate {} at lab {} from here on were refused.",
                    refusal.reason, place.0, place.1
                );
            }
            run.report.refuse(refusals);
            run.report.refused_rows += count.saturating_sub(1);
        }
    }
    Ok(())
}

/// Enters an annex date by date, oldest first, and ends what is missing from all of it where it is complete.
async fn enter(
    tx: &mut Tx,
    place: &Place,
    lines: Vec<(Option<NaiveDate>, Line)>,
    (order, complete): (&AnnexOrder, bool),
) -> Outcome<AnnexOutcome> {
    let lab = lab_of(tx, &place.1).await?;
    let found = certificates::known_number(tx, tx.agency()?, &place.0).await?;
    let mut of_holder = found.into_iter().filter(|row| row.institution_id == lab.institution_id);
    let certificate = of_holder.next().ok_or_else(|| Fault::not_found("certificate", &place.0))?.id;
    if of_holder.next().is_some() {
        let fault = Fault::invalid(
            "certificate",
            "CERTIFICATE_AMBIGUOUS",
            "The institution has several certificates of this number; give the lines by the API.",
        );
        return Err(fault);
    }
    let today = tx.today();
    let edition = |dated: NaiveDate| Edition { reason: order.reason, dated, remarks: None };
    let mut dates: BTreeMap<NaiveDate, Vec<Line>> = BTreeMap::new();
    for (dated, line) in lines {
        dates.entry(dated.or(order.dated).unwrap_or(today)).or_default().push(line);
    }
    let last = dates.keys().next_back().copied().unwrap_or(today);
    let mut total = AnnexOutcome::default();
    if let [(_, _)] = dates.iter().collect::<Vec<_>>().as_slice() {
        let lines = dates.into_values().next().unwrap_or_default();
        return replace_annex(tx, Annex { certificate, lab: lab.id, edition: edition(last), lines, complete }).await;
    }
    let all: Vec<Line> = if complete { dates.values().flatten().cloned().collect() } else { Vec::new() };
    for (dated, lines) in dates {
        let done =
            replace_annex(tx, Annex { certificate, lab: lab.id, edition: edition(dated), lines, complete: false })
                .await?;
        total.created += done.created;
        total.changed += done.changed;
        total.unchanged += done.unchanged;
    }
    if complete {
        let dated = order.dated.unwrap_or(today).max(last);
        total.closed +=
            replace_annex(tx, Annex { certificate, lab: lab.id, edition: edition(dated), lines: all, complete })
                .await?
                .closed;
    }
    Ok(total)
}
