//! The configuration: one TOML file, `reference.toml` is its commented reference; environment variables
//! `LABPACT__SECTION__KEY` override it. Unknown keys are refused.

mod attachments;
mod audit;
mod connections;
mod desk;
mod graphql;
mod log;
mod message;
mod metrics;
mod notify;
mod search;
mod server;
mod tls;
mod watch;
mod webhooks;

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;

pub use attachments::{AttachmentConfig, S3Config};
pub use audit::{AuditConfig, RetentionConfig};
pub use connections::ConnectionLimits;
pub use desk::DeskConfig;
pub use graphql::GraphqlConfig;
pub use log::{LogConfig, LogFormat};
pub use message::{MailConfig, MessageConfig};
pub use metrics::MetricsConfig;
pub use notify::NotifyConfig;
pub use search::SearchConfig;
pub use server::{ProxyHeader, ServerConfig};
pub use tls::TlsConfig;
pub use watch::WatchConfig;
pub use webhooks::WebhookConfig;

use crate::{
    identity::config::{EmbeddedConfig, IdentityConfig},
    platform::{
        db::DatabaseConfig,
        fault::{Fault, Outcome, Problem},
        telemetry::traces::TelemetryConfig,
    },
};

/// The commented reference of every key with its default.
pub const REFERENCE: &str = include_str!("reference.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where and how it listens.
    pub server: ServerConfig,
    /// Where it keeps its rows.
    pub database: DatabaseConfig,
    /// Whom it trusts.
    pub identity: IdentityConfig,
    /// How much an operation may ask for.
    pub graphql: GraphqlConfig,
    /// How events are followed.
    pub notify: NotifyConfig,
    /// How webhooks are sent.
    pub webhooks: WebhookConfig,
    /// Where and how the search index is kept.
    pub search: SearchConfig,
    /// How the request desk keeps its clock.
    pub desk: DeskConfig,
    /// What is told although nobody did anything.
    pub watch: WatchConfig,
    /// Where and how files are kept.
    pub attachments: AttachmentConfig,
    /// How the chain of entries is attested.
    pub audit: AuditConfig,
    /// How long is kept what may be let go.
    pub retention: RetentionConfig,
    /// How messages to people are made and kept.
    pub message: MessageConfig,
    /// How mail is sent.
    pub mail: MailConfig,
    /// What it writes to its log.
    pub log: LogConfig,
    /// Where it tells its figures.
    pub metrics: MetricsConfig,
    /// Where it sends its traces.
    pub telemetry: TelemetryConfig,
}

/// Where a command finds its instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A configuration file.
    File(PathBuf),
    /// An embedded instance in a folder: SQLite, its own keys, everything else by default.
    Data(PathBuf),
}

impl Config {
    /// Reads a file, or makes the configuration of an embedded instance; then the environment.
    ///
    /// # Errors
    /// `INVALID` naming the file, the key and what is expected.
    pub fn load(source: &Source) -> Outcome<Self> {
        let figment = match source {
            Source::File(path) => {
                std::fs::metadata(path).map_err(|cause| {
                    Fault::invalid(
                        "",
                        "CONFIG_FILE",
                        format!("The configuration {} cannot be read: {cause}.", path.display()),
                    )
                })?;
                Figment::new().merge(Toml::file_exact(path))
            }
            Source::Data(_) => Figment::new(),
        };
        let mut config: Self = figment.merge(Env::prefixed("LABPACT__").split("__")).extract().map_err(explained)?;
        if let Source::Data(folder) = source {
            config.embed(folder);
        }
        Ok(config)
    }

    fn embed(&mut self, folder: &Path) {
        self.database.url = format!("sqlite://{}", folder.join("labpact.db").display());
        self.identity.embedded = Some(EmbeddedConfig {
            url: "http://127.0.0.1/labpact".to_owned(),
            audience: "labpact".to_owned(),
            agencies: ["GD", "SD", "FJ", "GX", "HI"].map(str::to_owned).to_vec(),
            keys: folder.join("keys"),
            overlap_seconds: 86_400,
        });
    }
}

fn explained(error: figment::Error) -> Fault {
    let problems = error
        .into_iter()
        .map(|each| {
            let source = each.metadata.as_ref().and_then(|metadata| metadata.source.as_ref().map(ToString::to_string));
            let place = source.map(|source| format!(" ({source})")).unwrap_or_default();
            Problem::new(
                each.path.join("."),
                "CONFIG",
                format!("{}{place}; `labpact serve --help` names the reference.", each.kind),
            )
        })
        .collect();
    Fault::Invalid(problems)
}
