//! What an entry of the feed says of the objects of a copy.

use chrono::{DateTime, Utc};
use entity::{
    Record, calibration, certificate, certificate_lab, competence_scope, consignment, custody_event, deliverable,
    enums::{ChangeOp, Visibility},
    equipment, equipment_scope,
    ids::AgencyCode,
    institution, lab, offer, offer_condition, offering, offering_equipment, offering_scope, referral, referral_item,
    request, signatory, signatory_scope, standard,
};
use serde_json::Value as Json;

use super::{Kind, Place, Viewer};
use crate::platform::touched::Written;

/// An object of which something may have changed.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its kind.
    pub kind: Kind,
    /// Its key, which stands behind the colon of its id.
    pub key: String,
    /// Where to go on behind it.
    pub place: Place,
    /// What says that the viewer could see it before, where something does.
    pub evidence: Vec<Evidence>,
}

/// Why something that cannot be seen now could be seen before. Each holds for one of the conditions of being seen; the
/// others are asked for where the object is found to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It was removed, and was the viewer's to see.
    Removed,
    /// Its owner has hidden it, at that instant.
    Hidden(DateTime<Utc>),
    /// It has ended.
    Ended,
    /// What it belongs to was hidden.
    Below,
}

/// Something that is part of an object, and that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Of an item of equipment.
    Calibration,
    /// Of a referral.
    Offer,
    /// Of an offer.
    OfferCondition,
    /// Of a referral.
    Consignment,
    /// Of a consignment.
    CustodyEvent,
    /// Of a referral.
    Deliverable,
}

impl Part {
    /// The kind that it is part of.
    pub const fn of(self) -> Kind {
        match self {
            Self::Calibration => Kind::Equipment,
            Self::Offer | Self::OfferCondition | Self::Consignment | Self::CustodyEvent | Self::Deliverable => {
                Kind::Referral
            }
        }
    }
}

/// The kind whose keys an entry names. A link belongs to the object under whose key it is written.
pub fn ruled(entity: &str) -> Option<Kind> {
    Some(match entity {
        entity::agency::Model::KIND => Kind::Agency,
        institution::Model::KIND => Kind::Institution,
        lab::Model::KIND => Kind::Lab,
        standard::Model::KIND => Kind::Standard,
        certificate::Model::KIND | certificate_lab::Model::KIND => Kind::Certificate,
        equipment::Model::KIND | equipment_scope::Model::KIND => Kind::Equipment,
        signatory::Model::KIND | signatory_scope::Model::KIND => Kind::Signatory,
        competence_scope::Model::KIND => Kind::CompetenceScope,
        offering::Model::KIND | offering_scope::Model::KIND | offering_equipment::Model::KIND => Kind::Offering,
        request::Model::KIND => Kind::Request,
        referral::Model::KIND | referral_item::Model::KIND => Kind::Referral,
        _ => return None,
    })
}

/// The part whose keys an entry names.
pub fn part(entity: &str) -> Option<Part> {
    Some(match entity {
        calibration::Model::KIND => Part::Calibration,
        offer::Model::KIND => Part::Offer,
        offer_condition::Model::KIND => Part::OfferCondition,
        consignment::Model::KIND => Part::Consignment,
        custody_event::Model::KIND => Part::CustodyEvent,
        deliverable::Model::KIND => Part::Deliverable,
        _ => return None,
    })
}

impl Evidence {
    /// What an entry says of the object whose own row it wrote.
    pub fn of(written: &Written, viewer: &Viewer) -> Option<Self> {
        let own_row = [
            institution::Model::KIND,
            lab::Model::KIND,
            certificate::Model::KIND,
            equipment::Model::KIND,
            signatory::Model::KIND,
            competence_scope::Model::KIND,
            offering::Model::KIND,
            request::Model::KIND,
            referral::Model::KIND,
        ];
        if !own_row.contains(&written.entity.as_str()) {
            return None;
        }
        match written.op {
            ChangeOp::Close | ChangeOp::CloseAll => Some(Self::Ended),
            ChangeOp::Delete => was_own(written, viewer).then_some(Self::Removed),
            ChangeOp::Update | ChangeOp::Revise => was_seen(written, viewer).then_some(Self::Hidden(written.at)),
            ChangeOp::Insert | ChangeOp::Load => None,
        }
    }
}

