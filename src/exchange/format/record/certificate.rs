//! Certificates in files.

use chrono::NaiveDate;
use entity::enums::{CertificateScheme, CertificateStatus, Visibility};

use super::{OPEN_END, VISIBILITY, maybe};
use crate::{
    exchange::format::{Cells, Kind, Record, Row, column::columns},
    platform::lenient::EndDate,
};

columns! {
    Agency "agency" ["所属监管机构", "监管机构"];
    Scheme "scheme" ["证书类型", "资质类型", "资质", "Certificate type"] needed;
    Number "number" ["证书编号", "资质认定证书编号", "证书号", "注册号", "认可证书号", "certificate_number", "certificate_no", "Cert no"] needed;
    Institution "institution" ["持证机构统一社会信用代码", "统一社会信用代码", "持证机构", "机构代码", "institution_uscc", "institution_code", "uscc"] needed;
    Issuer "issuer" ["发证机关", "发证部门", "颁发机构", "authority", "Issued by"];
    ValidFrom "valid_from" ["发证日期", "有效期起", "有效期自", "生效日期", "issue_date", "issued_on"] needed;
    ValidTo "valid_to" ["有效期至", "有效期止", "有效期", "截止日期", "expiry_date", "valid_until", "expires_on"] needed;
    Status "status" ["状态", "证书状态", "有效状态"];
    StatusReason "status_reason" ["状态原因", "原因"];
    Labs "lab_codes" ["覆盖场所", "场所编号", "场所代码", "labs", "lab_code", "Sites"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
}

const SCHEME: &[(&str, CertificateScheme)] = &[
    ("CMA", CertificateScheme::Cma),
    ("资质认定", CertificateScheme::Cma),
    ("检验检测机构资质认定", CertificateScheme::Cma),
    ("CNAS", CertificateScheme::Cnas),
    ("实验室认可", CertificateScheme::Cnas),
    ("其他", CertificateScheme::Other),
];

const STATUS: &[(&str, CertificateStatus)] = &[
    ("有效", CertificateStatus::Active),
    ("暂停", CertificateStatus::Suspended),
    ("撤销", CertificateStatus::Withdrawn),
    ("注销", CertificateStatus::Withdrawn),
];

/// A certificate as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct CertificateRow {
    /// The owning agency; none: the importer's.
    pub agency: Option<String>,
    /// CMA, CNAS or other.
    pub scheme: CertificateScheme,
    /// Number as printed.
    pub number: String,
    /// Its holder, by code or by unified social credit code.
    pub institution: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none: 长期, no end.
    pub valid_to: Option<NaiveDate>,
    /// What the issuer says; none: as before, and in force for a new one.
    pub status: Option<CertificateStatus>,
    /// Why.
    pub status_reason: Option<String>,
    /// Codes of the labs that it covers.
    pub lab_codes: Vec<String>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
}

impl Record for CertificateRow {
    type State = ();
    const KIND: Kind = Kind::Certificates;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let scheme = cells.word(C::Scheme, SCHEME);
        if scheme.is_none() && cells.raw(C::Scheme).is_empty() {
            cells.missing(C::Scheme);
        }
        if cells.raw(C::ValidTo).is_empty() {
            cells.missing(C::ValidTo);
        }
        let row = Self {
            agency: cells.code(C::Agency),
            scheme: scheme.unwrap_or(CertificateScheme::Other),
            number: cells.required_code(C::Number),
            institution: cells.required_code(C::Institution),
            issuer: cells.text(C::Issuer),
            valid_from: cells.required_date(C::ValidFrom),
            valid_to: match cells.end_date(C::ValidTo) {
                Some(EndDate::On(date)) => Some(date),
                Some(EndDate::Open) | None => None,
            },
            status: cells.word(C::Status, STATUS),
            status_reason: cells.text(C::StatusReason),
            lab_codes: cells.list(C::Labs),
            visibility: cells.word(C::VisibleTo, VISIBILITY),
        };
        if row.valid_to.is_some_and(|to| to < row.valid_from) && cells.is_sound() {
            cells.refuse(C::ValidTo, "DATES_REVERSED", "The last day lies before the first.");
        }
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            maybe(self.agency.as_ref()),
            self.scheme.word().to_owned(),
            self.number.clone(),
            self.institution.clone(),
            maybe(self.issuer.as_ref()),
            self.valid_from.to_string(),
            self.valid_to.map_or_else(|| OPEN_END.to_owned(), |date| date.to_string()),
            self.status.map(CertificateStatus::word).unwrap_or_default().to_owned(),
            maybe(self.status_reason.as_ref()),
            self.lab_codes.join(";"),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}
