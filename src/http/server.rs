//! The server: routes, layers, and an end that lets running work finish.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{FromRef, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::watch};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate},
    },
};

use super::{
    attachment, calendar,
    connection::{self, Door, address::Proxies, tls::Certificate},
    events::{self, Published},
    graphql, health,
    live::Live,
    metrics, observe, origin,
    page::{self, PageContent},
    token, unsubscribe,
};
use crate::{
    app::App,
    identity::account::follower,
    platform::{
        fault::{Fault, Outcome},
        feed,
    },
};

/// One pointer, since each layer and each handler takes one along with each request.
#[derive(Clone)]
struct Shared(Arc<Parts>);

struct Parts {
    app: Arc<App>,
    page: Arc<PageContent>,
    live: Arc<Live>,
    events: Published,
}

impl FromRef<Shared> for Arc<App> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.0.app)
    }
}

impl FromRef<Shared> for Arc<PageContent> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.0.page)
    }
}

impl FromRef<Shared> for Published {
    fn from_ref(shared: &Shared) -> Self {
        shared.0.events.clone()
    }
}

impl FromRef<Shared> for Arc<Live> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.0.live)
    }
}

/// Everything that the server answers; `live` has the sockets and streams that it opens.
pub fn router(app: Arc<App>, content: PageContent, live: Arc<Live>) -> Router {
    let mut router = Router::new()
        .route("/graphql", get(graphql::handle).post(graphql::handle).fallback(method_not_allowed))
        .route("/token", post(token::handle))
        .route("/attachments/{id}", get(attachment::get).put(attachment::put).fallback(attachment::not_allowed))
        .route("/calendar/{file}", get(calendar::handle))
        .route("/messages/unsubscribe/{token}", get(unsubscribe::ask).post(unsubscribe::end))
        .route("/schema.graphql", get(page::sdl))
        .route("/events", get(events::index))
        .route("/events/{file}", get(events::schema))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/.well-known/jwks.json", get(jwks));
    if app.config.server.query_page {
        router = router.route("/", get(page::page));
    }
    if app.config.metrics.on_server {
        router = router.route("/metrics", get(metrics::text));
    }
    if !app.config.server.origins.is_empty() {
        router = router.layer(origin::cors(&app.config.server.origins));
    }
    let shared = Shared(Arc::new(Parts { app, page: Arc::new(content), live, events: Published::default() }));
    // From the outside in, as one layer: each layer of a router is a box of its own for each request.
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(shared.clone(), observe::layer))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(attachment::is_none)))
        .layer(CatchPanicLayer::new());
    router.layer(layers).with_state(shared)
}

/// Opens the configured port.
///
/// # Errors
/// `UNAVAILABLE` where another process holds it, or the address is not ours.
pub async fn bind(app: &App) -> Outcome<TcpListener> {
    let address = app.config.server.listen;
    TcpListener::bind(address).await.map_err(|cause| {
        Fault::Unavailable(format!(
            "{address} cannot be opened: {cause}. Stop what listens there, or choose another with --listen."
        ))
    })
}

