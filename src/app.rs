//! The only composition root: what an instance consists of, and in which order it starts and stops.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::sync::Notify;

use crate::{
    attachment::{self, Attachments},
    audit::{self, retention::Plan, service::seal::Due},
    capacity,
    config::Config,
    directory,
    graphql::{
        api::{Api, Rules},
        documents::Documents,
        root::Services,
    },
    identity::{
        account::follower,
        embedded::{EmbeddedIssuer, KeyFolder},
        fetch::HttpFetch,
        revocation::RevocationList,
        trust::{self, Surroundings},
        verify::Verifier,
    },
    message::{self, Messages},
    notify::{self, hub::Hub},
    platform::{
        access::Actor,
        access_log::Accesses,
        clock::Clock,
        db::Db,
        fault::Outcome,
        lag::Progress,
        personal::Guarded,
        retention::{self, Kept},
        signing::Signer,
        telemetry::{Telemetry, metrics::Metrics, traces::Traces},
    },
    request,
    search::{
        self,
        follow::{Settings, Shown},
        service::Finder,
        watch::service::Watcher,
    },
    webhook::{
        self,
        sender::{
            Sender,
            courier::{Courier, SystemLookup},
        },
    },
};

/// Columns that tell of persons, and secret ones: each capability lists its own.
pub const GUARDED: &[Guarded] =
    &[directory::person::GUARDED, directory::institution::GUARDED, directory::lab::GUARDED, directory::agency::GUARDED];

/// Tables whose rows have their time: each capability lists its own.
const KEPT: &[&[Kept]] = &[&retention::OWN];

/// One running instance.
pub struct App {
    /// Its configuration.
    pub config: Config,
    /// Its database.
    pub db: Db,
    /// Who checks tokens.
    pub verifier: Verifier,
    /// The issuer inside this instance, where the configuration has one.
    pub embedded: Option<Arc<EmbeddedIssuer>>,
    /// Who calls without a token.
    pub anonymous: Arc<Actor>,
    /// Who is revoked, as this node knows it.
    pub revocations: Arc<RevocationList>,
    /// The schema with its limits.
    pub api: Api,
    /// Where subscribers hear of events.
    pub events: Hub,
    /// Where questions are asked.
    pub finder: Finder,
    /// Where files are kept.
    pub attachments: Attachments,
    /// Where readings of what is protected are noted.
    pub accesses: Accesses,
    /// Who signs checkpoints, where the instance has a key.
    pub signer: Option<Arc<dyn Signer>>,
    /// What is let go, and when.
    pub retention: Plan,
    /// How webhooks are sent.
    pub webhooks: Arc<webhook::Settings>,
    /// Told of deliveries that are to be sent.
    written: Arc<Notify>,
    /// How messages to people are made, and whether they are mailed.
    pub messages: Messages,
    /// What it has counted.
    pub metrics: Arc<Metrics>,
    /// What it measures and tells.
    pub telemetry: Telemetry,
    /// Whether the feed and those who follow it make progress.
    pub progress: Progress,
    /// Where its figures are served, once they are.
    pub monitor: OnceLock<SocketAddr>,
}

