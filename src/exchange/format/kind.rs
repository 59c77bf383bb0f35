//! The kinds of records that files bring and take.

use serde::{Deserialize, Serialize};

use super::{Column, record};

/// What a file is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Institutions (机构).
    Institutions,
    /// Labs (场所).
    Labs,
    /// Certificates (证书).
    Certificates,
    /// Capability annexes (能力附表).
    Scopes,
    /// Equipment (仪器设备), with the last calibration of each where the file has it.
    Equipment,
    /// Calibrations (检定/校准).
    Calibrations,
    /// Standards (标准).
    Standards,
    /// Holidays and make-up days (节假日与调休).
    Holidays,
    /// Authorised signatories (授权签字人).
    Signatories,
}

impl Kind {
    /// Every kind, in an order in which an empty register can take them: what is referred to comes first.
    pub const ALL: [Self; 9] = [
        Self::Holidays,
        Self::Standards,
        Self::Institutions,
        Self::Labs,
        Self::Certificates,
        Self::Scopes,
        Self::Equipment,
        Self::Calibrations,
        Self::Signatories,
    ];

    /// The word on the command line and in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Institutions => "institutions",
            Self::Labs => "labs",
            Self::Certificates => "certificates",
            Self::Scopes => "scopes",
            Self::Equipment => "equipment",
            Self::Calibrations => "calibrations",
            Self::Standards => "standards",
            Self::Holidays => "holidays",
            Self::Signatories => "signatories",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word.trim()))
    }

    /// The columns of the kind, in the order in which they are written.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Institutions => record::institution::COLUMNS,
            Self::Labs => record::lab::COLUMNS,
            Self::Certificates => record::certificate::COLUMNS,
            Self::Scopes => record::scope::COLUMNS,
            Self::Equipment => record::equipment::COLUMNS,
            Self::Calibrations => record::calibration::COLUMNS,
            Self::Standards => record::standard::COLUMNS,
            Self::Holidays => record::holiday::COLUMNS,
            Self::Signatories => record::signatory::COLUMNS,
        }
    }
}
