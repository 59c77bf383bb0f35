//! The rows that are loaded: made as they are needed, a lab's lines at a time.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    competence_scope::Model,
    enums::Visibility,
    ids::{CertificateId, LabId, ScopeId, ScopeVersionId},
};
use uuid::Uuid;

use super::support::fill::{CERTIFICATE, EDITION, LAB, LABS};

/// `lines` rows, as evenly as they go over the labs.
pub fn batches(lines: u64) -> impl Iterator<Item = Vec<Model>> + Send {
    let each = lines.div_ceil(LABS);
    (0..LABS).map(move |lab| lab * each..((lab + 1) * each).min(lines)).filter(|span| !span.is_empty()).map(
        move |span| {
            let lab = span.start / each + 1;
            span.map(|line| row(lab, line % each + 1, line)).collect()
        },
    )
}

/// Writes the same rows as a file, as an export would.
///
/// # Panics
/// Where the disk refuses.
pub fn write(path: &Path, lines: u64) {
    let mut out = BufWriter::new(File::create(path).expect("the file is made"));
    let heading =
        "certificate_number,lab_code,serial,field,object,parameter,method,clause,limits,remarks,valid_from,visibility";
    writeln!(out, "{heading}").expect("written");
    for batch in batches(lines) {
        for row in batch {
            let lab = row.lab_id.0.as_u128() & 0xffff_ffff;
            writeln!(
                out,
                "2023190{lab:05},L{lab:05},{},{},{},{},{},,{},,{},PARTNER",
                row.serial,
                row.field,
                row.object,
                row.parameter,
                row.method,
                row.limits.as_deref().unwrap_or_default(),
                row.effective_from
            )
            .expect("written");
        }
    }
    out.flush().expect("written");
}

/// The same id as `support::fill::id`.
fn id(kind: u32, n: u64) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 96 | u128::from(n))
}

fn row(lab: u64, at: u64, line: u64) -> Model {
    let recorded_at: DateTime<Utc> = DateTime::from_timestamp(1_795_399_200, 0).expect("an instant");
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let key = format!("GB {}", 5_001 + line % 4_000);
    Model {
        id: ScopeId(id(5, line)),
        revision: 1,
        scope_version_id: ScopeVersionId(id(EDITION, lab)),
        certificate_id: CertificateId(id(CERTIFICATE, lab)),
        lab_id: LabId(id(LAB, lab)),
        agency: "GD".into(),
        serial: format!("1.{at}"),
        serial_key: format!("1.{at:06}"),
        field: "食品检测".to_owned(),
        object: format!("食品及食品相关产品 {}", at % 40),
        parameter: format!("成分 {} 的含量", line % 4_000),
        method: format!("{key}-2017 食品安全国家标准 第一法"),
        standard_key: Some(key),
        standard_year: Some(2017),
        clause: None,
        limits: at.is_multiple_of(9).then(|| "不做感官评价".to_owned()),
        remarks: None,
        visibility: Visibility::Partner,
        effective_from: day,
        effective_to: entity::FOREVER,
        recorded_at,
    }
}