impl App {
    /// Opens the database, brings its schema up to date, seeds what the pact itself consists of, and builds the API.
    ///
    /// # Errors
    /// Whatever keeps the instance from starting, each with the next step.
    pub async fn open(config: Config, clock: Clock) -> Outcome<Arc<Self>> {
        let db = Db::migrate(&config.database, clock.clone()).await?;
        directory::agency::ensure_members(&db).await?;
        let section = config.identity.embedded.as_ref();
        let embedded = section.map(|section| EmbeddedIssuer::open(section, clock.clone())).transpose()?.map(Arc::new);
        let revocations = Arc::new(RevocationList::default());
        follower::load(&db, &revocations).await?;
        let events =
            Hub::new(config.notify.buffer).keeping(config.notify.resume_days).watching(&request::model::news::KINDS);
        let metrics = Arc::new(Metrics::new(&clock));
        let telemetry = Telemetry {
            metrics: Arc::clone(&metrics),
            traces: Traces::open(&config.telemetry)?,
            requests: config.log.requests,
        };
        let finder = Finder::new(Shown::default(), Arc::new(config.search.synonyms()?));
        let files = config.attachments.settings(&config.database, &config.identity)?;
        let attachments = Attachments::new(files, clock.clone());
        let signer = signer(&config, embedded.as_ref(), &clock)?;
        let retention = config.retention.plan(&KEPT.concat())?;
        let accesses = Accesses::default();
        let webhooks = Arc::new(config.webhooks.settings()?);
        let messages = Messages::new(config.message.settings(&config.mail)?)?;
        let services = Services {
            revocations: Arc::clone(&revocations),
            events: events.clone(),
            finder: finder.clone(),
            attachments: attachments.clone(),
            accesses: accesses.clone(),
            guarded: GUARDED.into(),
            webhooks: Arc::clone(&webhooks),
            messages: messages.clone(),
        };
        let around = Surroundings {
            fetch: Arc::new(HttpFetch::new()?),
            embedded: embedded.clone(),
            revocations: revocations.clone(),
            clock,
        };
        let verifier = trust::verifier(&config.identity, around)?;
        let anonymous = Arc::new(trust::anonymous(&config.identity).unwrap_or_else(|| Actor::anonymous([])));
        let rules = Rules {
            limits: config.graphql.limits.clone(),
            budget: config.graphql.budget.clone(),
            time: Duration::from_secs(config.server.operation_seconds),
            introspection: config.graphql.introspection,
        };
        let documents = Documents::open(
            config.graphql.documents.clone(),
            config.graphql.trusted_documents.as_deref(),
            &config.graphql.limits,
        )?;
        let api = Api::new(db.clone(), rules, documents, services, telemetry.clone());
        let (progress, monitor) = (Progress::default(), OnceLock::new());
        Ok(Arc::new(Self {
            config,
            db,
            verifier,
            embedded,
            anonymous,
            revocations,
            api,
            events,
            finder,
            attachments,
            accesses,
            signer,
            retention,
            webhooks,
            written: Arc::default(),
            messages,
            metrics,
            telemetry,
            progress,
            monitor,
        }))
    }

    /// The calendar behind the token of an address; `None` where there is none (any more).
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn calendar(&self, token: &str) -> Outcome<Option<String>> {
        capacity::feed::service::read(&self.db, token).await
    }

    /// Follows the feed for subscribers until `stop` resolves.
    pub async fn follow_events(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let poll = Duration::from_millis(self.config.notify.poll_milliseconds);
        notify::follower::run(self.db.clone(), self.events.clone(), poll, stop).await;
    }

    /// Moves what is due at the request desk until `stop` resolves.
    pub async fn follow_clock(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let pause = Duration::from_secs(self.config.desk.clock_seconds);
        request::service::sweep::follow(self.db.clone(), pause, stop).await;
    }

    /// Tells of offers that end soon until `stop` resolves.
    pub async fn remind_of_offers(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let ahead = self.config.watch.offer_ahead();
        request::service::remind::follow(self.db.clone(), ahead, self.watched_every(), stop).await;
    }

    /// Tells of calibrations that fall due and certificates that end until `stop` resolves.
    pub async fn remind_of_dates(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let settings = self.config.watch.dates();
        directory::reminder::service::follow(self.db.clone(), settings, self.watched_every(), stop).await;
    }

    /// Asks saved searches again until `stop` resolves.
    pub async fn watch_searches(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        self.search_watcher().follow(self.watched_every(), stop).await;
    }

    /// Who asks saved searches again.
    pub fn search_watcher(&self) -> Watcher {
        let limits = self.config.watch.search_limits();
        Watcher::new(self.db.clone(), self.finder.clone(), search::saved::graphql::question, limits)
    }

