//! How much a client may ask for over time: a token bucket each, in units of cost.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_graphql::{Name, Value, indexmap::IndexMap};
use chrono::{DateTime, Utc};
use entity::ids::AgencyCode;
use serde::Deserialize;

use crate::platform::{
    access::{Actor, ActorKind},
    clock::Clock,
    fault::{Fault, Outcome},
};

/// Section `[graphql.budget]` of the configuration. Each node keeps its own buckets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetLimits {
    /// How many units of cost a client may use at once; 0 for no limit.
    pub units: u64,
    /// How many it is given back each second.
    pub units_per_second: u64,
}

impl Default for BudgetLimits {
    fn default() -> Self {
        Self { units: 2_000_000, units_per_second: 100_000 }
    }
}

/// What a refused document costs, before its text is counted.
const REFUSED: u64 = 10;
/// So many bytes of a refused document cost one unit more.
const BYTES_PER_UNIT: u64 = 100;
/// What a credential that does not hold costs: a signature is checked.
const STRANGER: u64 = 100;
/// What a try to be given a token costs: some signatures are checked, and rows are read.
const TOKEN: u64 = 1_000;

/// From how many buckets on those that are full again are forgotten.
const MANY: usize = 10_000;
/// How many buckets there may be; whoever comes later shares one.
const MOST: usize = 100_000;

/// Whose bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A subject of an agency.
    Client(AgencyCode, Arc<str>),
    /// An address, for who has no token.
    Address(IpAddr),
    /// Those for whom there is no bucket left.
    Rest,
}

impl Payer {
    /// Who pays for what an actor asks from an address.
    pub fn of(actor: &Actor, address: IpAddr) -> Self {
        match &actor.agency {
            Some(agency) if actor.kind != ActorKind::Anonymous => {
                Self::Client(agency.clone(), actor.subject.as_str().into())
            }
            _ => Self::Address(address),
        }
    }
}

/// What an operation cost, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Of the operation.
    pub cost: u64,
    /// Most that one operation may cost.
    pub most: u64,
    /// Left in the bucket, its size, and what flows back each second; `None` where there is no limit.
    pub budget: Option<(u64, u64, u64)>,
}

impl Bill {
    /// As `extensions.cost` tells it.
    pub fn value(&self) -> Value {
        let pairs = |pairs: &[(&str, u64)]| -> IndexMap<Name, Value> {
            pairs.iter().map(|(name, number)| (Name::new(*name), Value::from(*number))).collect()
        };
        let mut members = pairs(&[("cost", self.cost), ("most", self.most)]);
        if let Some((left, units, per_second)) = self.budget {
            let budget = pairs(&[("left", left), ("units", units), ("unitsPerSecond", per_second)]);
            members.insert(Name::new("budget"), Value::Object(budget));
        }
        Value::Object(members)
    }
}

/// Every client's bucket, as far as this node has seen it.
pub struct Budgets {
    limits: BudgetLimits,
    clock: Clock,
    buckets: Mutex<Buckets>,
}

struct Buckets {
    of: HashMap<Payer, Bucket>,
    /// At how many of them to look which are full again.
    sweep_at: usize,
}

struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

impl Budgets {
    /// Full buckets for everybody.
    pub fn new(limits: BudgetLimits, clock: Clock) -> Self {
        Self { limits, clock, buckets: Mutex::new(Buckets { of: HashMap::new(), sweep_at: MANY }) }
    }

    /// Refuses a client that has nothing left, before anything is done for it.
    ///
    /// # Errors
    /// `LIMITED`.
    pub fn admit(&self, payer: &Payer) -> Outcome<()> {
        self.take(payer, 0).map(drop)
    }

    /// Takes the cost of an operation; says what is left.
    ///
    /// # Errors
    /// `LIMITED`, with the time after which there is enough; nothing is taken then.
    pub fn charge(&self, payer: &Payer, cost: u64) -> Outcome<Option<(u64, u64, u64)>> {
        self.take(payer, cost)
    }

    /// Takes what looking at a document of so many bytes cost that was then refused, as far as it is there.
    pub fn fine(&self, payer: &Payer, bytes: usize) {
        let cost = REFUSED + bytes as u64 / BYTES_PER_UNIT;
        self.drain(payer, cost);
    }

    /// Takes what a credential that does not hold costs from the address that it came from.
    ///
    /// # Errors
    /// `LIMITED`.
    pub fn fine_stranger(&self, address: IpAddr) -> Outcome<()> {
        self.take(&Payer::Address(address), STRANGER).map(drop)
    }

    /// Takes what a try to be given a token costs from the address that it came from.
    ///
    /// # Errors
    /// `LIMITED`.
    pub fn charge_token(&self, address: IpAddr) -> Outcome<()> {
        self.take(&Payer::Address(address), TOKEN).map(drop)
    }

    fn take(&self, payer: &Payer, cost: u64) -> Outcome<Option<(u64, u64, u64)>> {
        let BudgetLimits { units, units_per_second } = self.limits;
        if units == 0 {
            return Ok(None);
        }
        self.with(payer, |bucket| {
            // What costs more than a bucket holds needs a full one.
            let needed = as_f64(cost.clamp(1, units));
            if bucket.left < needed {
                let seconds = (needed - bucket.left) / as_f64(units_per_second.max(1));
                return Err(Fault::Limited {
                    retry_after: Duration::from_secs_f64(seconds.min(86_400.0)),
                    message: format!("This client has used up its budget; try again in {} s.", seconds.ceil()),
                });
            }
            bucket.left = (bucket.left - as_f64(cost)).max(0.0);
            Ok(Some((whole(bucket.left), units, units_per_second)))
        })
    }

    fn drain(&self, payer: &Payer, cost: u64) {
        if self.limits.units > 0 {
            self.with(payer, |bucket| bucket.left = (bucket.left - as_f64(cost)).max(0.0));
        }
    }

    fn with<T>(&self, payer: &Payer, work: impl FnOnce(&mut Bucket) -> T) -> T {
        let now = self.clock.now();
        let full = as_f64(self.limits.units);
        let rate = as_f64(self.limits.units_per_second);
        let level = |bucket: &Bucket| {
            // A clock that was set back gives nothing, and takes nothing.
            let seconds = (now - bucket.at).to_std().unwrap_or_default().as_secs_f64();
            (bucket.left + seconds * rate).min(full)
        };
        let mut buckets = self.buckets();
        if buckets.of.len() >= buckets.sweep_at {
            buckets.of.retain(|_, bucket| level(bucket) < full);
            buckets.sweep_at = MANY.max(2 * buckets.of.len());
        }
        let crowded = buckets.of.len() >= MOST && !buckets.of.contains_key(payer);
        let payer = if crowded { Payer::Rest } else { payer.clone() };
        let bucket = buckets.of.entry(payer).or_insert(Bucket { left: full, at: now });
        bucket.left = level(bucket);
        bucket.at = now;
        work(bucket)
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::cast_precision_loss, reason = "units beyond 2^52 are no limit")]
fn as_f64(units: u64) -> f64 {
    units as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and a full bucket")]
fn whole(units: f64) -> u64 {
    units as u64
}