/// Whether a row of the desk that was removed was the viewer's to see: only what nobody was asked yet is ever removed, so
/// it was its requester's alone.
fn was_own(written: &Written, viewer: &Viewer) -> bool {
    let text = |column: &str| written.before.as_ref().and_then(|row| row.get(column)).and_then(Json::as_str);
    let requester = if written.entity == referral::Model::KIND { text("requester") } else { text("agency") };
    viewer.all || requester.is_some_and(|agency| viewer.own.as_ref().is_some_and(|own| own.as_str() == agency))
}

/// Whether the columns that an edit changed had shown the row to the viewer before it.
fn was_seen(written: &Written, viewer: &Viewer) -> bool {
    let Some(before) = &written.before else { return false };
    let named = before.get("shown_to").and_then(Json::as_array).is_some_and(|codes| {
        let own = viewer.own_code();
        codes.iter().filter_map(Json::as_str).any(|code| own.is_some_and(|own| own.as_str() == code))
    });
    visibility(before).is_some_and(|was| sees(viewer, written, was)) || named
}

fn visibility(columns: &Json) -> Option<Visibility> {
    columns.get("visibility").and_then(Json::as_str).and_then(|word| word.parse().ok())
}

fn sees(viewer: &Viewer, written: &Written, visibility: Visibility) -> bool {
    written.owner.as_ref().is_some_and(|owner| viewer.visible.sees(owner, visibility))
}

/// What belongs to something else and is seen with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A site.
    Lab,
    /// An institution.
    Institution,
}

impl Root {
    /// The kinds that belong to it, in the order in which they are told; of a site also the certificates that name it.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Lab => &[Kind::Certificate, Kind::Equipment, Kind::Signatory, Kind::CompetenceScope, Kind::Offering],
            Self::Institution => {
                &[Kind::Lab, Kind::Certificate, Kind::Equipment, Kind::Signatory, Kind::CompetenceScope, Kind::Offering]
            }
        }
    }
}

/// The site or institution that an entry has shown to the viewer, or hidden from them, with all that belongs to it.
pub fn below(written: &Written, viewer: &Viewer) -> Option<Root> {
    let root = match written.entity.as_str() {
        lab::Model::KIND => Root::Lab,
        institution::Model::KIND => Root::Institution,
        _ => return None,
    };
    let (was, is) = (visibility(written.before.as_ref()?)?, visibility(written.after.as_ref()?)?);
    (sees(viewer, written, was) != sees(viewer, written, is)).then_some(root)
}

/// What a date alone brings into force or ends: a table, and the kind that its rows are part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turning {
    /// The kind.
    pub kind: Kind,
    /// The table.
    pub table: &'static str,
    /// The column with the key of the kind.
    pub key: &'static str,
    /// Whether its rows say when they were written, which tells apart those that were written ahead.
    pub is_dated: bool,
}

const fn noun(kind: Kind, table: &'static str) -> Turning {
    Turning { kind, table, key: "id", is_dated: true }
}

const fn link(kind: Kind, table: &'static str, key: &'static str) -> Turning {
    Turning { kind, table, key, is_dated: false }
}

/// Every table of which dates decide what is in force.
pub const TURNING: [Turning; 6] = [
    noun(Kind::Certificate, "certificate"),
    link(Kind::Certificate, "certificate_lab", "certificate_id"),
    noun(Kind::Equipment, "equipment"),
    link(Kind::Equipment, "equipment_scope", "equipment_id"),
    link(Kind::Signatory, "signatory_scope", "signatory_id"),
    noun(Kind::CompetenceScope, "competence_scope"),
];

impl Viewer {
    /// The agency to which an owner can show something by its code.
    pub fn own_code(&self) -> Option<&AgencyCode> {
        match &self.visible {
            crate::platform::access::Visible::Partner(own) => Some(own),
            _ => None,
        }
    }
}
