//! Unified social credit codes (GB 32100-2015), and the personal identity numbers (GB 11643) that people type instead.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::platform::lenient::fold_code;

/// The 31 characters of a code; a character's place is its value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: powers of 3 modulo 31.
const OUTER_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of the eight characters of an organisation code (GB 11714-1997).
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Weights of the first 17 digits of a personal identity number (ISO 7064 MOD 11-2).
const PERSONAL_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters of a personal identity number by remainder.
const PERSONAL_CHECKS: &[u8; 11] = b"10X98765432";
/// First two digits of an identity number: provinces 11 to 65, then 71, 81, 82 and 83.
const PROVINCES: std::ops::RangeInclusive<u8> = 11..=83;

/// An accepted code: 18 characters, half width, upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidUscc {
    /// Nothing but blanks.
    Empty,
    /// Not 18 characters.
    Length,
    /// A character outside the 31, such as I, O, S, V or Z.
    Character,
    /// Neither the check character of the code nor that of the organisation code within it fits.
    CheckDigit,
}

impl InvalidUscc {
    /// The stable code for problems and import reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "USCC_EMPTY",
            Self::Length => "USCC_LENGTH",
            Self::Character => "USCC_CHARACTER",
            Self::CheckDigit => "USCC_CHECK_DIGIT",
        }
    }
}

impl fmt::Display for InvalidUscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "The unified social credit code is empty.",
            Self::Length => "A unified social credit code has 18 characters.",
            Self::Character => {
                "A unified social credit code has only digits and capital letters other than I, O, S, V and Z."
            }
            Self::CheckDigit => {
                "The check character of the unified social credit code does not fit; compare it with the licence."
            }
        })
    }
}

/// What [`judge`] says of a text. Neither `Debug` nor `Display` ever shows a personal identity number, because that
/// variant does not keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both the code and its check character are right.
    Valid(Uscc),
    /// The outer check fails and the inner one passes, as with genuine Fujian codes from before 2016: accept and warn.
    ValidWithWarning(Uscc),
    /// No code.
    Invalid(InvalidUscc),
    /// A personal identity number stands where a code belongs: refuse, and never store or log it.
    PersonalIdentityNumber,
}

/// The stable code for problems that refuse a personal identity number.
pub const PERSONAL_IDENTITY_NUMBER: &str = "PERSONAL_IDENTITY_NUMBER";

/// The stable code for the warning of [`Verdict::ValidWithWarning`].
pub const USCC_OUTER_CHECK: &str = "USCC_OUTER_CHECK";

impl Verdict {
    /// The code, where there is one to keep.
    pub fn uscc(self) -> Option<Uscc> {
        match self {
            Self::Valid(uscc) | Self::ValidWithWarning(uscc) => Some(uscc),
            Self::Invalid(_) | Self::PersonalIdentityNumber => None,
        }
    }

    /// The stable code of what is wrong or to be warned of; `None` for a valid code.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Valid(_) => None,
            Self::ValidWithWarning(_) => Some(USCC_OUTER_CHECK),
            Self::Invalid(reason) => Some(reason.code()),
            Self::PersonalIdentityNumber => Some(PERSONAL_IDENTITY_NUMBER),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid(uscc) => write!(f, "{uscc} is a valid unified social credit code."),
            Self::ValidWithWarning(uscc) => {
                write!(
                    f,
                    "The check character of {uscc} does not fit, but its organisation code does; compare it with the licence."
                )
            }
            Self::Invalid(reason) => reason.fmt(f),
            Self::PersonalIdentityNumber => f.write_str(
                "This is a personal identity number; write the institution's unified social credit code instead.",
            ),
        }
    }
}

impl Uscc {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The registering authority's division (GB/T 2260), characters 3 to 8. It may be one that no longer exists.
    pub fn division(&self) -> &str {
        &self.0[2..8]
    }

    /// The organisation code (GB 11714), characters 9 to 17.
    pub fn organisation(&self) -> &str {
        &self.0[8..17]
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Judges a text: full width, lower case, blanks and dashes between the characters are tolerated.
pub fn judge(text: &str) -> Verdict {
    let mut code = fold_code(text);
    code.retain(|c| c != '-');
    if code.is_empty() {
        return Verdict::Invalid(InvalidUscc::Empty);
    }
    if is_personal(code.as_bytes()) {
        return Verdict::PersonalIdentityNumber;
    }
    if code.chars().count() != 18 {
        return Verdict::Invalid(InvalidUscc::Length);
    }
    let Some(values) = values(code.as_bytes()) else {
        return Verdict::Invalid(InvalidUscc::Character);
    };
    if outer_check(&values) == values[17] {
        Verdict::Valid(Uscc(code))
    } else if inner_check(&values) == code.as_bytes()[16] {
        Verdict::ValidWithWarning(Uscc(code))
    } else {
        Verdict::Invalid(InvalidUscc::CheckDigit)
    }
}

/// The value of each character, or `None` where one is not of the alphabet.
fn values(code: &[u8]) -> Option<[u32; 18]> {
    let mut values = [0; 18];
    if code.len() != values.len() {
        return None;
    }
    for (value, byte) in values.iter_mut().zip(code) {
        *value = u32::try_from(ALPHABET.iter().position(|known| known == byte)?).ok()?;
    }
    Some(values)
}

fn outer_check(values: &[u32; 18]) -> u32 {
    let sum: u32 = values.iter().zip(OUTER_WEIGHTS).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31
}

/// The check character of the organisation code. Letters of an organisation code count from A = 10 through the whole
/// Latin alphabet, unlike those of the code around it.
fn inner_check(values: &[u32; 18]) -> u8 {
    let latin = |value: u32| match ALPHABET.get(value as usize) {
        Some(letter @ b'A'..=b'Z') => u32::from(letter - b'A') + 10,
        _ => value,
    };
    let sum: u32 = values[8..16].iter().zip(INNER_WEIGHTS).map(|(value, weight)| latin(*value) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    }
}

/// Whether this is an identity number: a known province, a real birth date from 1880 on, and the right check digit.
fn is_personal(code: &[u8]) -> bool {
    let [digits @ .., last] = code else { return false };
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number =
        |from: usize, to: usize| digits[from..to].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let sum: u32 = digits.iter().zip(PERSONAL_WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let born = NaiveDate::from_ymd_opt(number(6, 10).cast_signed(), number(10, 12), number(12, 14));
    PERSONAL_CHECKS[(sum % 11) as usize] == *last
        && u8::try_from(number(0, 2)).is_ok_and(|province| PROVINCES.contains(&province))
        && born.is_some_and(|born| (1880..=2099).contains(&born.year()))
}
