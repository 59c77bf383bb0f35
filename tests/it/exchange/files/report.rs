//! Reports for people and for machines.

use labpact::exchange::{
    format::{Counts, Kind, Refusal, Report, shortened},
    sheet::Note,
};

fn refusal(row: u64) -> Refusal {
    Refusal {
        file: "labs.xlsx".into(),
        sheet: "表1".into(),
        row,
        column: "C".into(),
        heading: "经度".into(),
        value: "abc".into(),
        code: "INVALID_NUMBER".into(),
        reason: "This is not a number.".into(),
    }
}

#[test]
fn text_and_json() {
    let mut report = Report::new(Kind::Labs, true);
    report.counts = Counts { created: 2, changed: 1, closed: 0, unchanged: 7 };
    report.refuse(vec![refusal(9)]);
    report.note([Note::new("labs.xlsx", "旧", None, "The sheet is hidden.")]);
    insta::assert_snapshot!(report.to_string(), @r"
    labs: 2 created, 1 changed, 0 closed, 7 unchanged, 1 rows refused (preview: nothing was written)
      refused  labs.xlsx [表1] C9 经度 “abc”: This is not a number. (INVALID_NUMBER)
      note     labs.xlsx [旧]: The sheet is hidden.
    ");
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!((&json["kind"], &json["created"], &json["refused"][0]["row"]), (&"labs".into(), &2.into(), &9.into()));
}

#[test]
fn a_long_list_is_counted() {
    let mut report = Report::new(Kind::Labs, false);
    (0..1_500).for_each(|row| report.refuse(vec![refusal(row)]));
    assert_eq!((report.refused.len(), report.refused_rows, report.refused_unlisted), (1_000, 1_500, 500));
}

#[test]
fn values_are_shortened_and_identity_numbers_blotted_out() {
    assert_eq!(shortened(&"长".repeat(100)), format!("{}…", "长".repeat(60)));
    assert_eq!(shortened("身份证11010519491231002X号"), "身份证******************号");
    assert_eq!(shortened("110105 1949-1231 0021"), "****** ****-**** ****");
    assert_eq!(shortened("91110000600037341L"), "91110000600037341L");
    assert_eq!(shortened("202400012345678901"), "202400012345678901");
}
