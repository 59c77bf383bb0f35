//! The loops of messages: following the feed, speaking of deadlines, the mail of the day, sending, and clearing away. Any
//! number of nodes run them.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Notify, watch},
    time::{Interval, MissedTickBehavior, interval},
};

use super::{
    deadline::Surroundings,
    digest, follower,
    post::{self, Transport},
    reminder,
    settings::{MailSettings, Settings},
    store,
};
use crate::platform::{
    db::{Books, Db},
    fault::{Fault, Outcome},
};

/// How often what is too old is cleared away.
const CLEARING: TimeDelta = TimeDelta::hours(1);
/// How long a mail in hand is waited for when the node stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// Messages of one instance: how they are made, and the way to the mail server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Messages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    transport: Option<Transport>,
    /// There is mail to be sent at once.
    post: Notify,
}

impl Messages {
    /// Messages by these settings.
    ///
    /// # Errors
    /// `INVALID` for settings of mail that cannot be used.
    pub fn new(settings: Settings) -> Outcome<Self> {
        let transport = settings.mail.clone().map(Transport::new).transpose()?;
        Ok(Self(Arc::new(Inner { settings, transport, post: Notify::new() })))
    }

    /// How messages are made.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// How mail is sent.
    ///
    /// # Errors
    /// `MAIL_OFF` where it is not.
    pub fn mail(&self) -> Outcome<&MailSettings> {
        self.0.settings.mail.as_ref().ok_or_else(|| {
            let message = "This instance sends no mail; its operator sets [mail] in the configuration.";
            Fault::rule("MAIL_OFF", message, serde_json::json!({}))
        })
    }

    /// Says that there is mail to be sent.
    pub fn post(&self) {
        self.0.post.notify_one();
    }
}

impl Default for Messages {
    /// Messages without mail, as a schema without an instance has them.
    fn default() -> Self {
        let notice = super::model::stage::Notice { workdays: 0, hour: 0, hours: 0, over_minutes: 0 };
        let (poll, look) = (Duration::from_secs(1), Duration::from_secs(60));
        let settings = Settings { poll, look, notice, keep_days: 1, trust_days: 1, mail: None };
        Self(Arc::new(Inner { settings, transport: None, post: Notify::new() }))
    }
}

/// Runs all of them until `stop` resolves: whenever this node has appended to the feed, and else by the settings' beats. What
/// is in hand then is brought to its end, mail for a few seconds at most.
pub async fn run(db: Db, messages: Messages, around: Surroundings, stop: impl Future<Output = ()> + Send) {
    let (stopping, stopped) = watch::channel(false);
    let stop = async {
        stop.await;
        stopping.send_replace(true);
    };
    let mailed = async {
        tokio::select! {
            () = send(&db, &messages, stopped.clone()) => {}
            () = overdue(stopped.clone()) => tracing::warn!("a mail was in hand when the time to finish was over"),
        }
    };
    tokio::join!(stop, follow(&db, &messages, stopped.clone()), look(&db, &messages, &around, stopped.clone()), mailed);
}

async fn overdue(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
    tokio::time::sleep(PATIENCE).await;
}

fn beat(every: Duration) -> Interval {
    let mut beat = interval(every.max(Duration::from_millis(1)));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// The shortest time between two looks, however much is appended.
const GAP: Duration = Duration::from_millis(50);

/// Makes messages of what happens.
async fn follow(db: &Db, messages: &Messages, mut stopped: watch::Receiver<bool>) {
    let (mut numbered, mut beat) = (db.numbered(GAP), beat(messages.settings().poll));
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = numbered.grown() => {}
            _ = beat.tick() => {}
        }
        match follower::follow(db, messages.settings()).await {
            Ok(0) => {}
            Ok(_) => messages.post(),
            Err(fault) => tracing::warn!(error = %fault, "messages could not be made; it will be tried again"),
        }
    }
}

/// Looks at what is due, and whose hour has come.
async fn look(db: &Db, messages: &Messages, around: &Surroundings, mut stopped: watch::Receiver<bool>) {
    let (mut beat, mut cleared) = (beat(messages.settings().look), None);
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = beat.tick() => {}
        }
        match looked(db, messages.settings(), around, &mut cleared).await {
            Ok(0) => {}
            Ok(_) => messages.post(),
            Err(fault) => tracing::warn!(error = %fault, "deadlines could not be told; it will be tried again"),
        }
    }
}

async fn looked(
    db: &Db,
    settings: &Settings,
    around: &Surroundings,
    cleared: &mut Option<DateTime<Utc>>,
) -> Outcome<u64> {
    let made = reminder::remind(db, settings, around).await? + digest::make(db, settings, around).await?;
    let now = db.clock().now();
    if cleared.is_none_or(|last| now - last >= CLEARING) {
        clear(db, settings).await?;
        *cleared = Some(now);
    }
    Ok(made)
}

/// Sends mail.
async fn send(db: &Db, messages: &Messages, mut stopped: watch::Receiver<bool>) {
    let Some(transport) = &messages.0.transport else { return };
    let mut beat = beat(messages.settings().poll);
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = messages.0.post.notified() => {}
            _ = beat.tick() => {}
        }
        if let Err(fault) = post::send_due(db, transport, &stopped).await {
            tracing::warn!(error = %fault, "mail could not be sent; it will be tried again");
        }
    }
}

/// Takes away what is older than it is kept.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn clear(db: &Db, settings: &Settings) -> Outcome<()> {
    let before = db.clock().now() - TimeDelta::days(i64::from(settings.keep_days));
    db.keep_books(async |books: &Books<'_>| {
        store::mails::clear(books, before).await?;
        store::notes::clear(books, before).await.map(drop)
    })
    .await
}
