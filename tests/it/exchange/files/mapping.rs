//! Mapping files.

use labpact::exchange::format::{Kind, LabRow, Mapping, SignatoryRow};

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
