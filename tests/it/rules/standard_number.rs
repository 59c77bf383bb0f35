//! Standard numbers: the printed forms, the sloppy ones, comparing, and finding them in free text.

use labpact::directory::standard::number::{
    MatchGrade, StandardNumber, Unreadable, find_all, find_clauses, find_typed,
};
use proptest::prelude::*;

fn read(text: &str) -> StandardNumber {
    StandardNumber::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// Text as written, printed form, match key.
const FORMS: &[(&str, &str, &str)] = &[
    ("GB 5009.12-2017", "GB 5009.12-2017", "GB 5009.12"),
    ("gb5009.12—2017", "GB 5009.12-2017", "GB 5009.12"),
    ("ＧＢ／Ｔ　５７５０．６－２００６", "GB/T 5750.6-2006", "GB 5750.6"),
    ("GB/T5750.6 — 2023", "GB/T 5750.6-2023", "GB 5750.6"),
    ("GBT 22388-2008", "GB/T 22388-2008", "GB 22388"),
    ("GB / T 22388-2008", "GB/T 22388-2008", "GB 22388"),
    ("GB T 22388-2008", "GB/T 22388-2008", "GB 22388"),
    ("GB\\T 22388-2008", "GB/T 22388-2008", "GB 22388"),
    ("GB/T 22388:2008", "GB/T 22388-2008", "GB 22388"),
    ("GB/T 22388（2008）", "GB/T 22388-2008", "GB 22388"),
    ("GB 2760-2014年版", "GB 2760-2014", "GB 2760"),
    ("GB 7467-87", "GB 7467-1987", "GB 7467"),
    ("GB 7467——87", "GB 7467-1987", "GB 7467"),
    ("GB/T 8170-08", "GB/T 8170-2008", "GB 8170"),
    ("GB/Z 21274-2007", "GB/Z 21274-2007", "GB/Z 21274"),
    ("GBZ 2.1-2019", "GBZ 2.1-2019", "GBZ 2.1"),
    ("GBZ/T 300.1-2017", "GBZ/T 300.1-2017", "GBZ 300.1"),
    ("GBJ 107-87", "GBJ 107-1987", "GBJ 107"),
    ("JJG 196-2006", "JJG 196-2006", "JJG 196"),
    ("JJG（粤）012－2011", "JJG(粤) 012-2011", "JJG(粤) 012"),
    ("JJF1059.1-2012", "JJF 1059.1-2012", "JJF 1059.1"),
    ("HJ 828-2017", "HJ 828-2017", "HJ 828"),
    ("HJ/T 55-2000", "HJ/T 55-2000", "HJ 55"),
    ("HJT 55-2000", "HJ/T 55-2000", "HJ 55"),
    ("HJ 828", "HJ 828", "HJ 828"),
    ("SN/T 1234.5-2013", "SN/T 1234.5-2013", "SN 1234.5"),
    ("SF/Z JD0107001-2016", "", ""),
    ("RB/T 214-2017", "RB/T 214-2017", "RB 214"),
    ("ZZ/T 12-2030", "ZZ/T 12-2030", "ZZ 12"),
    ("DB/T 45-2012", "DB/T 45-2012", "DB 45"),
    ("DB 5-2015", "DB 5-2015", "DB 5"),
    ("DB44/T 1234-2013", "DB44/T 1234-2013", "DB44 1234"),
    ("DB 44/T1234.1-2013", "DB44/T 1234.1-2013", "DB44 1234.1"),
    ("DB44/26-2001", "DB44 26-2001", "DB44 26"),
    ("DB44/ 26-2001", "DB44 26-2001", "DB44 26"),
    ("DB44 26-2001", "DB44 26-2001", "DB44 26"),
    ("DB4401/T 10-2019", "DB4401/T 10-2019", "DB4401 10"),
    ("DBS44/006-2016", "DBS44 006-2016", "DBS44 006"),
    ("DBJ/T 15-31-2016", "DBJ/T 15-31-2016", "DBJ 15-31"),
    ("T/GDAQI 12-2020", "T/GDAQI 12-2020", "T/GDAQI 12"),
    ("T/CECS10001—2019", "T/CECS 10001-2019", "T/CECS 10001"),
    ("T/31SCTA 001-2019", "T/31SCTA 001-2019", "T/31SCTA 001"),
    ("Q/ABC 0001S-2019", "Q/ABC 0001S-2019", "Q/ABC 0001S"),
    ("Q/ABC 0001 S-2019", "Q/ABC 0001S-2019", "Q/ABC 0001S"),
    ("BJS 202405", "BJS 202405", "BJS 202405"),
    ("ＢＪＳ２０２４０５", "BJS 202405", "BJS 202405"),
    ("GJB 150.1A-2009", "GJB 150.1A-2009", "GJB 150.1A"),
    ("JTG E60-2008", "JTG E60-2008", "JTG E60"),
    ("JTG/T F20-2015", "JTG/T F20-2015", "JTG F20"),
    ("CECS 21:2000", "CECS 21-2000", "CECS 21"),
    ("ISO 17025:2017", "ISO 17025-2017", "ISO 17025"),
    ("ISO/IEC 17025:2017", "ISO/IEC 17025-2017", "ISO/IEC 17025"),
    ("ISO/TS 13136:2012", "ISO/TS 13136-2012", "ISO/TS 13136"),
    ("ISO/IEC TS 17021-2:2012", "ISO/IEC TS 17021-2-2012", "ISO/IEC TS 17021-2"),
    ("ISO 105-C06:2010", "ISO 105-C06-2010", "ISO 105-C06"),
    ("ISO 10993-10", "ISO 10993-10", "ISO 10993-10"),
    ("IEC 60335-2-9:2019", "IEC 60335-2-9-2019", "IEC 60335-2-9"),
    ("DIN EN ISO 4833-1:2013", "DIN EN ISO 4833-1-2013", "DIN EN ISO 4833-1"),
    ("ASTM D 4294-16e1", "ASTM D4294-2016", "ASTM D4294"),
    ("ASTM E1252-98(2013)", "ASTM E1252-1998", "ASTM E1252"),
    ("US EPA Method 200.8", "EPA 200.8", "EPA 200.8"),
    ("EPA 8270D", "EPA 8270D", "EPA 8270D"),
    ("EPA TO-15", "EPA TO-15", "EPA TO-15"),
    ("AOAC Official Method 990.03-2002", "AOAC 990.03-2002", "AOAC 990.03"),
    ("APHA 2540 C", "APHA 2540C", "APHA 2540C"),
    ("AS/NZS 4276.1:2007", "AS/NZS 4276.1-2007", "AS/NZS 4276.1"),
];

#[test]
fn every_form_prints_canonically() {
    for (text, printed, key) in FORMS {
        if printed.is_empty() {
            assert!(StandardNumber::parse(text).is_err(), "{text}");
            continue;
        }
        let number = read(text);
        assert_eq!(number.printed(), *printed, "{text}");
        assert_eq!(number.key(), *key, "{text}");
        assert_eq!(number.raw, *text);
        assert!(number.is_read());
        assert_eq!(read(&number.printed()).printed(), *printed, "printed form of {text} reads back");
    }
}

#[test]
fn clauses_become_the_suffix() {
    for (text, suffix) in [
        ("GB 5009.12-2017 第一法", "第一法"),
        ("GB 5009.12-2017（第一法）", "第一法"),
        ("GB/T 5750.6—2006 (1.1)", "1.1"),
        ("GB/T 5750.6—2006 4.2.1", "4.2.1"),
        ("GB 5009.12-2017第二篇 第一法", "第二篇 第一法"),
        ("GB/T 700-2006/XG1-2021", "/XG1-2021"),
        ("EN 71-3:2019+A1:2021", "+A1:2021"),
        ("ASTM D4294-16e1", "e1"),
        ("GB 2760-2014 附录B", "附录B"),
        ("GB/T 5009.3-2016 石墨炉法", "石墨炉法"),
    ] {
        let number = read(text);
        assert_eq!(number.suffix.as_deref(), Some(suffix), "{text}");
        assert_eq!(read(&number.to_string()).suffix.as_deref(), Some(suffix), "{number}");
    }
    assert_eq!(read("GB 5009.12-2017。").suffix, None);
}

#[test]
fn what_cannot_be_read_is_kept() {
    for (text, why) in [
        ("", Unreadable::Empty),
        (" 　", Unreadable::Empty),
        ("企业内部方法", Unreadable::UnknownPrefix),
        ("ABCD 123-2019", Unreadable::UnknownPrefix),
        ("GBXX 123-2019", Unreadable::UnknownPrefix),
        ("GB/T 食品", Unreadable::NoNumber),
        ("CH4", Unreadable::NoNumber),
        ("DB4426-2001", Unreadable::UnknownPrefix),
        ("GB 5009.12-2017、GB 5009.15-2014", Unreadable::Several),
    ] {
        assert_eq!(StandardNumber::parse(text), Err(why), "{text}");
        let kept = StandardNumber::or_raw(text);
        assert_eq!(kept.raw, text);
        assert!(!kept.is_read());
        assert_eq!(kept.grade(&StandardNumber::or_raw(text)), MatchGrade::Exact);
    }
    let announcement = StandardNumber::or_raw("农业部 1025号公告－18－2008");
    assert_eq!(announcement.key(), "农业部 1025号公告-18-2008");
    assert_eq!(announcement.grade(&read("GB 1025-2008")), MatchGrade::Different);
}

#[test]
fn numbers_are_graded_both_ways() {
    for (a, b, grade) in [
        ("GB 5009.12-2017", "gb/t5009.12—2017 第一法", MatchGrade::Exact),
        ("GB/T 1499.2-2018", "GB 1499.2-2024", MatchGrade::OtherEdition),
        ("GB 7467-87", "GB/T 7467-1987", MatchGrade::Exact),
        ("GB 5009.12", "GB 5009.12-2017", MatchGrade::Undated),
        ("GB 5009.12", "GB 5009.12", MatchGrade::Undated),
        ("BJS 202405", "bjs202405", MatchGrade::Exact),
        ("GB 5009.12-2017", "GB 5009.1-2017", MatchGrade::Different),
        ("GBZ 2-2019", "GB/Z 2-2019", MatchGrade::Different),
        ("DB44/T 10-2019", "DB37/T 10-2019", MatchGrade::Different),
        ("T/CAS 10-2019", "CAS/T 10-2019", MatchGrade::Different),
    ] {
        assert_eq!(read(a).grade(&read(b)), grade, "{a} / {b}");
        assert_eq!(read(b).grade(&read(a)), grade, "{b} / {a}");
    }
}

#[test]
fn numbers_are_found_in_cells_and_prose() {
    let printed = |text: &str| -> Vec<String> { find_all(text).iter().map(|(_, number)| number.to_string()).collect() };
    assert_eq!(printed("按GB/T5009.12-2017测定"), ["GB/T 5009.12-2017"]);
    assert_eq!(printed("GB 5009.12-2017、GB/T 5750.6—2006 (1.1)"), ["GB 5009.12-2017", "GB/T 5750.6-2006 1.1"]);
    assert_eq!(
        printed("《食品安全国家标准 食品中铅的测定》GB 5009.12-2017 第一法；HJ 700-2014\nISO 17294-2:2016"),
        ["GB 5009.12-2017 第一法", "HJ 700-2014", "ISO 17294-2-2016"]
    );
    assert_eq!(
        printed("GB 5009.3-2016GB 5009.5-2016/GB 4789.2-2022"),
        ["GB 5009.3-2016", "GB 5009.5-2016", "GB 4789.2-2022"]
    );
    assert_eq!(printed("GB/T 700-2006/XG1-2021 4.1"), ["GB/T 700-2006 /XG1-2021 4.1"]);
    assert_eq!(printed("GB 5009.12-2017①，见附注"), ["GB 5009.12-2017"]);
    assert_eq!(printed("原子吸收法测定 CH4、As 75 与 SO2；见 XGB 5009.3-2016"), [""; 0]);
}

#[test]
fn slips_of_the_pen_are_read() {
    for (text, number) in [
        ("GB 5009. 12-2023", "GB 5009.12-2023"),
        ("GB/T 5750. 6—2006", "GB/T 5750.6-2006"),
        ("GB-T 5009.12-2017", "GB/T 5009.12-2017"),
        ("gb-t5009.12", "GB/T 5009.12"),
        ("HJ-T 91-2002", "HJ/T 91-2002"),
    ] {
        assert_eq!(read(text).printed(), number, "{text}");
    }
    let ends_a_sentence = find_all("按 GB 5009. 12 个样品");
    assert_eq!(ends_a_sentence[0].1.printed(), "GB 5009");
}

#[test]
fn typed_numbers_are_found_in_words_and_as_they_are_spoken() {
    let typed = |text: &str| -> Vec<(String, Option<String>)> {
        let all = find_typed(text).into_iter();
        all.map(|one| (one.number.printed(), one.glued.map(|span| text[span].to_owned()))).collect()
    };
    let glued = |number: &str, word: &str| vec![(number.to_owned(), Some(word.to_owned()))];
    assert_eq!(typed("PbGB5009.12-2023"), glued("GB 5009.12-2023", "Pb"));
    assert_eq!(typed("CODHJ828-2017"), glued("HJ 828-2017", "COD"));
    assert_eq!(typed("melamineGB/T22388-2008"), glued("GB/T 22388-2008", "melamine"));
    assert_eq!(typed("PbGB 5009.12"), glued("GB 5009.12", "Pb"));
    assert_eq!(typed("国标5009.12"), [("GB 5009.12".to_owned(), None)]);
    assert_eq!(typed("国标 4789.2-2022 第一法"), [("GB 4789.2-2022".to_owned(), None)]);
    assert_eq!(typed("GB 5009.3-2016GB 5009.5-2016").len(), 2);
    for nothing in ["LCMS8060", "RGB123", "pH7", "国标", "SDHJ828", "abcdefghijklmnop"] {
        assert_eq!(typed(nothing), [], "{nothing}");
    }
    assert!(find_all("PbGB5009.12-2023").is_empty(), "a register's texts are not read so");
}

#[test]
fn clauses_are_found_apart_from_numbers() {
    let text = "菌落总数 第一法 第2部分 第三 法";
    let found: Vec<&str> = find_clauses(text).into_iter().map(|span| &text[span]).collect();
    assert_eq!(found, ["第一法", "第2部分"]);
}

#[test]
fn ranges_are_bytes_of_the_source() {
    let text = "按ＧＢ／Ｔ５００９．１２－２０１７（第一法）测定";
    let found = find_all(text);
    assert_eq!(found.len(), 1);
    assert_eq!(&text[found[0].0.clone()], "ＧＢ／Ｔ５００９．１２－２０１７（第一法）");
    assert_eq!(found[0].1.raw, text[found[0].0.clone()]);
}

#[test]
fn every_seeded_standard_reads_and_prints_as_it_stands() {
    let seed = include_str!("../../../data/standards/cn_standards_seed.csv");
    for line in seed.lines().skip(1) {
        let text = line.split(',').next().unwrap();
        assert_eq!(read(text).printed(), text);
    }
}

#[test]
fn a_hostile_cell_is_read_in_one_pass() {
    let started = std::time::Instant::now();
    for unit in ["GB ", "GB/T(", "T/", "ISO/IEC ", "GB 1.", "GB 1 (", "DB44", "EN ISO EN ISO "] {
        find_all(&unit.repeat(20_000));
    }
    assert!(started.elapsed().as_secs() < 20, "linear work takes well under a second even unoptimised");
}

/// What a number may be made of.
fn numbers() -> impl Strategy<Value = (String, String, Option<u16>)> {
    let prefixes = prop::sample::select(vec![
        "GB", "GB/T", "GBZ/T", "HJ/T", "NY/T", "DB44/T", "DB3702/T", "T/GDAQI", "JJG", "SN/T",
    ]);
    (prefixes, "[1-9][0-9]{0,5}(\\.[1-9][0-9]?){0,2}", prop::option::of(1900_u16..2100))
        .prop_map(|(prefix, number, year)| (prefix.to_owned(), number, year))
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).expect("full width"),
            _ => c,
        })
        .collect()
}

