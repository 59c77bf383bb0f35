//! Certificate numbers, read softly: whatever cannot be read is kept and never refused.

use crate::platform::lenient::fold_code;

/// The number of a certificate as written, and what of it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateNumber {
    /// The text as it was written.
    pub raw: String,
    /// For comparing: NFKC, upper case, one kind of dash, no blanks, without a leading `CMA`, `NO.` or `编号`.
    pub normalised: String,
    /// What the number says.
    pub form: Form,
}

/// The known forms of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// 资质认定 (CMA), twelve digits `YY PP FF DD SSSS`.
    Cma(CmaParts),
    /// CNAS: the kind of body and its serial number.
    Cnas {
        /// `L` laboratory, `IB` inspection body, `C` certification body, `PT` proficiency testing provider, and others.
        kind: String,
        /// The digits, as written.
        serial: String,
    },
    /// An older or unknown form.
    Other,
}

/// The parts of a twelve-digit CMA number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CmaParts {
    /// Year of issue, four digits.
    pub year: u16,
    /// The two digits of the issuer, which are not those of GB/T 2260: see [`cma_issuer_division`].
    pub issuer: String,
    /// The two digits of the field.
    pub field: String,
    /// The two digits of the kind of body.
    pub kind: String,
    /// The four digits of the serial number.
    pub serial: String,
}

/// Reads a number; cannot fail.
pub fn read(text: &str) -> CertificateNumber {
    let folded = fold_code(text);
    let normalised = bare(&folded).to_owned();
    let form = cma(&normalised).or_else(|| cnas(&normalised)).unwrap_or(Form::Other);
    CertificateNumber { raw: text.to_owned(), normalised, form }
}

/// The province (GB/T 2260) behind the issuer digits of a CMA number, for those that are known; `000000` is the
/// national authority.
pub fn cma_issuer_division(issuer: &str) -> Option<&'static str> {
    match issuer {
        "00" => Some("000000"),
        "13" => Some("350000"),
        "15" => Some("370000"),
        "19" => Some("440000"),
        "20" => Some("450000"),
        "21" => Some("460000"),
        _ => None,
    }
}

/// The number without the words that printers put before it.
fn bare(folded: &str) -> &str {
    let mut rest = folded;
    loop {
        let shorter = ["CMA", "证书编号", "编号", "NO.", "NO", "№", ":", "-"]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .filter(|shorter| shorter.starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '.' | '-')));
        match shorter {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

fn cma(number: &str) -> Option<Form> {
    if number.len() != 12 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Form::Cma(CmaParts {
        year: 2000 + number[..2].parse::<u16>().ok()?,
        issuer: number[2..4].to_owned(),
        field: number[4..6].to_owned(),
        kind: number[6..8].to_owned(),
        serial: number[8..].to_owned(),
    }))
}

fn cnas(number: &str) -> Option<Form> {
    let rest = number.strip_prefix("CNAS")?.trim_start_matches('-');
    let digits = rest.find(|c: char| c.is_ascii_digit())?;
    let (kind, serial) = rest.split_at(digits);
    let sound = (1..=3).contains(&kind.len())
        && kind.bytes().all(|b| b.is_ascii_uppercase())
        && serial.len() <= 6
        && serial.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| Form::Cnas { kind: kind.to_owned(), serial: serial.to_owned() })
}
