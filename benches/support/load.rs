//! A bounded load: so many connections kept open, each sending its next request when the last was answered.
//!
//! The client is as thin as can be (one thread and one blocking socket per connection, a request made of fixed bytes,
//! the answer counted and thrown away), because it shares the machine with what it measures.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// One request as bytes.
#[derive(Clone)]
pub struct Request(Vec<u8>);

/// What a load amounted to.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Answers per second.
    pub per_second: f64,
    /// Half of the answers took at most so long, in milliseconds.
    pub p50: f64,
    /// Of a hundred answers one took longer, in milliseconds.
    pub p99: f64,
}

impl Request {
    /// A POST of JSON under a bearer token.
    pub fn post(path: &str, token: &str, body: &str) -> Self {
        Self(
            format!(
                "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\
                 accept: application/graphql-response+json\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        )
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n").into_bytes())
    }

    /// Sends it once, on a connection of its own, and returns the body.
    ///
    /// # Panics
    /// Where the answer is not 200.
    pub fn once(&self, address: SocketAddr) -> Vec<u8> {
        let mut body = Vec::new();
        Connection::open(address).ask(self, &mut body);
        body
    }
}

/// Keeps `connections` busy for `span`, after an unmeasured fifth of it.
///
/// # Panics
/// Where an answer is not 200.
pub fn run(address: SocketAddr, request: &Request, connections: usize, span: Duration) -> Rate {
    let begin = Instant::now() + span / 5;
    let end = begin + span;
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let request = request.clone();
            thread::spawn(move || {
                let (mut connection, mut body) = (Connection::open(address), Vec::new());
                let mut took = Vec::new();
                loop {
                    let sent = Instant::now();
                    if sent >= end {
                        return took;
                    }
                    connection.ask(&request, &mut body);
                    if sent >= begin {
                        took.push(sent.elapsed());
                    }
                }
            })
        })
        .collect();
    let mut took: Vec<Duration> =
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends well")).collect();
    took.sort_unstable();
    let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    Rate { per_second: took.len() as f64 / span.as_secs_f64(), p50: at(50), p99: at(99) }
}

/// One client with one connection.
pub struct Client(Connection);

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Self {
        Self(Connection::open(address))
    }

    /// How long each of several requests takes, one after another.
    ///
    /// # Panics
    /// Where an answer is not 200.
    pub fn each(&mut self, requests: &[Request]) -> Vec<Duration> {
        let mut body = Vec::new();
        let mut ask = |request| {
            let sent = Instant::now();
            self.0.ask(request, &mut body);
            sent.elapsed()
        };
        requests.iter().map(&mut ask).collect()
    }
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("a socket of this machine");
        Self(BufReader::with_capacity(64 * 1024, stream))
    }

    fn ask(&mut self, request: &Request, body: &mut Vec<u8>) {
        self.0.get_mut().write_all(&request.0).expect("the request is sent");
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a status line");
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        let mut length = None;
        loop {
            line.clear();
            self.0.read_line(&mut line).expect("a header");
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok();
            }
        }
        body.resize(length.expect("a content-length"), 0);
        self.0.read_exact(body).expect("the whole body");
    }
}