proptest! {
    #[test]
    fn printing_and_reading_agree((prefix, number, year) in numbers()) {
        let text = format!("{prefix} {number}{}", year.map_or(String::new(), |year| format!("-{year}")));
        let read = StandardNumber::parse(&text).unwrap();
        prop_assert_eq!(read.printed(), text.clone());
        prop_assert_eq!(read.year, year);
        for sloppy in [text.to_lowercase(), full_width(&text), text.replacen(' ', "", 1), text.replace('-', " ― ")] {
            let again = StandardNumber::or_raw(&sloppy);
            if prefix.starts_with("DB") || again.is_read() {
                prop_assert_eq!(again.printed(), text.clone(), "{}", sloppy);
            }
        }
    }

    #[test]
    fn lists_fall_apart_into_their_numbers(list in prop::collection::vec(numbers(), 1..6), mark in prop::sample::select(vec!["、", "；", "\n", ", ", "/"])) {
        let dated: Vec<String> = list.iter().map(|(prefix, number, year)| format!("{prefix} {number}-{}", year.unwrap_or(2020))).collect();
        let found = find_all(&dated.join(mark));
        prop_assert_eq!(found.iter().map(|(_, number)| number.printed()).collect::<Vec<_>>(), dated);
    }

    #[test]
    fn any_text_is_survived(text in "(GB|T/|Q/|DB44|ISO|EN|/T| |-|—|\\(|\\)|[0-9]{1,4}|\\.|第|法|\\PC){0,24}") {
        let kept = StandardNumber::or_raw(&text);
        prop_assert_eq!(&kept.raw, &text);
        for typed in find_typed(&text) {
            prop_assert_eq!(&text[typed.span.clone()], typed.number.raw.as_str());
        }
        find_clauses(&text);
        let mut end = 0;
        for (range, number) in find_all(&text) {
            prop_assert!(range.start >= end && range.end > range.start);
            prop_assert_eq!(&text[range.clone()], number.raw.as_str());
            end = range.end;
            let again = StandardNumber::parse(&number.printed()).expect("what is printed can be read");
            prop_assert_eq!(again.key(), number.key());
            prop_assert_eq!(again.year, number.year);
        }
    }
}
