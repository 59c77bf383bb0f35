//! The guard before a workbook's archive: every part is unpacked once and counted, because the sizes that an archive
//! declares are whatever its maker wrote. Only then does the workbook reader see it.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use zip::ZipArchive;

use super::{broken, limits};
use crate::platform::fault::{Fault, Outcome};

/// What was counted of one part.
#[derive(Default)]
struct Part {
    bytes: u64,
    tags: u64,
    /// Bytes since the last tag began.
    run: usize,
    /// The first bytes of the part.
    head: Vec<u8>,
}

/// Passes a workbook that is one and that stays within [`limits`].
///
/// # Errors
/// `NOT_A_SPREADSHEET`, `BAD_WORKBOOK`, `WORKBOOK_TOO_LARGE`, `CELL_TOO_LONG`.
pub(super) fn vet(file: &str, path: &Path) -> Outcome<()> {
    let source = File::open(path).map_err(Fault::internal)?;
    let packed = source.metadata().map_err(Fault::internal)?.len();
    let mut archive = ZipArchive::new(BufReader::new(source)).map_err(|e| damaged(file, &e))?;
    if archive.len() > limits::ARCHIVE_PARTS {
        return Err(too_large(file, &format!("it has more than {} parts", limits::ARCHIVE_PARTS)));
    }
    is_workbook(file, &archive)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| damaged(file, &e))?;
        let name = entry.name().map_err(|e| damaged(file, &e))?.to_ascii_lowercase();
        if entry.size() > limits::UNPACKED_BYTES {
            return Err(too_large(file, "a part declares more than 2 GiB"));
        }
        unpack(file, &name, &mut entry, &mut Budget { total: &mut total, packed })?;
    }
    Ok(())
}

/// What all parts together may take.
struct Budget<'t> {
    total: &'t mut u64,
    packed: u64,
}

fn unpack(file: &str, name: &str, entry: &mut impl Read, budget: &mut Budget<'_>) -> Outcome<()> {
    let markup = name.ends_with(".xml") || name.ends_with(".rels");
    let sheet = name.contains("worksheets/");
    let mut part = Part::default();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let got = entry.read(&mut buffer).map_err(|e| damaged(file, &e))?;
        if got == 0 {
            break;
        }
        part.bytes += got as u64;
        *budget.total += got as u64;
        if *budget.total > limits::UNPACKED_BYTES {
            return Err(too_large(file, "it unpacks to more than 2 GiB"));
        }
        if *budget.total > limits::RATIO_FROM && *budget.total / budget.packed.max(1) > limits::RATIO {
            return Err(too_large(file, &format!("it unpacks to more than {} times its size", limits::RATIO)));
        }
        if markup {
            part.scan(&buffer[..got]);
            part.check(file, sheet)?;
        }
    }
    if name.ends_with("sharedstrings.xml") { part.check_count(file) } else { Ok(()) }
}

impl Part {
    fn scan(&mut self, bytes: &[u8]) {
        let room = 4096usize.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        let mut last = 0;
        for at in memchr::memchr_iter(b'<', bytes) {
            self.run = if self.run > limits::TEXT_RUN { self.run } else { at - last };
            last = at;
            self.tags += 1;
        }
        self.run += bytes.len() - last;
    }

    fn check(&self, file: &str, sheet: bool) -> Outcome<()> {
        if self.run > limits::TEXT_RUN {
            let message = format!("The workbook has a cell with more than {} characters.", limits::CELL_CHARS);
            return Err(broken(file, "CELL_TOO_LONG", message));
        }
        if !sheet && (self.bytes > limits::HELD_BYTES || self.tags > limits::HELD_TAGS) {
            return Err(too_large(file, "its texts take more than 128 MiB"));
        }
        Ok(())
    }

    /// A declared count of texts makes readers set memory aside, so it must be one that the part can hold.
    fn check_count(&self, file: &str) -> Outcome<()> {
        let head = String::from_utf8_lossy(&self.head);
        let declared = head
            .split_once("uniqueCount=")
            .and_then(|(_, rest)| rest.get(1..))
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        match declared {
            Some(count) if count.parse::<u64>().is_ok_and(|count| count <= self.tags.max(64)) || count.is_empty() => {
                Ok(())
            }
            None => Ok(()),
            Some(_) => Err(bad(file, "the count of its texts is false")),
        }
    }
}

fn is_workbook<R: Read + std::io::Seek>(file: &str, archive: &ZipArchive<R>) -> Outcome<()> {
    let has = |start: &str| archive.file_names().flatten().any(|name| name.to_ascii_lowercase().starts_with(start));
    let what = if has("xl/workbook.bin") {
        "a binary workbook (.xlsb)"
    } else if has("xl/") || has("[content_types].xml") && !has("word/") && !has("ppt/") {
        return Ok(());
    } else if has("word/") {
        "a text document (.docx)"
    } else if has("ppt/") {
        "a presentation (.pptx)"
    } else if has("mimetype") {
        "an OpenDocument file"
    } else {
        "an archive without a workbook in it; unpack it,"
    };
    let message = format!("The file is {what}: open it in a spreadsheet program and save it as XLSX or CSV UTF-8.");
    Err(broken(file, "NOT_A_SPREADSHEET", message))
}

fn damaged(file: &str, cause: &impl std::fmt::Display) -> Fault {
    bad(file, &cause.to_string())
}

/// A workbook that breaks its own format.
pub(super) fn bad(file: &str, cause: &str) -> Fault {
    let message =
        format!("The workbook is damaged ({cause}); open it in a spreadsheet program and save it again as XLSX.");
    broken(file, "BAD_WORKBOOK", message)
}

fn too_large(file: &str, cause: &str) -> Fault {
    let message = format!("The workbook was not read: {cause}. Save its sheets as CSV UTF-8 and import those.");
    broken(file, "WORKBOOK_TOO_LARGE", message)
}
