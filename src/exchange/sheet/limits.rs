//! How much a file may ask of the machine. Beyond these it is refused with a sentence, never read.

/// Characters in one cell: what spreadsheet programs allow.
pub const CELL_CHARS: usize = 32_767;

/// Columns of a sheet: what spreadsheet programs allow (`XFD`).
pub const COLUMNS: usize = 16_384;

/// Rows of a worksheet: what spreadsheet programs allow.
pub const SHEET_ROWS: u32 = 1_048_576;

/// Bytes of text in one row.
pub const ROW_BYTES: usize = 4 << 20;

/// Parts of a workbook's archive.
pub const ARCHIVE_PARTS: usize = 10_000;

/// Bytes of a workbook after unpacking, all parts together.
pub const UNPACKED_BYTES: u64 = 2 << 30;

/// Bytes of a part that is held in memory after unpacking (shared strings, styles).
pub const HELD_BYTES: u64 = 128 << 20;

/// XML tags of a part that is held in memory.
pub const HELD_TAGS: u64 = 6_000_000;

/// How many times larger than packed a workbook may become, once it is larger than [`RATIO_FROM`].
pub const RATIO: u64 = 200;

/// Unpacked size from which [`RATIO`] is enforced; small workbooks may pack as well as they like.
pub const RATIO_FROM: u64 = 64 << 20;

/// Bytes between two tags of a workbook's XML: room for [`CELL_CHARS`] characters written as references.
pub const TEXT_RUN: usize = 512 << 10;

/// Merged areas that may cover one row.
pub const MERGED_IN_ROW: usize = 4_096;

/// Columns into which a merged area's text is carried.
pub const MERGED_ACROSS: u32 = 256;
