//! Connections: how many there may be, how long a peer may be slow, and how they end.
//!
//! Each is a task over hyper's HTTP/1.1 and HTTP/2. [`activity`] decides from what the peer does and does not do whether it
//! is kept; [`address`] tells whom a request is from; [`tls`] encrypts where a certificate is configured.

pub mod activity;
pub mod address;
pub mod tls;

use std::{
    collections::HashMap,
    convert::Infallible,
    future::pending,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tower::ServiceExt;

use self::{
    activity::{Activity, Observed, Patience, Slowness, Verdict, Watched},
    address::Proxies,
    tls::Certificate,
};
use crate::{config::ConnectionLimits, platform::telemetry::metrics::Metrics};

fn patience(limits: &ConnectionLimits) -> Patience {
    Patience {
        header: seconds(limits.header_seconds),
        idle: seconds(limits.idle_seconds),
        send: seconds(limits.send_seconds),
    }
}

fn http(limits: &ConnectionLimits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // The activity of the connection times the header: this would also end quiet connections.
        .header_read_timeout(None)
        .max_buf_size((limits.header_bytes as usize).max(8_192))
        .max_headers(limits.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(limits.header_bytes)
        .max_concurrent_streams(limits.streams)
        .max_pending_accept_reset_streams(limits.resets)
        .max_local_error_reset_streams(limits.resets)
        .keep_alive_interval(seconds(limits.idle_seconds))
        .keep_alive_timeout(seconds(limits.header_seconds));
    builder
}

/// At least one, so that no timer spins.
fn seconds(count: u64) -> Duration {
    Duration::from_secs(count.max(1))
}

/// What connections are served by.
pub struct Door {
    /// What answers.
    pub router: Router,
    /// How many, and how slow.
    pub limits: ConnectionLimits,
    /// Encrypts; plain without.
    pub certificate: Option<Arc<Certificate>>,
    /// Where connections are counted.
    pub metrics: Arc<Metrics>,
    /// Who is believed about whom it speaks for.
    pub proxies: Arc<Proxies>,
}

/// Accepts connections until `stopping`, then waits for those that are open to finish what runs on them. Dropping the
/// future ends all of them.
pub async fn serve(listener: TcpListener, door: Door, mut stopping: watch::Receiver<bool>) {
    let door = Arc::new(door);
    let room = Arc::new(Semaphore::new(door.limits.most.clamp(1, Semaphore::MAX_PERMITS)));
    let crowd = Arc::new(Crowd { most: door.limits.per_address, open: Mutex::default() });
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            Some(_) = open.join_next() => continue,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        let (stream, peer, place) = accepted;
        let address = peer.ip().to_canonical();
        let near = if door.proxies.trusts(address) { None } else { Some(crowd.enter(address)) };
        if matches!(near, Some(None)) {
            tracing::debug!(%peer, "too many connections from one address");
            door.metrics.cut("per_address");
            continue;
        }
        let (door, stopping) = (Arc::clone(&door), stopping.clone());
        open.spawn(async move {
            let _places = (place, near, Counted::new(&door.metrics));
            attend(stream, peer, door, stopping).await;
        });
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    // Nobody closes the semaphore.
    let Ok(place) = Arc::clone(room).acquire_owned().await else { return pending().await };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            // A peer that has gone again is nobody's fault; a lack of file descriptors passes when connections end.
            Err(cause) if gone(&cause) => {}
            Err(cause) => {
                tracing::warn!(error = %cause, "no connection could be accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn gone(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn attend(stream: TcpStream, peer: SocketAddr, door: Arc<Door>, stopping: watch::Receiver<bool>) {
    // Answers are written whole: waiting for more to send with them only delays them.
    let _ = stream.set_nodelay(true);
    let Some(certificate) = &door.certificate else { return talk(stream, peer, door, stopping).await };
    match timeout(seconds(door.limits.header_seconds), certificate.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, peer, door, stopping).await,
        Ok(Err(cause)) => {
            tracing::debug!(%peer, error = %cause, "no TLS connection");
            door.metrics.cut("tls");
        }
        Err(_) => {
            tracing::debug!(%peer, "the TLS handshake took too long");
            door.metrics.cut("handshake");
        }
    }
}

async fn talk<Io>(io: Io, peer: SocketAddr, door: Arc<Door>, mut stopping: watch::Receiver<bool>)
where
    Io: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let patience = patience(&door.limits);
    let builder = http(&door.limits);
    let activity = Activity::new();
    let io = TokioIo::new(Observed::new(io, Arc::clone(&activity)));
    let watching = Arc::clone(&activity);
    let metrics = Arc::clone(&door.metrics);
    let service = service_fn(move |request| answer(request, peer, Arc::clone(&door), Arc::clone(&watching)));
    let mut connection = pin!(builder.serve_connection_with_upgrades(io, service));
    let mut look = Instant::now() + patience.header.min(patience.idle).min(patience.send);
    // Once it was asked to finish: until when it may take what is left.
    let mut end = None;
    loop {
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(cause) = outcome {
                    tracing::debug!(%peer, error = cause, "connection broken");
                }
                return;
            }
            () = sleep_until(end.unwrap_or(look)) => match activity.verdict(patience) {
                Verdict::Cut => {
                    tracing::debug!(%peer, "the peer does not take its answer");
                    return metrics.cut("send");
                }
                Verdict::Keep(at) if end.is_none() => look = at,
                Verdict::Keep(at) => end = Some(at),
                Verdict::Finish(slowness) if end.is_none() => {
                    tracing::debug!(%peer, ?slowness, "quiet connection ended");
                    metrics.cut(slowness.word());
                    // Half a header is not finished politely.
                    if slowness == Slowness::Header {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                    end = Some(Instant::now() + patience.send);
                }
                Verdict::Finish(_) => return,
            },
            _ = stopping.wait_for(|stopping| *stopping), if end.is_none() => {
                connection.as_mut().graceful_shutdown();
                end = Some(Instant::now() + patience.send);
            }
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    door: Arc<Door>,
    activity: Arc<Activity>,
) -> Result<hyper::Response<Watched>, Infallible> {
    let running = activity.begin(request.version());
    let client = door.proxies.client(peer, request.headers());
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(client);
    let answer = door.router.clone().oneshot(request).await?;
    Ok(answer.map(|body| Watched::new(body, running)))
}

/// A connection while it is counted.
struct Counted(Arc<Metrics>);

impl Counted {
    fn new(metrics: &Arc<Metrics>) -> Self {
        metrics.connected();
        Self(Arc::clone(metrics))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.disconnected();
    }
}

/// How many connections are open from each address.
struct Crowd {
    most: u32,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// The place of one connection among those of its address.
struct Near {
    crowd: Arc<Crowd>,
    address: IpAddr,
}

impl Crowd {
    fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Near> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.most.max(1) {
            return None;
        }
        *count += 1;
        Some(Near { crowd: Arc::clone(self), address })
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        let mut open = self.crowd.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}
