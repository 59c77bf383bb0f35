//! The foundations: transactions, keyed commands, the feed, pages.

mod feed;
mod gather;
mod ledger;
mod once;
mod page;
mod telemetry;
mod tx;
mod work;

use entity::{
    enums::{Standing, Visibility},
    ids::{InstitutionId, RegionCode},
    institution,
};
use labpact::platform::{
    access::{Action, Actor, Caller, Permit, permit},
    db::Tx,
};

/// An action that the system may always do.
pub(crate) const ACT: Action = Action::new("test.act", "directory:write");

/// The system acting for Guangdong.
pub(crate) fn caller() -> Caller {
    Caller::new(Actor::system(Some("GD".into()), "test"), "request-1")
}

/// Its permit.
pub(crate) fn act() -> Permit {
    permit(&caller(), ACT).expect("the system holds every scope")
}

/// A row that nothing refers to.
pub(crate) fn institution(tx: &Tx, code: &str) -> institution::Model {
    institution::Model {
        id: InstitutionId(tx.id()),
        agency: "GD".into(),
        code: code.to_owned(),
        uscc: None,
        name_zh: format!("机构 {code}"),
        name_en: None,
        region: RegionCode::from("440100"),
        address: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        visibility: Visibility::Partner,
        standing: Standing::Active,
        standing_reason: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}
