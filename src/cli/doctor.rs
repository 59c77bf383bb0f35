//! `labpact doctor`.

use std::{process::ExitCode, sync::Arc};

use chrono::TimeDelta;
use clap::Args;
use sea_orm::FromQueryResult;

use super::{Instance, say};
use crate::{
    attachment::Attachments,
    config::Config,
    graphql::documents,
    http::connection::tls::Certificate,
    identity::{
        embedded::EmbeddedIssuer,
        fetch::HttpFetch,
        revocation::RevocationList,
        trust::{self, Surroundings},
    },
    platform::{
        clock::Clock,
        db::{Db, Dialect},
        fault::Outcome,
        schema,
    },
};

/// Check configuration, database, keys, certificate, published documents, files and clock, and say what to do.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  labpact doctor --config /etc/labpact.toml")]
pub struct Doctor {
    #[command(flatten)]
    instance: Instance,
}

/// How far the clocks of this node and of the database may differ.
const MOST_DRIFT: TimeDelta = TimeDelta::seconds(5);

impl Doctor {
    pub(super) async fn run(self) -> Outcome<ExitCode> {
        let mut healthy = true;
        let mut tell = |what: &str, found: Outcome<String>| {
            let line = match found {
                Ok(text) => format!("ok    {what}: {text}"),
                Err(fault) => {
                    healthy = false;
                    format!("WRONG {what}: {fault}")
                }
            };
            say(line)
        };
        let config = match self.instance.load() {
            Ok(config) => config,
            Err(fault) => {
                tell("configuration", Err(fault))?;
                return Ok(ExitCode::FAILURE);
            }
        };
        tell("configuration", Ok("every key is known".to_owned()))?;
        tell("identity", identity(&config))?;
        tell("TLS", tls(&config))?;
        tell("documents", published(&config))?;
        tell("files", files(&config).await)?;
        match Db::connect(&config.database, Clock::system()).await {
            Ok(db) => {
                tell("database", Ok(format!("{:?} answers", db.dialect())))?;
                tell("migrations", migrations(&db).await)?;
                tell("clock", clock(&db).await)?;
                tell("feed", feed(&db).await)?;
                db.close().await;
            }
            Err(fault) => tell("database", Err(fault))?,
        }
        Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn identity(config: &Config) -> Outcome<String> {
    let clock = Clock::system();
    let embedded =
        config.identity.embedded.as_ref().map(|section| EmbeddedIssuer::open(section, clock.clone())).transpose()?;
    let embedded = embedded.map(Arc::new);
    let around = Surroundings {
        fetch: Arc::new(HttpFetch::new()?),
        embedded: embedded.clone(),
        revocations: Arc::new(RevocationList::default()),
        clock,
    };
    trust::verifier(&config.identity, around)?;
    let own = embedded.map_or_else(
        || "no issuer of its own".to_owned(),
        |issuer| format!("{} key(s) of its own", issuer.list().len()),
    );
    Ok(format!("{} trusted issuer(s), {own}", config.identity.issuers.len()))
}

fn tls(config: &Config) -> Outcome<String> {
    let Some(section) = &config.server.tls else {
        return Ok("plain HTTP; put a TLS proxy in front before it is reached from outside".to_owned());
    };
    Certificate::open(section)?;
    Ok(format!("{} and its key serve together", section.certificate.display()))
}

fn published(config: &Config) -> Outcome<String> {
    let Some(folder) = &config.graphql.trusted_documents else {
        return Ok("any document runs".to_owned());
    };
    let manifests = documents::read(folder, &config.graphql.limits)?;
    Ok(format!("{} published document(s) run, no others", manifests.len()))
}

async fn files(config: &Config) -> Outcome<String> {
    let clock = Clock::system();
    let settings = config.attachments.settings(&config.database, &config.identity)?;
    let place = settings.place.to_string();
    let files = Attachments::new(settings, clock.clone());
    files.open()?;
    files.objects()?.probe(clock.id()).await?;
    let keys = files.keys()?.list().iter().filter(|(_, lives)| *lives).count();
    Ok(format!("{place} takes, gives back and takes away; {keys} key(s) for addresses"))
}

async fn migrations(db: &Db) -> Outcome<String> {
    let status = schema::status(db).await?;
    status.refuse_newer()?;
    if status.pending.is_empty() {
        return Ok("none is pending".to_owned());
    }
    Ok(format!("{} pending; the next `labpact serve` or `labpact migrate up` makes them", status.pending.len()))
}

#[derive(FromQueryResult)]
struct Seconds {
    seconds: f64,
}

async fn clock(db: &Db) -> Outcome<String> {
    if db.dialect() == Dialect::Sqlite {
        return Ok("the database has this node's clock".to_owned());
    }
    let rows = db
        .sql::<Seconds>("SELECT extract(epoch FROM clock_timestamp())::double precision AS seconds", Vec::new())
        .await?;
    let theirs = rows.first().map_or(0.0, |row| row.seconds);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit")]
    let ours = db.clock().now().timestamp_millis() as f64 / 1_000.0;
    let apart = (ours - theirs).abs();
    #[expect(clippy::cast_precision_loss, reason = "five")]
    if apart > MOST_DRIFT.num_seconds() as f64 {
        let text = format!("this node and the database are {apart:.1} s apart; synchronise both (NTP)");
        return Err(crate::platform::fault::Fault::invalid("", "CLOCK", text));
    }
    Ok(format!("{apart:.3} s from the database's"))
}

#[derive(FromQueryResult)]
struct Waiting {
    waiting: i64,
}

async fn feed(db: &Db) -> Outcome<String> {
    if !schema::status(db).await?.pending.is_empty() {
        return Ok("not there yet".to_owned());
    }
    let rows = db.sql::<Waiting>("SELECT COUNT(*) AS waiting FROM uncounted", Vec::new()).await?;
    let waiting = rows.first().map_or(0, |row| row.waiting);
    Ok(format!("{waiting} transaction(s) wait for their number; a serving node takes them within a second"))
}
