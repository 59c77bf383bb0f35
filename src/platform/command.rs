//! What every mutation is called with, besides its own input.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{
    access::{Action, Caller, permit},
    db::{Db, Key, Tx},
    fault::{Fault, Outcome},
};

/// One mutation under way: who asks, where it is written, and how often it may happen.
pub struct Command<'a> {
    /// The database.
    pub db: &'a Db,
    /// Who asks.
    pub caller: &'a Caller,
    /// The version that the caller has read, where the caller wants to be refused if it is no longer the last.
    pub version: Option<i32>,
    /// Under which key the first answer is kept.
    pub key: Option<Key>,
    /// Whether to say what would happen and write nothing.
    pub dry_run: bool,
}

impl<'a> Command<'a> {
    /// A command without version and key, in earnest.
    pub fn new(db: &'a Db, caller: &'a Caller) -> Self {
        Self { db, caller, version: None, key: None, dry_run: false }
    }

    /// Decides whether the caller may do `action`, and does `act` in one transaction.
    ///
    /// # Errors
    /// Those of [`permit`], [`Db::write_once`] and `act`.
    pub async fn run<T: Serialize + DeserializeOwned + Send>(
        &self,
        action: Action,
        act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send,
    ) -> Outcome<T> {
        let permit = permit(self.caller, action)?;
        if self.dry_run {
            self.db.rehearse(&permit, act).await
        } else {
            self.db.write_once(&permit, self.key.as_ref(), act).await
        }
    }

    /// Holds the caller's version against the stored one.
    ///
    /// # Errors
    /// `STALE_VERSION` with the stored one.
    pub fn expect_version(&self, stored: i32) -> Outcome<()> {
        match self.version {
            Some(version) if version != stored => Err(Fault::conflict(
                "STALE_VERSION",
                format!(
                    "You have read version {version}, but version {stored} is the last; read it again and repeat your edit."
                ),
                json!({ "yourVersion": version, "version": stored }),
            )),
            _ => Ok(()),
        }
    }
}
