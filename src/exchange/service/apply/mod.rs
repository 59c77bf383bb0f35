//! What a record does to the register: comes to be, changes what is there, or finds itself there already.

mod certificate;
mod equipment;
mod institution;
mod lab;
mod pact;
mod signatory;

use entity::{institution::Model as Institution, lab::Model as Lab};

use crate::{
    directory::{institution::store as institutions, lab::store as labs},
    exchange::format::Record,
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
        lenient::fold_code,
    },
};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exchange::service) enum Change {
    Created,
    Changed,
    Unchanged,
}

impl Change {
    /// Changed where the counters differ.
    fn between(before: i32, after: i32) -> Self {
        if before == after { Self::Unchanged } else { Self::Changed }
    }
}

/// A record that can be entered.
pub(in crate::exchange::service) trait Applied: Record + Send {
    /// The agency that the row names, where it names one.
    fn agency(&self) -> Option<&str> {
        None
    }

    /// Enters it.
    fn apply(self, tx: &mut Tx) -> impl Future<Output = Outcome<Change>> + Send;
}

/// The institution that a file means by a code or credit code.
async fn institution_of(tx: &Tx, code: &str) -> Outcome<Institution> {
    let code = fold_code(code);
    let found = match institutions::known(tx, tx.agency()?, &code).await? {
        Some(found) => Some(found),
        None => institutions::known_uscc(tx, &code).await?,
    };
    found.ok_or_else(|| Fault::not_found("institution", code))
}

/// The lab that a file means by a code of the acting agency.
pub(in crate::exchange::service) async fn lab_of(tx: &Tx, code: &str) -> Outcome<Lab> {
    let code = fold_code(code);
    labs::known(tx, tx.agency()?, &code).await?.ok_or_else(|| Fault::not_found("lab", code))
}
