//! The kinds of objects in a copy.

use entity::ids::{
    AgencyCode, CertificateId, EquipmentId, InstitutionId, LabId, OfferingId, ReferralId, RegionCode, RequestId,
    ScopeId, SignatoryId, StandardId,
};

/// A kind of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `REGION`: divisions, which come with the program.
    Region,
    /// `AGENCY`: the members.
    Agency,
    /// `INSTITUTION`
    Institution,
    /// `LAB`
    Lab,
    /// `STANDARD`
    Standard,
    /// `CERTIFICATE`
    Certificate,
    /// `EQUIPMENT`
    Equipment,
    /// `SIGNATORY`
    Signatory,
    /// `COMPETENCE_SCOPE`: the lines of annexes.
    CompetenceScope,
    /// `OFFERING`
    Offering,
    /// `REQUEST`
    Request,
    /// `REFERRAL`
    Referral,
}

impl Kind {
    /// Every kind, in the order in which a copy begins: what others refer to first.
    pub const ALL: [Self; 12] = [
        Self::Region,
        Self::Agency,
        Self::Institution,
        Self::Lab,
        Self::Standard,
        Self::Certificate,
        Self::Equipment,
        Self::Signatory,
        Self::CompetenceScope,
        Self::Offering,
        Self::Request,
        Self::Referral,
    ];

    /// The word before the colon in typed ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Region => RegionCode::KIND,
            Self::Agency => AgencyCode::KIND,
            Self::Institution => InstitutionId::KIND,
            Self::Lab => LabId::KIND,
            Self::Standard => StandardId::KIND,
            Self::Certificate => CertificateId::KIND,
            Self::Equipment => EquipmentId::KIND,
            Self::Signatory => SignatoryId::KIND,
            Self::CompetenceScope => ScopeId::KIND,
            Self::Offering => OfferingId::KIND,
            Self::Request => RequestId::KIND,
            Self::Referral => ReferralId::KIND,
        }
    }
}
