//! What a connection is doing, and so whether it is still worth keeping.
//!
//! A peer may be slow in four ways: it connects and asks nothing, it sends half a request, it asks no second time, or it
//! does not take what it asked for. The first three are told from when it last did something; the last from how long bytes
//! have waited to be written, or, where HTTP/2 holds them back before that, a piece of an answer to be followed by the next.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::{
    Version,
    body::{Frame, SizeHint},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// How long a peer may take for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From connecting, or from the first byte of a later request, to the end of its header.
    pub header: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For taking a piece of an answer.
    pub send: Duration,
}

/// What to do with a connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Look again then.
    Keep(Instant),
    /// Nothing is under way: end it politely.
    Finish(Slowness),
    /// The peer does not take its answer: end it.
    Cut,
}

/// Why a quiet connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slowness {
    /// No whole request header came in time.
    Header,
    /// No further request came.
    Idle,
}

impl Slowness {
    /// As a label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Idle => "idle",
        }
    }
}

/// Shared between a connection, its requests and its answers.
#[derive(Debug)]
pub struct Activity(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Requests whose answers are not finished.
    running: u32,
    /// Since when nothing runs.
    quiet_since: Instant,
    /// When the first byte after the last answer came.
    heard: Option<Instant>,
    /// Nothing was asked yet.
    is_new: bool,
    /// Frames of its own keep an HTTP/2 connection talking; they begin no request.
    is_http2: bool,
    /// Since when bytes wait to be written.
    stuck: Option<Instant>,
    /// Answers of which a piece was handed out, and when.
    handed: BTreeMap<u64, Instant>,
    /// Names the next answer.
    next: u64,
}

impl Activity {
    /// Of a connection that was just opened.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            running: 0,
            quiet_since: Instant::now(),
            heard: None,
            is_new: true,
            is_http2: false,
            stuck: None,
            handed: BTreeMap::new(),
            next: 0,
        })))
    }

    /// A request has come; it runs until the answer is finished or dropped.
    pub fn begin(self: &Arc<Self>, version: Version) -> Running {
        let mut state = self.state();
        state.running += 1;
        state.heard = None;
        state.is_new = false;
        state.is_http2 = version == Version::HTTP_2;
        state.next += 1;
        Running { activity: Arc::clone(self), id: state.next }
    }

    /// Whether to keep the connection.
    pub fn verdict(&self, patience: Patience) -> Verdict {
        let now = Instant::now();
        let state = self.state();
        let waiting = state.handed.values().chain(&state.stuck).min();
        if waiting.is_some_and(|since| *since + patience.send <= now) {
            return Verdict::Cut;
        }
        if state.running > 0 || state.stuck.is_some() {
            return Verdict::Keep(now + patience.send.min(patience.idle));
        }
        let (due, slowness) = match state.heard {
            _ if state.is_new => (state.quiet_since + patience.header, Slowness::Header),
            Some(heard) if !state.is_http2 => (heard + patience.header, Slowness::Header),
            _ => (state.quiet_since + patience.idle, Slowness::Idle),
        };
        if due <= now { Verdict::Finish(slowness) } else { Verdict::Keep(due.min(now + patience.header)) }
    }

    fn heard(&self) {
        let mut state = self.state();
        if state.running == 0 && state.heard.is_none() {
            state.heard = Some(Instant::now());
        }
    }

    /// Takes note of whether bytes wait to be written.
    fn written<T>(&self, polled: Poll<T>) -> Poll<T> {
        let mut state = self.state();
        match polled {
            Poll::Pending => state.stuck = state.stuck.or_else(|| Some(Instant::now())),
            Poll::Ready(_) => state.stuck = None,
        }
        polled
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request under way.
#[derive(Debug)]
pub struct Running {
    activity: Arc<Activity>,
    id: u64,
}

impl Running {
    fn handed(&self) {
        self.activity.state().handed.insert(self.id, Instant::now());
    }

    fn taken(&self) {
        self.activity.state().handed.remove(&self.id);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.handed.remove(&self.id);
        state.running -= 1;
        if state.running == 0 {
            state.quiet_since = Instant::now();
        }
    }
}

/// An answer that tells when its pieces are taken.
#[derive(Debug)]
pub struct Watched {
    body: Body,
    running: Running,
}

impl Watched {
    /// The answer to a request.
    pub fn new(body: Body, running: Running) -> Self {
        Self { body, running }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Who asks for the next piece has sent the last.
        self.running.taken();
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(_))) = polled {
            self.running.handed();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The bytes of a connection, as they come and go.
#[derive(Debug)]
pub struct Observed<Io> {
    io: Io,
    activity: Arc<Activity>,
}

impl<Io> Observed<Io> {
    /// Over a plain or an encrypted stream.
    pub fn new(io: Io, activity: Arc<Activity>) -> Self {
        Self { io, activity }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Observed<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.heard();
        }
        polled
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Observed<Io> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(context, bytes);
        self.activity.written(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(context, bytes);
        self.activity.written(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_flush(context);
        self.activity.written(polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