/// Serves until `stop` resolves, then lets running requests finish for a bounded time and brings the feed up to date.
///
/// # Errors
/// `INVALID` for a certificate or a key that cannot be used.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    content: PageContent,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Outcome<()> {
    let section = &app.config.server;
    app.attachments.open()?;
    let certificate = section.tls.as_ref().map(Certificate::open).transpose()?.map(Arc::new);
    let sender = app.sender()?;
    let monitor = metrics::bind(&app).await?;
    let (stopping, mut stopped) = watch::channel(false);
    let sequencer = tokio::spawn(feed::run(app.db.clone(), async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }));
    let (heard, mut unheard) = (app.db.clone(), stopping.subscribe());
    let listener_of_nodes = tokio::spawn(async move {
        heard
            .listen(async move {
                let _ = unheard.wait_for(|stopped| *stopped).await;
            })
            .await;
    });
    let mut unfollowed = stopping.subscribe();
    let follower_of_events = tokio::spawn(Arc::clone(&app).follow_events(async move {
        let _ = unfollowed.wait_for(|stopped| *stopped).await;
    }));
    let mut unindexed = stopping.subscribe();
    let index = tokio::spawn(Arc::clone(&app).follow_search(async move {
        let _ = unindexed.wait_for(|stopped| *stopped).await;
    }));
    let mut unwound = stopping.subscribe();
    let clock = tokio::spawn(Arc::clone(&app).follow_clock(async move {
        let _ = unwound.wait_for(|stopped| *stopped).await;
    }));
    let reminders =
        [stopping.subscribe(), stopping.subscribe(), stopping.subscribe()].map(|mut unwatched| async move {
            let _ = unwatched.wait_for(|stopped| *stopped).await;
        });
    let [offers, dates, searches] = reminders;
    let offers = tokio::spawn(Arc::clone(&app).remind_of_offers(offers));
    let dates = tokio::spawn(Arc::clone(&app).remind_of_dates(dates));
    let searches = tokio::spawn(Arc::clone(&app).watch_searches(searches));
    let mut unswept = stopping.subscribe();
    let sweeper = tokio::spawn(Arc::clone(&app).sweep_attachments(async move {
        let _ = unswept.wait_for(|stopped| *stopped).await;
    }));
    let mut unkept = stopping.subscribe();
    let records = tokio::spawn(Arc::clone(&app).keep_records(async move {
        let _ = unkept.wait_for(|stopped| *stopped).await;
    }));
    let mut unheard = stopping.subscribe();
    let webhooks = tokio::spawn(Arc::clone(&app).follow_webhooks(async move {
        let _ = unheard.wait_for(|stopped| *stopped).await;
    }));
    let mut unsent = stopping.subscribe();
    let sender = tokio::spawn(Arc::clone(&app).send_webhooks(sender, async move {
        let _ = unsent.wait_for(|stopped| *stopped).await;
    }));
    let mut unwritten = stopping.subscribe();
    let messages = tokio::spawn(Arc::clone(&app).send_messages(async move {
        let _ = unwritten.wait_for(|stopped| *stopped).await;
    }));
    let live = Arc::new(Live::new(app.config.graphql.streams.most));
    let mut stopped = stopping.subscribe();
    let revocations = tokio::spawn(follower::run(app.db.clone(), Arc::clone(&app.revocations), async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }));
    let monitor = tokio::spawn(metrics::serve((Arc::clone(&app), Arc::clone(&live)), monitor, stopping.subscribe()));
    let drain = Duration::from_secs(app.config.server.drain_seconds);
    let (finishing, finished) = watch::channel(false);
    let closing = Arc::clone(&live);
    let router = router(Arc::clone(&app), content, Arc::clone(&live));
    let door = Door {
        router,
        limits: section.connections.clone(),
        metrics: Arc::clone(&app.metrics),
        proxies: Arc::new(Proxies::new(section.trusted_proxies.clone(), section.proxy_header)),
        certificate: certificate.clone(),
    };
    tokio::select! {
        () = async {
            connection::serve(listener, door, finished.clone()).await;
            live.ended().await;
        } => {}
        () = async {
            stop.await;
            closing.drain();
            let _ = finishing.send(true);
            tokio::time::sleep(drain).await;
        } => tracing::warn!("requests were still running when the time to finish was over"),
        () = app.api.documents().follow() => {}
        () = async {
            match certificate {
                Some(certificate) => certificate.follow().await,
                None => std::future::pending().await,
            }
        } => {}
    }
    let _ = stopping.send(true);
    for (name, follower) in [
        ("sequencer", sequencer),
        ("listener of other nodes", listener_of_nodes),
        ("follower of revocations", revocations),
        ("follower of events", follower_of_events),
        ("follower of the search index", index),
        ("clock of the desk", clock),
        ("reminder of offers", offers),
        ("reminder of dates", dates),
        ("watcher of searches", searches),
        ("sweeper of files", sweeper),
        ("keeper of records", records),
        ("follower of webhooks", webhooks),
        ("sender of webhooks", sender),
        ("sender of messages", messages),
        ("listener of figures", monitor),
    ] {
        if let Err(cause) = follower.await {
            tracing::error!(error = %cause, "the {name} broke");
        }
    }
    if let Some(traces) = &app.telemetry.traces {
        traces.close().await;
    }
    app.db.close().await;
    Ok(())
}

async fn method_not_allowed() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response()
}

async fn jwks(State(app): State<Arc<App>>) -> Response {
    match &app.embedded {
        Some(issuer) => axum::Json(issuer.jwks()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
