//! What one instance has for its files: the store, the keys of addresses, and what is taken.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::TimeDelta;
use entity::attachment::Model;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    address::{
        self, Act, Called, SignedAddress,
        keys::{KeyRing, KeySource},
    },
    model::record::Accepted,
    object::{Objects, Place},
};
use crate::platform::{
    clock::Clock,
    fault::{Fault, Outcome},
};

/// Longest life of an address.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);

/// How an instance keeps files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the contents are.
    pub place: Place,
    /// Where the keys of addresses are.
    pub keys: KeySource,
    /// What is taken.
    pub accepted: Accepted,
    /// How long an address for uploading is good.
    pub upload: TimeDelta,
    /// How long an address for downloading is good where nobody says.
    pub download: TimeDelta,
    /// The longest that somebody may say.
    pub download_most: TimeDelta,
    /// How long content may take to come.
    pub transfer: Duration,
    /// How many contents may come to this node at once.
    pub at_once: usize,
    /// How long a file is kept that is not bound to anything.
    pub unbound: TimeDelta,
    /// How often what is over is cleared away.
    pub sweep: Duration,
    /// The public address of the server, without a slash at its end; empty for addresses that are paths.
    pub base: String,
}

/// What one instance has for its files. Cheap to clone. Store and keys are opened when they are first needed: most commands
/// need neither.
#[derive(Clone, Debug)]
pub struct Attachments(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    clock: Clock,
    objects: OnceLock<Objects>,
    keys: OnceLock<KeyRing>,
    places: Arc<Semaphore>,
}

impl Default for Attachments {
    /// In memory, with a key of its own: for a schema without an instance.
    fn default() -> Self {
        let accepted =
            Accepted { bytes: 1 << 20, media_types: BTreeSet::new(), unbound_files: 1, unbound_bytes: 1 << 20 };
        let settings = Settings {
            place: Place::Memory,
            keys: KeySource::Own,
            accepted,
            upload: TimeDelta::minutes(15),
            download: TimeDelta::minutes(5),
            download_most: TimeDelta::hours(1),
            transfer: Duration::from_secs(600),
            at_once: 1,
            unbound: TimeDelta::days(7),
            sweep: Duration::from_secs(3_600),
            base: String::new(),
        };
        Self::new(settings, Clock::system())
    }
}

impl Attachments {
    /// With these settings.
    pub fn new(settings: Settings, clock: Clock) -> Self {
        let places = Arc::new(Semaphore::new(settings.at_once.clamp(1, Semaphore::MAX_PERMITS)));
        Self(Arc::new(Inner { settings, clock, objects: OnceLock::new(), keys: OnceLock::new(), places }))
    }

    /// Opens store and keys, so that what is wrong with them is known before they are needed.
    ///
    /// # Errors
    /// `INVALID` naming what cannot be used.
    pub fn open(&self) -> Outcome<()> {
        self.objects()?;
        self.keys().map(drop)
    }

    /// How files are kept.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The store.
    ///
    /// # Errors
    /// `INVALID` where it cannot be opened.
    pub fn objects(&self) -> Outcome<&Objects> {
        if let Some(objects) = self.0.objects.get() {
            return Ok(objects);
        }
        let opened = Objects::open(&self.0.settings.place)?;
        Ok(self.0.objects.get_or_init(|| opened))
    }

    /// The keys of addresses.
    ///
    /// # Errors
    /// `INVALID` where they cannot be used.
    pub fn keys(&self) -> Outcome<&KeyRing> {
        if let Some(keys) = self.0.keys.get() {
            return Ok(keys);
        }
        let opened = KeyRing::open(&self.0.settings.keys, LONGEST, self.0.clock.clone())?;
        Ok(self.0.keys.get_or_init(|| opened))
    }

    /// The address at which the content of a file is put.
    ///
    /// # Errors
    /// Those of [`Attachments::keys`].
    pub fn upload_address(&self, row: &Model) -> Outcome<SignedAddress> {
        let Settings { upload, base, .. } = self.settings();
        address::sign(self.keys()?, Act::Upload, row, self.0.clock.now() + (*upload).min(LONGEST), base)
    }

    /// The address at which it is fetched, for so many minutes.
    ///
    /// # Errors
    /// `INVALID` for too few or too many minutes; those of [`Attachments::keys`].
    pub fn download_address(&self, row: &Model, minutes: Option<i32>) -> Outcome<SignedAddress> {
        let Settings { download, download_most, base, .. } = self.settings();
        let most = (*download_most).min(LONGEST);
        let life = minutes.map_or(*download, |minutes| TimeDelta::minutes(minutes.into()));
        if life <= TimeDelta::zero() || (minutes.is_some() && life > most) {
            let message = format!("An address is good for 1 to {} minutes.", most.num_minutes());
            return Err(Fault::invalid("minutes", "MINUTES", message));
        }
        address::sign(self.keys()?, Act::Download, row, self.0.clock.now() + life.min(most), base)
    }

    /// Whether an address is one of ours, for this act with this file, and still good.
    ///
    /// # Errors
    /// `ADDRESS_INVALID`, `ADDRESS_EXPIRED`; those of [`Attachments::keys`].
    pub fn check(&self, act: Act, row: Option<&Model>, called: &Called) -> Outcome<()> {
        let holds = match row {
            Some(row) => address::holds(self.keys()?, act, row, called),
            None => false,
        };
        if !holds {
            return Err(invalid_address());
        }
        if called.expires <= self.0.clock.now().timestamp() {
            let message = "This address is no longer good; ask for the attachment's upload or download again.";
            return Err(Fault::rule("ADDRESS_EXPIRED", message, serde_json::json!({ "expired": called.expires })));
        }
        Ok(())
    }

    /// A place among those whose content comes.
    ///
    /// # Errors
    /// `LIMITED` where all are taken.
    pub fn place(&self) -> Outcome<OwnedSemaphorePermit> {
        Arc::clone(&self.0.places).try_acquire_owned().map_err(|_| Fault::Limited {
            retry_after: Duration::from_secs(2),
            message: "Too many files come at once; send this one again in a moment.".to_owned(),
        })
    }
}

/// An address that nobody gave away. Whether there is such a file is not told.
pub fn invalid_address() -> Fault {
    let message = "This address is not one that was given away; ask for the attachment's upload or download.";
    Fault::rule("ADDRESS_INVALID", message, serde_json::json!({}))
}
