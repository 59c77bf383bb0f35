//! Time and identifiers from one place, so that a test can fix both.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use uuid::{Builder, Uuid};

use super::fault::{Fault, Outcome};

/// Asia/Shanghai has been UTC+8 without daylight saving since 1991.
const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;

/// The only source of the present moment and of new ids. Cheap to clone; clones share a fixed time.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System,
    Fixed(Mutex<Fixed>),
}

struct Fixed {
    now: DateTime<Utc>,
    drawn: u64,
    salted: u64,
}

impl Clock {
    /// The machine's clock and real random ids.
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// Stands still at `now` until [`Clock::advance`]; ids count up from zero.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Source::Fixed(Mutex::new(Fixed { now, drawn: 0, salted: 0 }))))
    }

    /// The present instant, UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Source::System => Utc::now(),
            Source::Fixed(fixed) => lock(fixed).now,
        }
    }

    /// Today's calendar date in Asia/Shanghai, in which all deadlines are written.
    pub fn today(&self) -> NaiveDate {
        shanghai_date(self.now())
    }

    /// A new time-ordered id (RFC 9562 version 7).
    #[expect(clippy::disallowed_methods, reason = "the one place that draws random ids")]
    pub fn id(&self) -> Uuid {
        match &*self.0 {
            Source::System => Uuid::now_v7(),
            Source::Fixed(fixed) => {
                let mut fixed = lock(fixed);
                fixed.drawn += 1;
                let mut tail = [0; 10];
                tail[2..].copy_from_slice(&fixed.drawn.to_be_bytes());
                Builder::from_unix_timestamp_millis(fixed.now.timestamp_millis().max(0).cast_unsigned(), &tail)
                    .into_uuid()
            }
        }
    }

    /// Random bytes that make a digest unguessable; of a fixed clock they count up.
    ///
    /// # Errors
    /// `INTERNAL` where the machine has no randomness.
    pub fn salt(&self) -> Outcome<[u8; 16]> {
        let mut bits = [0; 16];
        match &*self.0 {
            Source::System => {
                aws_lc_rs::rand::fill(&mut bits).map_err(|_| Fault::internal("the machine gives no random bits"))?
            }
            Source::Fixed(fixed) => {
                let mut fixed = lock(fixed);
                fixed.salted += 1;
                bits[8..].copy_from_slice(&fixed.salted.to_be_bytes());
            }
        }
        Ok(bits)
    }

    /// Moves a fixed clock forward.
    ///
    /// # Panics
    /// On the machine's clock, which nobody moves.
    pub fn advance(&self, by: TimeDelta) {
        match &*self.0 {
            Source::System => panic!("only a fixed clock can be moved"),
            Source::Fixed(fixed) => lock(fixed).now += by,
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The calendar date in Asia/Shanghai of an instant.
pub fn shanghai_date(at: DateTime<Utc>) -> NaiveDate {
    let zone = FixedOffset::east_opt(SHANGHAI_SECONDS_EAST).expect("eight hours is a valid offset");
    at.with_timezone(&zone).date_naive()
}

/// The instant of a minute of a day in Asia/Shanghai; minute 1440 is the end of the day.
pub fn shanghai_instant(day: NaiveDate, minute: u32) -> DateTime<Utc> {
    let midnight =
        day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(SHANGHAI_SECONDS_EAST));
    midnight + TimeDelta::minutes(i64::from(minute))
}

/// The minute of the day in Asia/Shanghai at which an instant lies.
pub fn shanghai_minute(at: DateTime<Utc>) -> u32 {
    let minutes = (at.timestamp() + i64::from(SHANGHAI_SECONDS_EAST)).div_euclid(60).rem_euclid(24 * 60);
    u32::try_from(minutes).unwrap_or(0)
}

fn lock(fixed: &Mutex<Fixed>) -> std::sync::MutexGuard<'_, Fixed> {
    fixed.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
