//! An import: records one after another, each in an attempt of its own, all in one transaction.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use chrono::NaiveDate;
use entity::{enums::ScopeVersionReason, ids::AgencyCode};
use serde_json::json;

use super::{
    apply::{Applied, Change},
    scopes,
};
use crate::{
    exchange::{
        format::{
            CalibrationRow, CertificateRow, Entry, EquipmentRow, HolidayRow, InstitutionRow, Kind, LabRow, Mapping,
            Origin, Records, Refusal, Report, SignatoryRow, StandardRow,
        },
        policy,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
        lenient::fold_code,
    },
};

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// What the files are lists of.
    pub kind: Kind,
    /// The files, in their order.
    pub files: Vec<PathBuf>,
    /// How they are read beyond what their headings say.
    pub mapping: Mapping,
    /// To which agency new rows belong where neither the caller nor a row says so.
    pub agency: Option<AgencyCode>,
    /// Whether one refused row holds up all others.
    pub all_or_nothing: bool,
    /// What annexes are taken for.
    pub annex: AnnexOrder,
}

/// What annexes are taken for.
#[derive(Clone, Debug)]
pub struct AnnexOrder {
    /// The certificate of rows that name none.
    pub certificate: Option<String>,
    /// The lab of rows that name none.
    pub lab: Option<String>,
    /// Date of the editions of rows that name none; none: today.
    pub dated: Option<NaiveDate>,
    /// Why the editions come to be.
    pub reason: ScopeVersionReason,
    /// Whether the rows of a certificate and lab are all of its annex, so that lines that are missing end.
    pub complete: bool,
}

impl Default for AnnexOrder {
    fn default() -> Self {
        Self { certificate: None, lab: None, dated: None, reason: ScopeVersionReason::Reassessment, complete: false }
    }
}

/// What the import tells while it runs.
pub trait Progress: Sync {
    /// So many rows of the files were read.
    fn rows(&self, read: u64);
}

impl Progress for () {
    fn rows(&self, _: u64) {}
}

/// Imports files, or says what they would do where the command is a dry run.
///
/// # Errors
/// `INVALID` for a file that cannot be read as a whole; `FORBIDDEN` without the kind's scope. Where one row is refused
/// and the order is all or nothing, the report says that nothing was written.
pub async fn import(cmd: &Command<'_>, order: &ImportOrder, progress: &dyn Progress) -> Outcome<Report> {
    // What an act that comes to nothing has to say, it leaves here: its outcome is taken back with all else.
    let held_up = Mutex::new(None);
    let done = cmd
        .run(policy::import(order.kind), async |tx: &mut Tx| {
            if let Some(agency) = &order.agency {
                tx.act_for(agency)?;
            }
            let mut run = Run { report: Report::new(order.kind, cmd.dry_run), progress, read: 0 };
            run.kind(tx, order).await?;
            if order.all_or_nothing && run.report.refused_rows > 0 {
                run.report.preview = true;
                *held_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(run.report);
                return Err(Fault::rule(
                    ALL_OR_NOTHING,
                    "A row was refused, so nothing was imported; mend it, or import without all-or-nothing.",
                    json!({}),
                ));
            }
            Ok(run.report)
        })
        .await;
    match held_up.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(report) => Ok(report),
        None => done,
    }
}

const ALL_OR_NOTHING: &str = "IMPORT_REFUSED";

/// An import under way.
pub(super) struct Run<'a> {
    pub(super) report: Report,
    pub(super) progress: &'a dyn Progress,
    pub(super) read: u64,
}

impl Run<'_> {
    async fn kind(&mut self, tx: &mut Tx, order: &ImportOrder) -> Outcome<()> {
        match order.kind {
            Kind::Institutions => self.files::<InstitutionRow>(tx, order).await,
            Kind::Labs => self.files::<LabRow>(tx, order).await,
            Kind::Certificates => self.files::<CertificateRow>(tx, order).await,
            Kind::Equipment => self.files::<EquipmentRow>(tx, order).await,
            Kind::Calibrations => self.files::<CalibrationRow>(tx, order).await,
            Kind::Standards => self.files::<StandardRow>(tx, order).await,
            Kind::Holidays => self.files::<HolidayRow>(tx, order).await,
            Kind::Signatories => self.files::<SignatoryRow>(tx, order).await,
            Kind::Scopes => scopes::files(self, tx, order).await,
        }
    }

    async fn files<T: Applied>(&mut self, tx: &mut Tx, order: &ImportOrder) -> Outcome<()> {
        for path in &order.files {
            let mut records = Records::<T>::open(path, order.mapping.clone())?;
            let file = records.file().to_owned();
            while let Some(entry) = records.next_entry()? {
                self.step();
                match entry {
                    Entry::Refused(refusals) => self.report.refuse(refusals),
                    Entry::Row(row) => {
                        let value = row.value;
                        let outcome = tx
                            .attempt(async |tx: &mut Tx| {
                                if let Some(agency) = value.agency() {
                                    tx.act_for(&AgencyCode(fold_code(agency)))?;
                                }
                                value.apply(tx).await
                            })
                            .await;
                        self.settle(outcome, &file, &row.origin)?;
                    }
                }
            }
            self.report.note(records.take_notes());
        }
        Ok(())
    }

    pub(super) fn step(&mut self) {
        self.read += 1;
        if self.read.is_multiple_of(1_000) {
            self.progress.rows(self.read);
        }
    }

    fn settle(&mut self, outcome: Outcome<Change>, file: &str, origin: &Origin) -> Outcome<()> {
        match outcome {
            Ok(Change::Created) => self.report.counts.created += 1,
            Ok(Change::Changed) => self.report.counts.changed += 1,
            Ok(Change::Unchanged) => self.report.counts.unchanged += 1,
            Err(fault) => self.report.refuse(refusals(fault, file, origin)?),
        }
        Ok(())
    }
}

/// What a fault means for a row. What is nobody's row's fault ends the import.
pub(super) fn refusals(fault: Fault, file: &str, origin: &Origin) -> Outcome<Vec<Refusal>> {
    let refusal = |heading: &str, code: &str, reason: String| Refusal {
        file: file.to_owned(),
        sheet: origin.sheet.to_string(),
        row: origin.row,
        column: String::new(),
        heading: heading.trim_start_matches("input.").to_owned(),
        value: String::new(),
        code: code.to_owned(),
        reason,
    };
    match fault {
        Fault::Invalid(problems) => {
            Ok(problems.into_iter().map(|each| refusal(&each.path, each.code, each.message)).collect())
        }
        Fault::Unavailable(_) | Fault::Internal(_) | Fault::Limited { .. } | Fault::Unauthenticated(_) => Err(fault),
        other => Ok(vec![refusal("", other.code(), other.to_string())]),
    }
}
