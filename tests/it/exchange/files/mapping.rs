//! Mapping files.

use entity::enums::CertificateStatus;
use labpact::exchange::format::{CertificateRow, InstitutionRow, Kind, LabRow, Mapping, SignatoryRow};

use super::{problem, records, sample};

const TEXT: &str = r#"
[columns]
"Lab No." = "code"
"Owner" = "institution"
"Title" = "name_zh"
"Junk" = ""
[constants]
region = "440100"
agency = "gd"
[options]
delimiter = "|"
heading_row = 2
"#;

#[test]
fn columns_constants_and_options() {
    let mapping = Mapping::parse("m.toml", TEXT, Kind::Labs).expect("a mapping");
    let file = sample("labs.txt", "exported today\nTitle|Lab No.|Owner|Junk|Other\n甲|A-1|I-1|x|y\n");
    let got = records::<LabRow>(&file.path, mapping).expect("rows");
    let lab = &got.rows[0].value;
    assert_eq!((lab.code.as_str(), lab.region.as_str(), lab.agency.as_deref()), ("A-1", "440100", Some("GD")));
    assert_eq!(got.notes.len(), 1);
    assert!(got.notes[0].message.contains("Other"));
}

#[test]
fn dates_in_another_order() {
    let text = "[options]\ndate_format = \"MM/DD/YYYY\"\n";
    let mapping = Mapping::parse("m.toml", text, Kind::Signatories).expect("a mapping");
    let file = sample("s.csv", "lab_code,code,name,valid_from\nL1,1,甲,2/3/2024\nL1,2,乙,13/3/2024\n");
    let got = records::<SignatoryRow>(&file.path, mapping).expect("rows");
    assert_eq!(got.rows[0].value.valid_from.to_string(), "2024-02-03");
    assert_eq!(got.refused[0].code, "INVALID_DATE");
}

#[test]
fn a_mapping_that_cannot_hold_is_refused() {
    let refused = |text: &str| problem(Mapping::parse("m.toml", text, Kind::Labs));
    assert_eq!(refused("columns = 3").0, "MAPPING_UNREADABLE");
    assert_eq!(refused("[colums]\n").0, "MAPPING_UNREADABLE");
    let (code, message) = refused("[columns]\n\"X\" = \"colour\"\n");
    assert_eq!(code, "UNKNOWN_COLUMN");
    assert!(message.contains("name_zh"), "{message}");
    assert_eq!(refused("[options]\ndelimiter = \"::\"\n").0, "BAD_OPTION");
    assert_eq!(refused("[options]\nencoding = \"latin9\"\n").0, "BAD_OPTION");
    let mapping = Mapping::parse("m.toml", "[columns]\n\"Nr\" = \"code\"\n", Kind::Labs).expect("a mapping");
    let file = sample("l.csv", "code,institution,name_zh,region\n1,2,3,4\n");
    assert_eq!(problem(records::<LabRow>(&file.path, mapping)).0, "MAPPED_HEADING_MISSING");
}

#[test]
fn words_and_one_heading_for_two_columns() {
    let text = "[columns]\n\"Key\" = [\"institution\", \"lab_codes\"]\n[values.status]\n\"Operating\" = \"有效\"\n\"On hold\" = \"暂停\"\n[constants]\nscheme = \"CMA\"\n";
    let mapping = Mapping::parse("m.toml", text, Kind::Certificates).expect("a mapping");
    let file = sample(
        "c.csv",
        "Key,certificate_no,issue_date,expiry_date,状态\nA-1,1,2024-01-01,长期,OPERATING\nA-2,2,2024-01-01,长期,on hold\nA-3,3,2024-01-01,长期,Closed\n",
    );
    let got = records::<CertificateRow>(&file.path, mapping).expect("rows");
    let status: Vec<_> = got.rows.iter().map(|row| row.value.status).collect();
    assert_eq!(status, [Some(CertificateStatus::Active), Some(CertificateStatus::Suspended)]);
    assert_eq!(got.rows[0].value.institution, "A-1");
    assert_eq!(got.rows[0].value.lab_codes, ["A-1"]);
    assert_eq!((got.refused[0].code.as_str(), got.refused[0].row), ("UNKNOWN_WORD", 4));
    let unknown = problem(Mapping::parse("m.toml", "[values.colour]\n\"red\" = \"红\"\n", Kind::Labs));
    assert_eq!(unknown.0, "UNKNOWN_COLUMN");
}

#[test]
fn a_doubtful_credit_code_is_taken_with_a_note() {
    let file =
        sample("i.csv", "统一社会信用代码,名称,区划代码\n91110000600037341N,甲,350100\n91110000600037341L,乙,350100\n");
    let got = records::<InstitutionRow>(&file.path, Mapping::default()).expect("rows");
    assert_eq!((got.rows.len(), got.refused.len(), got.notes.len()), (2, 0, 1));
    assert!(got.notes[0].row == Some(2) && got.notes[0].message.contains("91110000600037341N"), "{:?}", got.notes);
}
