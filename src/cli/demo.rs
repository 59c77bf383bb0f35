//! `labpact demo`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{say, serve::asked_to_stop, telemetry};
use crate::{
    app::App,
    config::{Config, Source},
    demo::{Plan, Progress, Samples, Size, fill, samples},
    graphql::introspection::Introspection,
    http::{
        page::{PageContent, ReadyToken, Sample},
        server,
    },
    identity::{embedded::Grant, roles::Roles},
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
    },
};

/// Make an embedded instance with demonstration data, and serve it.
///
/// The data is kept and used again at the next start.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  labpact demo\n  labpact demo --data /tmp/big --labs 12000 --scope-lines 10000000")]
pub struct Demo {
    /// Folder of the instance.
    #[arg(long, value_name = "DIR", default_value = "var/demo")]
    data: PathBuf,
    /// Start over: remove what is there.
    #[arg(long)]
    reset: bool,
    /// Address and port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many labs.
    #[arg(long, default_value_t = Size::default().labs)]
    labs: u32,
    /// How many scope lines.
    #[arg(long, default_value_t = Size::default().scope_lines)]
    scope_lines: u64,
    /// The same seed makes the same data.
    #[arg(long, default_value_t = Size::default().seed)]
    seed: u64,
}

/// One of each role, of different agencies.
const TOKENS: [(&str, &str); 7] = [
    ("officer", "GD"),
    ("approver", "GD"),
    ("lab-manager", "SD"),
    ("editor", "GD"),
    ("coordinator", "HI"),
    ("auditor", "FJ"),
    ("client", "GX"),
];

/// How long the printed tokens live.
const LIFE: TimeDelta = TimeDelta::days(1);

impl Demo {
    pub(super) async fn run(self) -> Outcome<()> {
        if self.reset {
            self.remove()?;
        }
        let mut config = Config::load(&Source::Data(self.data.clone()))?;
        config.server.listen = self.listen;
        config.server.query_page = true;
        config.database.durable = false;
        config.metrics.on_server = true;
        // The page links to the schema, and a browser sends no token with a link.
        config.graphql.introspection = Introspection::Everyone;
        config.log.filter = std::env::var("LABPACT__LOG__FILTER").unwrap_or_else(|_| "warn".to_owned());
        telemetry::begin(&config.log)?;
        let app = App::open(config, Clock::system()).await?;
        let listener = server::bind(&app).await?;
        let size = Size { labs: self.labs, scope_lines: self.scope_lines, seed: self.seed };
        let today = app.db.clock().today();
        self.fill(&app, size).await?;
        let content = PageContent { samples: queries(&samples(&Plan::new(size, today)?)), tokens: tokens(&app)? };
        self.tell(&content)?;
        server::serve(Arc::clone(&app), listener, content, asked_to_stop()).await
    }

    /// Removes the files of an instance, and nothing that is not one's.
    fn remove(&self) -> Outcome<()> {
        for name in ["labpact.db", "labpact.db-wal", "labpact.db-shm"] {
            let file = self.data.join(name);
            match std::fs::remove_file(&file) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::Unavailable(format!("{} cannot be removed: {cause}.", file.display())));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn fill(&self, app: &App, size: Size) -> Outcome<()> {
        let bar = ProgressBar::new(size.scope_lines);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} scope lines {eta}") {
            bar.set_style(style);
        }
        bar.set_message("demonstration data");
        let mut told = |progress: Progress| bar.set_position(progress.scope_lines);
        let filled = fill(&app.db, size, app.db.clock().today(), &mut told).await;
        bar.finish_and_clear();
        let filled = filled?;
        if filled.already {
            say(format!(
                "{} holds demonstration data already; it is used as it is (--reset starts over).",
                self.data.display()
            ))
        } else {
            say(format!("Demonstration data (演示数据): {} rows in {}.", filled.rows, self.data.display()))
        }
    }

    fn tell(&self, content: &PageContent) -> Outcome<()> {
        say(format!("\nQuery page: http://{}/\n\nThree queries worth trying:", self.listen))?;
        for sample in &content.samples {
            say(format!("\n# {}\n{}", sample.name, sample.query))?;
        }
        say("\nA token for each role (Authorization: Bearer …), good for a day:\n")?;
        for token in &content.tokens {
            say(format!("{:<12} {}  {}", token.role, token.agency, token.token))?;
        }
        say("\nStop with Ctrl+C.")
    }
}

fn tokens(app: &App) -> Outcome<Vec<ReadyToken>> {
    let Some(issuer) = &app.embedded else { return Ok(Vec::new()) };
    let sign = |(role, agency): (&str, &str)| {
        let grant = Grant {
            agency: agency.into(),
            roles: vec![role.to_owned()],
            scopes: Vec::new(),
            subject: format!("{role}@{}", agency.to_lowercase()),
            client: "labpact-demo".to_owned(),
            labs: None,
            institutions: None,
            life: LIFE,
        };
        let token = issuer.sign(&grant, &Roles::default())?;
        Ok(ReadyToken { role: role.to_owned(), agency: agency.to_owned(), token })
    };
    TOKENS.into_iter().map(sign).collect()
}

fn queries(known: &Samples) -> Vec<Sample> {
    let standard = known.standard.as_deref().unwrap_or("GB 5009.12");
    let lab = known.lab.map(|id| id.to_string()).unwrap_or_default();
    let certificate = known.certificate.map(|id| id.to_string()).unwrap_or_default();
    vec![
        Sample {
            name: "Who can test by this standard, and when would the report be there?",
            query: format!(
                "{{\n  scopeSearch(text: \"{standard}\", first: 5) {{\n    totalCount facets {{ agency {{ code count }} }}\n    \
                 nodes {{\n      grade superseded offered {{ turnaroundDays readyOn }}\n      \
                 scope {{ object parameter method limits lab {{ nameZh region {{ name }} agency {{ code }} }} }}\n    }}\n  }}\n}}"
            ),
            role: "officer",
        },
        Sample {
            name: "One lab with its certificates, lines and instruments",
            query: format!(
                "{{\n  node(id: \"{lab}\") {{\n    ... on Lab {{\n      code nameZh address contact {{ phone }}\n      \
                 certificates {{ nodes {{ scheme number validTo standing }} }}\n      \
                 scopes(first: 5) {{ totalCount nodes {{ serial object parameter method standard {{ number status }} }} }}\n      \
                 equipment(first: 5) {{ nodes {{ assetCode nameZh calibrationStanding {{ state until since }} }} }}\n    }}\n  }}\n}}"
            ),
            role: "lab-manager",
        },
        Sample {
            name: "The past of a certificate, revision by revision",
            query: format!(
                "{{\n  node(id: \"{certificate}\") {{\n    ... on Certificate {{\n      number standing statusReason institution {{ nameZh }}\n      \
                 history {{ version status effectiveFrom effectiveTo }}\n    }}\n  }}\n}}"
            ),
            role: "auditor",
        },
    ]
}
