//! Cells as people fill them.

use chrono::NaiveDate;
use labpact::platform::lenient::{
    EndDate, Misread, date, date_of_serial, end_date, fold, fold_char, fold_code, number, whole, yes_no,
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test writes real days")
}

#[test]
fn dates_in_many_forms() {
    for text in [
        "2024-02-03",
        "2024/2/3",
        "2024.2.3",
        "2024.02.03",
        "2024年2月3日",
        "2024 年 2 月 3 日",
        "20240203",
        "２０２４－０２－０３",
        "2024—2—3",
        "2024-02-03 00:00:00",
        "2024-02-03T08:00:00",
        "2024/2/3 8:30",
        "45325",
        "45325.5",
        " 2024-2-3 ",
    ] {
        assert_eq!(date(text), Ok(day("2024-02-03")), "{text}");
    }
    assert_eq!(date_of_serial(45325.0), Ok(day("2024-02-03")));
}

#[test]
fn what_is_no_date_says_why() {
    for (text, code) in [
        ("", "EMPTY"),
        ("2024-02-30", "NO_SUCH_DAY"),
        ("2024/2/30", "NO_SUCH_DAY"),
        ("20241301", "NO_SUCH_DAY"),
        ("2023年2月29日", "NO_SUCH_DAY"),
        ("2024-2", "NOT_A_DATE"),
        ("3/2/2024", "NOT_A_DATE"),
        ("2024-02/03", "NOT_A_DATE"),
        ("0204-02-03", "NOT_A_DATE"),
        ("长期", "NOT_A_DATE"),
        ("12", "NOT_A_DATE"),
        ("99999", "NOT_A_DATE"),
        ("tomorrow", "NOT_A_DATE"),
    ] {
        assert_eq!(date(text).map_err(|why| why.code()), Err(code), "{text}");
    }
    let long = date(&"x".repeat(10_000)).unwrap_err().to_string();
    assert!(long.len() < 300);
    assert!(date_of_serial(f64::NAN).is_err() && date_of_serial(12.0).is_err());
}

#[test]
fn an_end_may_be_open() {
    assert_eq!(end_date("长期"), Ok(EndDate::Open));
    assert_eq!(end_date(" 长期有效 "), Ok(EndDate::Open));
    assert_eq!(end_date("2030-1-1"), Ok(EndDate::On(day("2030-01-01"))));
    assert_eq!(end_date(""), Err(Misread::Empty));
}

#[test]
fn numbers_and_yes_or_no() {
    for (text, value) in [("１２．５", 12.5), ("1,234,567.8", 1_234_567.8), ("-3", -3.0), (" 7 ", 7.0), ("−2", -2.0)]
    {
        assert_eq!(number(text), Ok(value), "{text}");
    }
    for text in ["1,23", "1e5", "inf", "NaN", "一", "1.2.3", "12 kg", ".", "-"] {
        assert!(matches!(number(text), Err(Misread::NotANumber(_))), "{text}");
    }
    assert_eq!(whole("１２"), Ok(12));
    assert_eq!(whole("12.0"), Ok(12));
    assert!(whole("12.5").is_err() && whole("99999999999999999999").is_err());
    assert_eq!(yes_no("是"), Ok(true));
    assert_eq!(yes_no("ｎｏ"), Ok(false));
    assert_eq!(yes_no("也许").map_err(|why| why.code()), Err("NOT_YES_OR_NO"));
}

#[test]
fn folding_levels_width_case_dashes_and_blanks() {
    assert_eq!(fold("　ａb－１２ — x\t y "), "AB-12 - X Y");
    assert_eq!(fold_code("ＧＢ ／ Ｔ"), "GB/T");
    assert_eq!(fold("\u{feff}a"), "A");
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn folding_one_character_agrees_with_the_whole(text in "[!-~、-〕！-～ 一-龥]{1}") {
        let c = text.chars().next().unwrap();
        if c != '\\' && c != '＼' {
            let whole = fold(&text);
            prop_assert_eq!(fold_char(c).to_string().trim().to_owned(), whole);
        }
    }

    #[test]
    fn every_date_is_read_in_every_form(offset in 0_u64..70_000) {
        let wanted = day("1930-01-01") + chrono::Days::new(offset);
        for form in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y%m%d"] {
            prop_assert_eq!(date(&wanted.format(form).to_string()), Ok(wanted));
        }
    }

    #[test]
    fn any_cell_is_survived(text in "\\PC{0,30}") {
        let _ = (date(&text), end_date(&text), number(&text), whole(&text), yes_no(&text));
    }
}
