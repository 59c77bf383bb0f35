//! Files that are no tables, or that mean harm.

use std::io::{Cursor, Write};

use labpact::exchange::{
    format::{HolidayRow, InstitutionRow, Mapping},
    sheet::Options,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{problem, read, records, sample, table};

fn refused(bytes: impl AsRef<[u8]>) -> (&'static str, String) {
    problem(table(&sample("file.xlsx", bytes), &Options::default()))
}

/// A workbook of the least that a reader accepts, with this sheet and these shared strings.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    archive(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>")),
    ])
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn what_is_no_spreadsheet_is_told_what_to_do() {
    for (bytes, word) in [
        (&b"%PDF-1.7\n"[..], "PDF"),
        (&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], ".xls"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"  <html><table>", "web page"),
    ] {
        let (code, message) = refused(bytes);
        assert_eq!(code, "NOT_A_SPREADSHEET");
        assert!(message.contains(word) && message.contains("XLSX"), "{message}");
    }
    assert_eq!(refused(b"").0, "EMPTY_FILE");
    assert_eq!(refused(b"a,b\n1,\x002\n").0, "NUL_BYTE");
    assert_eq!(refused(b"\xff\xfea\x00").0, "UTF_16");
    assert_eq!(refused(b"a,b\n1,\"2\n3,4\n").0, "UNTERMINATED_QUOTE");
    assert_eq!(refused(",".repeat(20_000)).0, "TOO_MANY_COLUMNS");
    assert_eq!(refused(archive(&[("word/document.xml", "<x/>")])).0, "NOT_A_SPREADSHEET");
    assert_eq!(refused(archive(&[("notes.txt", "x")])).0, "NOT_A_SPREADSHEET");
    assert_eq!(refused(b"PK\x03\x04 and nothing more").0, "BAD_WORKBOOK");
}

#[test]
fn a_small_workbook_by_hand_is_read() {
    let rows = table(
        &sample(
            "w.xlsx",
            workbook(
                "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\"><v>20240001234</v></c></row>",
                "<sst uniqueCount=\"1\"><si><t>甲</t></si></sst>",
            ),
        ),
        &Options::default(),
    );
    assert_eq!(rows.expect("rows"), [["", "甲", "20240001234"]]);
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let blank = " ".repeat(80 << 20);
    let (code, message) = refused(archive(&[("xl/workbook.xml", "<x/>"), ("xl/media/a.bin", &blank)]));
    assert_eq!(code, "WORKBOOK_TOO_LARGE");
    assert!(message.contains("times its size"), "{message}");
    let long = "x".repeat(1 << 20);
    assert_eq!(refused(workbook(&format!("<row><c t=\"str\"><v>{long}</v></c></row>"), "<sst/>")).0, "CELL_TOO_LONG");
    assert_eq!(refused(workbook("", "<sst uniqueCount=\"999999999999999\"></sst>")).0, "BAD_WORKBOOK");
    let many: Vec<(String, &str)> = (0..10_001).map(|at| (format!("xl/{at}"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    assert_eq!(refused(archive(&many)).0, "WORKBOOK_TOO_LARGE");
}

#[test]
fn false_places_of_cells_are_refused() {
    for sheet in [
        "<row><c r=\"ZZZZZ1\"><v>1</v></c></row>",
        "<row><c r=\"A4294967295\"><v>1</v></c></row>",
        "<row><c r=\"ZZZZZZZZZZZZZZ99999999999999\"><v>1</v></c></row>",
        "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>7</v></c></row>",
        "<row><c><v>1</v>",
    ] {
        assert_eq!(refused(workbook(sheet, "<sst/>")).0, "BAD_WORKBOOK", "{sheet}");
    }
}

#[test]
fn truncated_workbooks_are_refused() {
    let whole = workbook("<row><c><v>1</v></c></row>", "<sst/>");
    for length in (5..whole.len() - 1).step_by(37) {
        refused(&whole[..length]);
    }
}

#[test]
fn a_personal_identity_number_is_refused_and_never_shown() {
    let text =
        "名称,行政区划代码,统一社会信用代码\n甲,440100,11010519491231002X\n乙,440100,１１０１０５ 19491231 002x\n";
    let got = read::<InstitutionRow>(&sample("i.csv", text));
    assert!(got.rows.is_empty());
    assert_eq!(got.refused.len(), 2);
    for refusal in &got.refused {
        assert_eq!(refusal.code, "PERSONAL_IDENTITY_NUMBER");
        assert!(!refusal.to_string().contains("1949") && !format!("{refusal:?}").contains("002"), "{refusal}");
    }
}

#[test]
fn headings_that_are_missing_are_named_once_without_personal_data() {
    let outcome = records::<HolidayRow>(&sample("h.csv", "张三,11010519491231002X\n").path, Mapping::default());
    let (code, message) = problem(outcome);
    assert_eq!(code, "MISSING_COLUMNS");
    assert!(message.contains("日期 (date)") && message.contains("张三 | ******"), "{message}");
    let outcome = records::<HolidayRow>(&sample("h.csv", "日期,什么\n2024-01-01,x\n").path, Mapping::default());
    assert!(problem(outcome).1.contains("类型 (kind) is missing. Found: 日期 | 什么"));
    assert_eq!(problem(records::<HolidayRow>(&sample("h.csv", "\n\n").path, Mapping::default())).0, "MISSING_COLUMNS");
}
