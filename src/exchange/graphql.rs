//! Files in the schema: what one would do, and bringing it.

use std::path::PathBuf;

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::STANDARD};
use tempfile::TempDir;

use super::{
    format::{Kind, Mapping, Refusal, Report},
    policy,
    service::{AnnexOrder, ImportOrder, import},
    sheet::Note,
};
use crate::{
    directory::scope::graphql::ScopeVersionReason,
    graphql::{access::access, context::command, scalars::Date},
    platform::{
        command::Command,
        fault::{Fault, Outcome},
    },
};

/// What a file is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum ImportKind {
    /// Institutions (机构).
    Institutions,
    /// Labs (场所).
    Labs,
    /// Certificates (证书).
    Certificates,
    /// Capability annexes (能力附表), in the CMA or the CNAS layout.
    Scopes,
    /// Equipment (仪器设备), with the last calibration of each where the file has it.
    Equipment,
    /// Calibrations (检定/校准).
    Calibrations,
    /// Standards (标准).
    Standards,
    /// Holidays and make-up days (节假日与调休).
    Holidays,
    /// Authorised signatories (授权签字人).
    Signatories,
}

/// A file to be imported. What annexes need is ignored for other kinds.
#[derive(Clone, Debug, InputObject)]
pub struct ImportInput {
    /// What the file is a list of.
    pub kind: ImportKind,
    /// Name of the file, as the report shall name it, with its ending: `.csv` or `.xlsx`.
    pub file_name: String,
    /// The bytes of the file in base64 (RFC 4648 §4). Larger files than the request limit go by the command line.
    pub content: String,
    /// A mapping file (TOML) as text, for files with headings of their own.
    pub mapping: Option<String>,
    /// Whether one refused row holds up all others; false where not given.
    pub all_or_nothing: Option<bool>,
    /// Annexes: the certificate of rows that name none.
    pub certificate: Option<String>,
    /// Annexes: code of the lab of rows that name none.
    pub lab: Option<String>,
    /// Annexes: date of the edition, where rows name none; today where not given.
    pub dated: Option<Date>,
    /// Annexes: why the edition comes to be; REASSESSMENT where not given.
    pub reason: Option<ScopeVersionReason>,
    /// Annexes: whether the file is the whole annex, so that lines which are missing in it end.
    pub complete: Option<bool>,
}

/// What a file did, or would do.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportReport {
    /// What the file is a list of.
    pub kind: ImportKind,
    /// Whether nothing was written: for a preview, and where one refused row held up all.
    pub preview: bool,
    /// Records that came to be.
    pub created: i32,
    /// Records that differ from before.
    pub changed: i32,
    /// Records that ended because the file no longer has them.
    pub closed: i32,
    /// Records that the register had just so.
    pub unchanged: i32,
    /// Rows that were refused.
    pub refused_rows: i32,
    /// What was wrong with them: the first thousand.
    pub refused: Vec<ImportRefusal>,
    /// Refusals that are not listed any more.
    pub refused_unlisted: i32,
    /// What else the owner of the file should know: the first thousand.
    pub notes: Vec<ImportNote>,
    /// Notes that are not listed any more.
    pub notes_unlisted: i32,
}

/// Why a row was not taken, at one of its cells.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportRefusal {
    /// Name of the file.
    pub file: String,
    /// Worksheet; empty for CSV.
    pub sheet: String,
    /// Row as a spreadsheet program shows it, from 1.
    pub row: i32,
    /// Letters of the column; empty where the row as a whole is refused.
    pub column: String,
    /// Heading of the column as it stands in the file, or the name of the column that is missing.
    pub heading: String,
    /// What stands there, shortened and without personal identity numbers.
    pub value: String,
    /// What is wrong, for machines.
    pub code: String,
    /// What is wrong, for people.
    pub reason: String,
}

/// Something that the owner of a file should know and that is no refusal.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportNote {
    /// Name of the file.
    pub file: String,
    /// Worksheet; empty for CSV and for the whole file.
    pub sheet: String,
    /// Row from 1, where it is about one.
    pub row: Option<i32>,
    /// One sentence.
    pub message: String,
}

