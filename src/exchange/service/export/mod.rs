//! Taking the register out as files, in an order that depends on nothing but their content: the same register gives
//! the same bytes.

mod records;
mod scopes;

use std::io::Write;

use chrono::NaiveDate;
use entity::ids::AgencyCode;

use crate::{
    exchange::{
        format::{Kind, Record, write},
        policy,
        sheet::write::{CsvSheet, Sheet, XlsxSheet},
    },
    platform::{
        access::{Caller, Visible, permit},
        db::Db,
        fault::{Fault, Outcome},
    },
};

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct ExportOrder {
    /// What the file is a list of.
    pub kind: Kind,
    /// Whose records; standards and holidays are everybody's.
    pub agency: Option<AgencyCode>,
    /// As of which date; none: today.
    pub on: Option<NaiveDate>,
}

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// CSV in UTF-8.
    Csv,
    /// CSV in UTF-8 with a mark at its beginning, which spreadsheet programs look for.
    CsvWithMark,
    /// A workbook.
    Xlsx,
}

/// Writes every record of a kind that the caller may see. Returns how many.
///
/// # Errors
/// `FORBIDDEN` without the scope to read; `AGENCY_REQUIRED` where it is not said whose; `UNAVAILABLE`.
pub async fn export<W: Write + Send>(
    db: &Db,
    caller: &Caller,
    order: &ExportOrder,
    (target, out): (Target, W),
) -> Outcome<u64> {
    permit(caller, policy::EXPORT)?;
    match target {
        Target::Csv | Target::CsvWithMark => {
            let mut sheet = CsvSheet::new(out, target == Target::CsvWithMark)?;
            let count = fill(db, caller, order, &mut sheet).await?;
            sheet.finish()?;
            Ok(count)
        }
        Target::Xlsx => {
            let mut sheet = XlsxSheet::new(order.kind.word())?;
            let count = fill(db, caller, order, &mut sheet).await?;
            sheet.finish(out)?;
            Ok(count)
        }
    }
}

/// The source of the records: whose, as of when, and what may be seen of them.
struct Source<'a> {
    db: &'a Db,
    visible: Visible,
    agency: Option<AgencyCode>,
    on: NaiveDate,
}

impl Source<'_> {
    fn agency(&self) -> Outcome<&AgencyCode> {
        self.agency.as_ref().ok_or_else(|| {
            Fault::invalid(
                "agency",
                "AGENCY_REQUIRED",
                "Say whose records to export (on the command line: --agency GD).",
            )
        })
    }
}

/// A sheet with the number of records that were written to it.
struct Counted<'a, S> {
    sheet: &'a mut S,
    count: u64,
}

impl<S: Sheet> Counted<'_, S> {
    fn put<T: Record>(&mut self, record: &T) -> Outcome<()> {
        self.count += 1;
        write::record(self.sheet, record)
    }
}

async fn fill<S: Sheet + Send>(db: &Db, caller: &Caller, order: &ExportOrder, sheet: &mut S) -> Outcome<u64> {
    let agency = order.agency.clone().or_else(|| caller.actor.agency.clone());
    let source =
        Source { db, visible: Visible::to(&caller.actor), agency, on: order.on.unwrap_or_else(|| db.clock().today()) };
    if !matches!(order.kind, Kind::Standards | Kind::Holidays) {
        // Before anything is written.
        source.agency()?;
    }
    records::headings(order.kind, sheet)?;
    let mut out = Counted { sheet, count: 0 };
    match order.kind {
        Kind::Institutions => records::institutions(&source, &mut out).await?,
        Kind::Labs => records::labs(&source, &mut out).await?,
        Kind::Certificates => records::certificates(&source, &mut out).await?,
        Kind::Scopes => scopes::lines(&source, &mut out).await?,
        Kind::Equipment => records::equipment(&source, &mut out).await?,
        Kind::Calibrations => records::calibrations(&source, &mut out).await?,
        Kind::Standards => records::standards(&source, &mut out).await?,
        Kind::Holidays => records::holidays(&source, &mut out).await?,
        Kind::Signatories => records::signatories(&source, &mut out).await?,
    }
    Ok(out.count)
}
