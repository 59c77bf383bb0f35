//! XLSX: values as their reader sees them, merged areas, several sheets.

use labpact::exchange::{
    format::HolidayRow,
    sheet::{
        Options,
        write::{Sheet, XlsxSheet},
    },
};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{read, sample, table};

#[test]
fn values_are_what_the_reader_sees() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = ExcelDateTime::from_ymd(2024, 2, 29).expect("a day");
    let date = |code: &str| Format::new().set_num_format(code);
    sheet.write(0, 0, 0.1).expect("a cell");
    sheet.write(0, 1, 20_240_001_234_f64).expect("a cell");
    sheet.write(0, 2, 0.1 + 0.2).expect("a cell");
    sheet.write(0, 3, true).expect("a cell");
    sheet.write_with_format(1, 0, &day, &date("yyyy/m/d")).expect("a cell");
    sheet.write_with_format(1, 1, &day, &date("yyyy\"年\"m\"月\"d\"日\"")).expect("a cell");
    sheet.write_with_format(1, 2, 123, &date("000000")).expect("a cell");
    sheet.write_with_format(1, 3, 0.985, &date("0.0%")).expect("a cell");
    sheet.write_formula(2, 0, Formula::new("=1+1").set_result("2")).expect("a cell");
    sheet.write_formula(2, 1, Formula::new("=\"a\"&\"b\"").set_result("ab")).expect("a cell");
    sheet.write(2, 2, "  =x ").expect("a cell");
    let file = sample("values.xlsx", book.save_to_buffer().expect("a workbook"));
    assert_eq!(
        table(&file, &Options::default()).expect("rows"),
        vec![
            vec!["0.1", "20240001234", "0.3", "TRUE"],
            vec!["2024-02-29", "2024-02-29", "000123", "98.5%"],
            vec!["2", "ab", "  =x "],
        ]
    );
}

#[test]
fn sheets_follow_one_another_and_hidden_ones_are_named() {
    let mut book = Workbook::new();
    for (name, year) in [("2024年", 2024), ("2025年", 2025), ("旧", 2023)] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (column, heading) in (0..).zip(["日期", "类型", "名称"]) {
            sheet.write(0, column, heading).expect("a cell");
        }
        sheet.write_row(1, 0, [format!("{year}年1月1日").as_str(), "放假", "元旦"]).expect("a row");
        sheet.set_hidden(name == "旧");
    }
    book.add_worksheet().set_name("说明").expect("a name").write(0, 0, "填写说明").expect("a cell");
    let got = read::<HolidayRow>(&sample("holidays.xlsx", book.save_to_buffer().expect("a workbook")));
    let seen: Vec<(&str, u64, String)> =
        got.rows.iter().map(|row| (&*row.origin.sheet, row.origin.row, row.value.date.to_string())).collect();
    assert_eq!(seen, [("2024年", 2, "2024-01-01".into()), ("2025年", 2, "2025-01-01".into())]);
    let notes: Vec<(&str, &str)> = got.notes.iter().map(|note| (note.sheet.as_str(), note.message.as_str())).collect();
    assert!(notes.iter().any(|(sheet, text)| *sheet == "旧" && text.contains("hidden")), "{notes:?}");
    assert!(notes.iter().any(|(sheet, text)| *sheet == "说明" && text.contains("no known headings")), "{notes:?}");
}

#[test]
fn an_error_value_is_refused_where_it_stands() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["日期", "类型"]).expect("a row");
    sheet.write(1, 0, "2024-01-01").expect("a cell");
    sheet.write_formula(1, 1, Formula::new("=NA()").set_result("#N/A")).expect("a cell");
    let got = read::<HolidayRow>(&sample("h.xlsx", book.save_to_buffer().expect("a workbook")));
    assert!(got.rows.is_empty());
    assert!(got.refused.iter().any(|r| r.column == "B" && r.row == 2 && r.value == "#N/A"), "{:?}", got.refused);
}

#[test]
fn written_workbooks_are_the_same_bytes_and_hold_only_text() {
    let make = || {
        let mut sheet = XlsxSheet::new("labs").expect("a workbook");
        sheet.row(&["code", "name_zh"]).expect("a row");
        sheet.row(&["000123", "=HYPERLINK(\"http://x\")"]).expect("a row");
        let mut bytes = Vec::new();
        sheet.finish(&mut bytes).expect("bytes");
        bytes
    };
    let bytes = make();
    assert!(bytes == make());
    let rows = table(&sample("labs.xlsx", bytes), &Options::default()).expect("rows");
    assert_eq!(rows, [["code", "name_zh"], ["000123", "=HYPERLINK(\"http://x\")"]]);
}