    fn watched_every(&self) -> Duration {
        Duration::from_secs(self.config.watch.seconds)
    }

    /// Makes messages to people, and sends the mail that is wanted of them, until `stop` resolves.
    pub async fn send_messages(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let around = message::deadline::Surroundings {
            deadlines: request::deadline::all(),
            calendar: |db| Box::pin(directory::calendar::store::calendar_in_background(db)),
        };
        message::run::run(self.db.clone(), self.messages.clone(), around, stop).await;
    }

    /// Ends the mail to whoever got this token; whether there is anybody.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn unsubscribe(&self, token: &str) -> Outcome<bool> {
        message::service::unsubscribe(&self.db, token).await
    }

    /// Clears files away that are over, until `stop` resolves.
    pub async fn sweep_attachments(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        attachment::sweep::run(self.db.clone(), self.attachments.clone(), stop).await;
    }

    /// Signs checkpoints, writes who read what is protected, and lets go what has had its time, until `stop` resolves.
    pub async fn keep_records(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let stopping = stop.shared();
        let every = Duration::from_secs(self.config.audit.check_seconds);
        let due: Due = self.config.audit.due();
        let seal = async {
            match &self.signer {
                Some(signer) if !every.is_zero() => {
                    audit::service::seal::run(&self.db, &**signer, (due, every), stopping.clone()).await;
                }
                _ => stopping.clone().await,
            }
        };
        let prune = audit::retention::run(&self.db, &self.retention, stopping.clone());
        tokio::join!(seal, prune, self.accesses.run(&self.db, stopping.clone()));
    }

    /// Turns what gets its place in the feed into deliveries to webhooks until `stop` resolves.
    pub async fn follow_webhooks(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        if !self.config.webhooks.send {
            return stop.await;
        }
        let (settings, written) = (Arc::clone(&self.webhooks), Arc::clone(&self.written));
        webhook::follower::run(self.db.clone(), settings, written, stop).await;
    }

    /// A sender of webhooks that asks this machine for names.
    ///
    /// # Errors
    /// `INVALID` for a file of authorities that cannot be used.
    pub fn sender(&self) -> Outcome<Sender> {
        let courier = Courier::new(Arc::clone(&self.webhooks), Arc::new(SystemLookup))?;
        Ok(Sender::new(self.db.clone(), Arc::clone(&self.webhooks), courier))
    }

    /// Sends what is due to webhooks until `stop` resolves.
    pub async fn send_webhooks(self: Arc<Self>, sender: Sender, stop: impl Future<Output = ()> + Send) {
        if !self.config.webhooks.send {
            return stop.await;
        }
        sender.run(Arc::clone(&self.written), stop).await;
    }

    /// Keeps the search index up to date until `stop` resolves. Questions wait for it from the call on, not from the first
    /// poll.
    pub fn follow_search(self: Arc<Self>, stop: impl Future<Output = ()> + Send) -> impl Future<Output = ()> + Send {
        let section = &self.config.search;
        let settings = Settings {
            place: section.place(&self.config.database),
            threads: section.writer_threads,
            poll: Duration::from_millis(section.poll_milliseconds),
        };
        let shown = self.finder.shown().clone();
        shown.begin();
        search::follow::run(self.db.clone(), shown, settings, stop)
    }
}

/// The keys of the embedded issuer sign in the name of the instance, or those of a folder of their own.
fn signer(config: &Config, embedded: Option<&Arc<EmbeddedIssuer>>, clock: &Clock) -> Outcome<Option<Arc<dyn Signer>>> {
    if let Some(issuer) = embedded {
        return Ok(Some(Arc::clone(issuer) as Arc<dyn Signer>));
    }
    let Some(folder) = &config.audit.keys else { return Ok(None) };
    Ok(Some(Arc::new(KeyFolder::open(folder, "audit.keys", clock)?)))
}
