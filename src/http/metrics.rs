//! The operator's listener: `/metrics`, `/livez` and `/readyz` at an address of their own, so that the public one never
//! tells how much the partners use. It stays open while the node drains, and ends with it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{FromRef, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use super::{health, live::Live};
use crate::{
    app::App,
    platform::{
        fault::{Fault, Outcome},
        lag::Lag,
        telemetry::{metrics::MEDIA_TYPE, reading::Reading},
    },
};

/// How long the database may take to be called up.
pub const DATABASE_PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer may take altogether.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Shared {
    app: Arc<App>,
    live: Arc<Live>,
}

impl FromRef<Shared> for Arc<App> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.app)
    }
}

impl FromRef<Shared> for Arc<Live> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.live)
    }
}

/// Opens the configured address, where there is one, and notes it in [`App::monitor`].
///
/// # Errors
/// `UNAVAILABLE` where another process holds it, or the address is not ours.
pub async fn bind(app: &App) -> Outcome<Option<TcpListener>> {
    let Some(address) = app.config.metrics.listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(|cause| {
        Fault::Unavailable(format!(
            "{address} cannot be opened for figures: {cause}. Stop what listens there, or change metrics.listen."
        ))
    })?;
    let address = listener.local_addr().map_err(Fault::internal)?;
    // Only the first server of an instance is noted.
    let _ = app.monitor.set(address);
    tracing::info!(%address, "serving figures");
    Ok(Some(listener))
}

/// Serves until it is told to stop; does nothing without a listener.
pub async fn serve((app, live): (Arc<App>, Arc<Live>), listener: Option<TcpListener>, mut stop: watch::Receiver<bool>) {
    let Some(listener) = listener else { return };
    let serving = async { axum::serve(listener, router(app, live)).await };
    tokio::select! {
        outcome = serving => if let Err(cause) = outcome {
            tracing::error!(error = %cause, "figures are no longer served");
        },
        // Whoever asks at the very end asks in vain.
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
}

/// What the listener answers.
pub fn router(app: Arc<App>, live: Arc<Live>) -> Router {
    Router::new()
        .route("/metrics", get(text))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, PATIENCE))
        .layer(CatchPanicLayer::new())
        .with_state(Shared { app, live })
}

/// All figures. A database that does not answer is told, and nothing else is missing.
pub async fn text(State(app): State<Arc<App>>, State(live): State<Arc<Live>>) -> Response {
    let lag = match timeout(DATABASE_PATIENCE, Lag::read(&app.db)).await {
        Ok(Ok(lag)) => Some(lag),
        Ok(Err(_)) | Err(_) => None,
    };
    let reading = Reading {
        streams: live.open() as u64,
        read: app.events.read_up_to(),
        indexed: app.finder.shown().standing().seq,
        ..Reading::of(&app.db, lag)
    };
    match app.metrics.text(&reading) {
        Ok(text) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(cause) => {
            tracing::error!(error = %cause, "the figures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
