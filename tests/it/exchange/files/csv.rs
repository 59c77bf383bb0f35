//! CSV: encodings, delimiters, quotation marks.

use std::io::Write;

use encoding_rs::GB18030;
use labpact::exchange::sheet::{
    Options, RawRow, Table, column_letters,
    write::{CsvSheet, Sheet},
};
use proptest::prelude::*;

use super::{problem, sample, table};

fn rows(bytes: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    table(&sample("t.csv", bytes), &Options::default()).expect("a readable file")
}

#[test]
fn encodings_are_told_apart() {
    let text = "编号,名称\nL1,厦门检测中心\n";
    let expected = vec![vec!["编号", "名称"], vec!["L1", "厦门检测中心"]];
    assert_eq!(rows(text), expected);
    assert_eq!(rows(format!("\u{feff}{text}")), expected);
    assert_eq!(rows(GB18030.encode(text).0), expected);
}

#[test]
fn gb18030_is_seen_after_much_ascii() {
    let mut bytes = "a,b\n".repeat(40_000).into_bytes();
    bytes.extend_from_slice(&GB18030.encode("食品,𠀀\n").0);
    let rows = rows(bytes);
    assert_eq!(rows.len(), 40_001);
    assert_eq!(rows[40_000], ["食品", "𠀀"]);
}

#[test]
fn characters_are_not_cut_between_chunks() {
    let text = "检".repeat(100_000);
    let lines: String = (0..12).map(|at| format!("{}{}\n", "x".repeat(at), &text[..30_000])).collect();
    for bytes in [lines.clone().into_bytes(), GB18030.encode(&lines).0.into_owned()] {
        let rows = rows(bytes);
        assert_eq!(rows.len(), 12);
        assert!(rows.iter().enumerate().all(|(at, row)| row[0].chars().count() == 10_000 + at));
    }
}

#[test]
fn a_broken_byte_is_named_by_its_place() {
    let mut bytes = "编号,名称\n检测中心,食品检测\n".as_bytes().to_vec();
    let at = bytes.len();
    bytes.push(0xff);
    let (code, message) = problem(table(&sample("t.csv", bytes), &Options::default()));
    assert_eq!(code, "INVALID_ENCODING");
    assert!(message.starts_with(&format!("Byte {} is not UTF-8", at + 1)), "{message}");
}

#[test]
fn delimiters_are_detected() {
    for mark in [",", "\t", ";"] {
        let text = format!("a{mark}b{mark}c\n1{mark}\"2, 3; 4\n5\"{mark}6\n");
        assert_eq!(rows(&text), [["a", "b", "c"], ["1", "2, 3; 4\n5", "6"]]);
    }
    assert_eq!(rows("sep=|\na|b\n"), [["a", "b"]]);
}

#[test]
fn quotation_marks_and_line_breaks() {
    assert_eq!(rows("a,\"b\"\"c\",\"d\r\ne\"\r\nf,g\"h,\"i\"j\r\n"), [["a", "b\"c", "d\r\ne"], ["f", "g\"h", "ij"]]);
    assert_eq!(rows("a,b\rc,d"), [["a", "b"], ["c", "d"]]);
    assert_eq!(rows("a\n\nb\n"), [["a"], [""], ["b"]]);
    assert_eq!(rows("a,\n"), [["a", ""]]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_shows_them() {
    let file = sample("t.csv", "a\n\n\"b\nc\"\nd\n");
    let mut table = Table::open(&file.path, &Options::default()).expect("a table");
    let (mut row, mut numbers) = (RawRow::default(), Vec::new());
    while table.next_row(&mut row).expect("a row") {
        numbers.push((row.number, row.cell(0).to_owned()));
    }
    assert_eq!(numbers, [(1, "a".into()), (2, String::new()), (3, "b\nc".into()), (4, "d".into())]);
}

#[test]
fn columns_have_letters() {
    assert_eq!([0, 25, 26, 701, 702, 16_383].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
}

#[test]
fn what_could_be_a_formula_stays_what_it_is() {
    let mut sheet = CsvSheet::new(Vec::new(), true).expect("a sheet");
    sheet.row(&["=1+1", "+8613800000000", "-5", "@x"]).expect("a row");
    let bytes = sheet.finish().expect("bytes");
    assert_eq!(bytes, "\u{feff}=1+1,+8613800000000,-5,@x\n".as_bytes());
    assert_eq!(rows(bytes), [["=1+1", "+8613800000000", "-5", "@x"]]);
}

proptest! {
    #[test]
    fn what_is_written_is_read(table in prop::collection::vec(prop::collection::vec("[a,;\t \"\r\n检é=]{0,6}", 3), 1..8)) {
        let mut sheet = CsvSheet::new(Vec::new(), false).expect("a sheet");
        // A first row without marks settles the delimiter, as headings do.
        sheet.row(&["one", "two", "three"]).expect("a row");
        for row in &table {
            sheet.row(&row.iter().map(String::as_str).collect::<Vec<_>>()).expect("a row");
        }
        let options = Options { delimiter: Some(b','), ..Options::default() };
        let read = super::table(&sample("t.csv", sheet.finish().expect("bytes")), &options).expect("a table");
        prop_assert_eq!(&read[1..], &table[..]);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(table(&sample("t.csv", bytes), &Options::default()));
    }
}

#[test]
fn a_million_cells_are_not_held() {
    // The second cell has 200 MB; it is passed over while it is read, and the next row is read as usual.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    file.write_all(b"a,b\n1,").expect("bytes");
    for _ in 0..200 {
        file.write_all(&vec![b'x'; 1 << 20]).expect("bytes");
    }
    file.write_all(b"\n2,ok\n").expect("bytes");
    drop(file);
    let mut table = Table::open(&path, &Options::default()).expect("a table");
    let mut row = RawRow::default();
    assert!(table.next_row(&mut row).expect("a row"));
    assert!(table.next_row(&mut row).expect("a row"));
    assert_eq!((row.cell(0), row.cell(1).len()), ("1", 80));
    assert_eq!(row.spoilt(1).map(|how| how.code()), Some("CELL_TOO_LONG"));
    assert!(table.next_row(&mut row).expect("a row"));
    assert_eq!((row.cell(0), row.cell(1)), ("2", "ok"));
}
