//! `labpact serve`.

use std::{net::SocketAddr, sync::Arc};

use clap::Args;

use super::{Instance, telemetry};
use crate::{
    app::App,
    http::{page::PageContent, server},
    platform::{clock::Clock, fault::Outcome},
};

/// Serve the API.
///
/// Any number of nodes may serve one PostgreSQL; SQLite is for one.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  labpact serve --config /etc/labpact.toml\n  labpact serve --data var/demo --listen 127.0.0.1:9090"
)]
pub struct Serve {
    #[command(flatten)]
    instance: Instance,
    /// Address and port, instead of the configured ones.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self) -> Outcome<()> {
        let mut config = self.instance.load()?;
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        telemetry::begin(&config.log)?;
        let app = App::open(config, Clock::system()).await?;
        let listener = server::bind(&app).await?;
        tracing::info!(address = %app.config.server.listen, "serving");
        server::serve(Arc::clone(&app), listener, PageContent::default(), asked_to_stop()).await
    }
}

/// Resolves on Ctrl+C and on SIGTERM.
pub(super) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
    tracing::info!("stopping: running requests are finished first");
}
