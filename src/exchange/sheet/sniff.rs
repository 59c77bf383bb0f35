//! What a file is, by its first bytes; names lie.

use super::broken;
use crate::platform::fault::Outcome;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Text with delimiters.
    Csv,
    /// A zip archive, which may be a workbook.
    Archive,
}

/// Tells the kind by the first bytes.
///
/// # Errors
/// `EMPTY_FILE`, `NOT_A_SPREADSHEET` with what to do instead.
pub(super) fn kind(file: &str, head: &[u8]) -> Outcome<Found> {
    const CONVERT: &str = "open it in a spreadsheet program and save it as XLSX or CSV UTF-8";
    let what = match head {
        [] => return Err(broken(file, "EMPTY_FILE", "The file is empty.")),
        [b'P', b'K', 3, 4, ..] => return Ok(Found::Archive),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old Excel workbook (.xls) or one with a password",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document; ask its author for the table, or export it from there,",
        [0x1f, 0x8b, ..] => "packed with gzip; unpack it,",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => "a picture",
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, ..] => "a packed archive; unpack it,",
        [b'{', b'\\', b'r', b't', b'f', ..] => "a text document (.rtf)",
        _ if is_markup(head) => "a web page or XML, whatever its name says",
        _ => return Ok(Found::Csv),
    };
    Err(broken(file, "NOT_A_SPREADSHEET", format!("The file is {what}: {CONVERT}.")))
}

fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head).trim_ascii_start();
    let mut start = text.get(..5).unwrap_or_default().to_ascii_lowercase();
    start.truncate(5);
    matches!(start.as_slice(), b"<?xml" | b"<html" | b"<!doc" | b"<tabl" | b"<meta")
}
