//! Every kind: what is written is read, and written again it is the same bytes, in CSV and in XLSX.

use std::fmt::Debug;

use labpact::exchange::{
    format::{
        CalibrationRow, CertificateRow, EquipmentRow, HolidayRow, InstitutionRow, Kind, LabRow, Record, ScopeRow,
        SignatoryRow, StandardRow, write,
    },
    sheet::write::{CsvSheet, Sheet, XlsxSheet},
};

use super::{read, sample};

fn all<T: Record>(sheet: &mut impl Sheet, records: &[T]) {
    write::headings::<T>(sheet).expect("headings");
    records.iter().for_each(|record| write::record(sheet, record).expect("a row"));
}

fn csv<T: Record>(records: &[T]) -> Vec<u8> {
    let mut sheet = CsvSheet::new(Vec::new(), false).expect("a sheet");
    all(&mut sheet, records);
    sheet.finish().expect("bytes")
}

fn xlsx<T: Record>(records: &[T]) -> Vec<u8> {
    let mut sheet = XlsxSheet::new(T::KIND.word()).expect("a workbook");
    all(&mut sheet, records);
    let mut bytes = Vec::new();
    sheet.finish(&mut bytes).expect("bytes");
    bytes
}

/// Reads a Chinese list, writes it, reads that and writes it again.
fn turns_round<T: Record + Debug + PartialEq>(text: &str) -> Vec<T> {
    let got = read::<T>(&sample("zh.csv", text));
    assert!(got.refused.is_empty(), "{:?}", got.refused);
    let records: Vec<T> = got.rows.into_iter().map(|row| row.value).collect();
    let bytes = csv(&records);
    let again: Vec<T> = read::<T>(&sample("a.csv", &bytes)).rows.into_iter().map(|row| row.value).collect();
    assert_eq!(csv(&again), bytes);
    let book = xlsx(&records);
    let again: Vec<T> = read::<T>(&sample("a.xlsx", &book)).rows.into_iter().map(|row| row.value).collect();
    assert!(xlsx(&again) == book && csv(&again) == bytes);
    records
}

#[test]
fn institutions() {
    let rows = turns_round::<InstitutionRow>(
        "行政区划代码,机构名称*,统一社会信用代码,联系电话,可见范围\n４４０１００,甲院,９１１１００００600037341l,+86 20,成员\n",
    );
    assert_eq!(rows[0].uscc.as_deref(), Some("91110000600037341L"));
    assert_eq!((rows[0].region.as_str(), rows[0].contact_phone.as_deref()), ("440100", Some("+86 20")));
}

#[test]
fn labs() {
    let rows = turns_round::<LabRow>(
        "实验室编号,统一社会信用代码,名称,行政区划,经度,纬度\nGD-1,91110000600037341L,\"乙, 所\",440100,113.2644,23.10\n",
    );
    assert_eq!((rows[0].longitude, rows[0].latitude), (Some(113.2644), Some(23.1)));
}

#[test]
fn certificates() {
    let rows = turns_round::<CertificateRow>(
        "证书类型;证书编号;持证机构;发证日期;有效期至;状态;覆盖场所\n资质认定;210012345678;I1;2021.3.1;长期;有效;GD-1、GD-2\nCNAS;L1234;I1;20200203;2026年2月2日;注销;\n",
    );
    assert_eq!(rows[0].lab_codes, ["GD-1", "GD-2"]);
    assert_eq!((rows[0].valid_to, rows[1].valid_to.map(|day| day.to_string())), (None, Some("2026-02-02".into())));
}

#[test]
fn equipment_with_its_last_calibration() {
    let rows = turns_round_without_calibration(
        "场所编号,设备编号,设备名称,规格型号,状态,检定日期,有效期至\nL1,E1,天平,XS205,在用,2026-01-05,2027-01-04\nL1,E2,烘箱,,停用,,\n",
    );
    let done = rows[0].calibration.as_ref().expect("a calibration");
    assert_eq!((done.performed_on.to_string(), done.due_on.to_string()), ("2026-01-05".into(), "2027-01-04".into()));
    assert_eq!(rows[1].calibration, None);
}

/// The calibration is not written with the instrument, so equality holds for the rest.
fn turns_round_without_calibration(text: &str) -> Vec<EquipmentRow> {
    turns_round::<EquipmentRow>(text)
}

#[test]
fn calibrations_standards_holidays_signatories() {
    turns_round::<CalibrationRow>("lab,asset no,检定日期,有效期至,结果\nL1,E1,2026-01-05,2027-01-04,限用\n");
    turns_round::<StandardRow>("标准号\t标准名称\t状态\t被代替标准\nGB 5009.3-2010\t水分\t被代替\tGB 5009.3-2016\n");
    let rows = turns_round::<HolidayRow>(
        "date,kind,festival_zh,in_lieu\n2024-02-10,holiday,春节,0\n2024-02-04,workday,春节,0\n",
    );
    assert_eq!(rows[1].kind.word(), "WORKDAY");
    let rows =
        turns_round::<SignatoryRow>("实验室编号,编号,姓名,签字领域,授权日期\nL1,S-7,演示甲,食品；水,2024-01-01\n");
    assert_eq!(rows[0].fields, ["食品", "水"]);
}

#[test]
fn scopes() {
    turns_round::<ScopeRow>(
        "证书编号,lab_code,序号,类别,产品,参数,检测方法,说明\nC1,L1,1.10,食品,乳,铅,\"GB 5009.12-2023\n第一法\",=1\n",
    );
}

#[test]
fn dates_in_the_wrong_order_and_words_unknown_are_refused_together() {
    let text = "scheme,number,institution,valid_from,valid_to,status\nABC,1,I,2024-02-30,2020-01-01,gone\nCMA,1,I,2024-02-03,2020-01-01,有效\n";
    let got = read::<CertificateRow>(&sample("c.csv", text));
    let codes: Vec<(u64, &str)> = got.refused.iter().map(|r| (r.row, r.code.as_str())).collect();
    assert_eq!(codes, [(2, "UNKNOWN_WORD"), (2, "INVALID_DATE"), (2, "UNKNOWN_WORD"), (3, "DATES_REVERSED")]);
}

#[test]
fn columns_are_told_apart_by_their_headings() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.word()), Some(kind));
        let keys: Vec<&str> = kind.columns().iter().map(|column| column.key).collect();
        let mut unique = keys.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), keys.len(), "{keys:?}");
    }
}