impl From<Report> for ImportReport {
    fn from(report: Report) -> Self {
        Self {
            kind: report.kind.into(),
            preview: report.preview,
            created: int(report.counts.created),
            changed: int(report.counts.changed),
            closed: int(report.counts.closed),
            unchanged: int(report.counts.unchanged),
            refused_rows: int(report.refused_rows),
            refused: report.refused.into_iter().map(Into::into).collect(),
            refused_unlisted: int(report.refused_unlisted),
            notes: report.notes.into_iter().map(Into::into).collect(),
            notes_unlisted: int(report.notes_unlisted),
        }
    }
}

impl From<Refusal> for ImportRefusal {
    fn from(refusal: Refusal) -> Self {
        let Refusal { file, sheet, row, column, heading, value, code, reason } = refusal;
        Self { file, sheet, row: int(row), column, heading, value, code, reason }
    }
}

impl From<Note> for ImportNote {
    fn from(note: Note) -> Self {
        Self { file: note.file, sheet: note.sheet, row: note.row.map(int), message: note.message }
    }
}

fn int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl ImportInput {
    /// The order, and the folder in which its file lies as long as the folder is kept.
    fn read(self) -> Outcome<(ImportOrder, TempDir)> {
        let kind = Kind::from(self.kind);
        let mapping = match &self.mapping {
            Some(text) => Mapping::parse("input.mapping", text, kind)?,
            None => Mapping::default(),
        };
        let (folder, file) = laid_down(&self.file_name, &self.content)?;
        let usual = AnnexOrder::default();
        let annex = AnnexOrder {
            certificate: self.certificate,
            lab: self.lab,
            dated: self.dated.map(|date| date.0),
            reason: self.reason.map_or(usual.reason, Into::into),
            complete: self.complete.unwrap_or(usual.complete),
        };
        let all_or_nothing = self.all_or_nothing.unwrap_or_default();
        Ok((ImportOrder { kind, files: vec![file], mapping, agency: None, all_or_nothing, annex }, folder))
    }
}

/// Puts the bytes where the reader of spreadsheets can jump about in them.
fn laid_down(name: &str, content: &str) -> Outcome<(TempDir, PathBuf)> {
    let plain = |c: char| !c.is_control() && !['/', '\\', ':'].contains(&c);
    let is_name = (1..=200).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
    if !is_name {
        return Err(Fault::invalid(
            "input.fileName",
            "FILE_NAME",
            "Give the bare name of the file, such as annex.xlsx, of at most 200 bytes.",
        ));
    }
    let bytes = STANDARD.decode(content.trim()).map_err(|_| {
        Fault::invalid("input.content", "BASE64", "Send the bytes of the file in base64, on one line and with padding.")
    })?;
    let folder = tempfile::tempdir().map_err(Fault::internal)?;
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).map_err(Fault::internal)?;
    Ok((folder, file))
}

/// Bringing files.
#[derive(Default)]
pub struct ExchangeMutation;

#[Object]
impl ExchangeMutation {
    /// Say what a file would create, change, close and refuse, and write nothing. Needs the scope that writes the kind.
    #[graphql(directive = access::apply(policy::IMPORT))]
    async fn import_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportInput,
    ) -> Result<ImportReport> {
        let (order, _folder) = input.read()?;
        let cmd = Command { dry_run: true, ..command(ctx, None, None)? };
        Ok(import(&cmd, &order, &()).await?.into())
    }

    /// Enter what a file lists, all in one transaction; refused rows are reported and do not hold up the others. The
    /// same file again changes nothing. Needs the scope that writes the kind.
    #[graphql(directive = access::apply(policy::IMPORT))]
    async fn import_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ImportReport> {
        let (order, _folder) = input.read()?;
        Ok(import(&command(ctx, None, idempotency_key)?, &order, &()).await?.into())
    }
}
