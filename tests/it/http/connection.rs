//! Connections: slow peers are cut off, numbers are bounded, both versions of HTTP are spoken.

use std::time::Duration;

use labpact::config::{Config, ConnectionLimits};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{base::Backend, world::World};

const PATIENCE: Duration = Duration::from_secs(20);
const ALIVE: &str = "GET /livez HTTP/1.1\r\nhost: labpact\r\n\r\n";

fn with(change: impl FnOnce(&mut ConnectionLimits), test: impl AsyncFnOnce(&World)) {
    let change = |config: &mut Config| change(&mut config.server.connections);
    World::run_with(Backend::Sqlite, change, test);
}

/// A bare connection.
struct Line(TcpStream);

impl Line {
    async fn open(w: &World) -> Self {
        Self(TcpStream::connect(w.address).await.expect("connected"))
    }

    async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.expect("sent");
    }

    /// All that comes until the server ends the connection.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        // A reset is an end too.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await.expect("the connection ends");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What comes until this text has come.
    async fn until(&mut self, end: &str) -> String {
        let mut text = String::new();
        let mut buffer = [0; 4_096];
        while !text.contains(end) {
            let count = timeout(PATIENCE, self.0.read(&mut buffer)).await.expect("in time").expect("read");
            assert!(count > 0, "the connection ended after {text:?}");
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        text
    }
}

#[test]
fn who_says_nothing_is_cut_off() {
    with(
        |limits| limits.header_seconds = 1,
        async |w| {
            assert_eq!(Line::open(w).await.rest().await, "");
            let figures = w.http().get(w.monitor("/metrics").await).send().await.expect("an answer");
            let figures = figures.text().await.expect("text");
            assert!(figures.contains("labpact_connection_cuts_total{reason=\"header\"} 1"), "{figures}");
            assert!(figures.contains("labpact_connections_open 1"), "the one that has asked: {figures}");
        },
    );
}

#[test]
fn half_a_header_is_cut_off() {
    with(
        |limits| limits.header_seconds = 1,
        async |w| {
            let mut line = Line::open(w).await;
            line.say("POST /graphql HTTP/1.1\r\nhost: labpact\r\nx-slow: ").await;
            assert_eq!(line.rest().await, "");
            let mut line = Line::open(w).await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
            line.say("GET /livez HTTP/1.1\r\nhost:").await;
            assert_eq!(line.rest().await, "", "a later request as well");
        },
    );
}

#[test]
fn a_quiet_connection_is_ended() {
    with(
        |limits| (limits.idle_seconds, limits.header_seconds) = (1, 60),
        async |w| {
            let mut line = Line::open(w).await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
            assert_eq!(line.rest().await, "");
        },
    );
}

#[test]
fn a_slow_body_is_answered_408() {
    with(
        |limits| limits.body_seconds = 1,
        async |w| {
            let mut line = Line::open(w).await;
            line.say("POST /graphql HTTP/1.1\r\nhost: labpact\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{")
                .await;
            let answer = line.until("BODY_TOO_SLOW").await;
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        },
    );
}

#[test]
fn a_body_that_breaks_off_harms_nobody() {
    with(
        |_| {},
        async |w| {
            for head in ["content-length: 50", "transfer-encoding: chunked"] {
                let mut line = Line::open(w).await;
                line.say(&format!("POST /graphql HTTP/1.1\r\nhost: labpact\r\ncontent-type: application/json\r\n{head}\r\n\r\n5\r\n{{\"q"))
                    .await;
                line.0.shutdown().await.expect("half closed");
                let answer = line.rest().await;
                assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
            }
            let mut line = Line::open(w).await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
        },
    );
}

#[test]
fn who_does_not_take_the_answers_is_cut_off() {
    with(
        |limits| (limits.send_seconds, limits.per_address) = (1, 1),
        async |w| {
            let mut greedy = Line::open(w).await;
            // Far more than what the sockets hold between the two.
            const ASKED: usize = 500;
            let token = w.token("GD", "officer", |_| {});
            let ask = format!("GET /schema.graphql HTTP/1.1\r\nhost: labpact\r\nauthorization: Bearer {token}\r\n\r\n");
            greedy.say(&ask.repeat(ASKED)).await;
            // The next from this address is let in as soon as the first is gone.
            timeout(PATIENCE, async {
                loop {
                    let mut line = Line::open(w).await;
                    let mut buffer = [0; 64];
                    if line.0.write_all(ALIVE.as_bytes()).await.is_ok()
                        && matches!(line.0.read(&mut buffer).await, Ok(1..))
                    {
                        break;
                    }
                }
            })
            .await
            .expect("the first is cut off");
            let taken = greedy.rest().await.matches("HTTP/1.1 200 OK").count();
            assert!(taken < ASKED, "{taken} answers were kept for it");
        },
    );
}

#[test]
fn one_connection_too_many_waits() {
    with(
        |limits| limits.most = 1,
        async |w| {
            let mut first = Line::open(w).await;
            first.say(ALIVE).await;
            first.until("ok\n").await;
            let mut second = Line::open(w).await;
            second.say(ALIVE).await;
            let early = timeout(Duration::from_millis(200), second.until("ok\n")).await;
            assert!(early.is_err(), "there is no room");
            drop(first);
            assert!(second.until("ok\n").await.starts_with("HTTP/1.1 200 OK"));
        },
    );
}

#[test]
fn one_address_does_not_take_all_places() {
    with(
        |limits| limits.per_address = 2,
        async |w| {
            let mut lines = [Line::open(w).await, Line::open(w).await];
            for line in &mut lines {
                line.say(ALIVE).await;
                line.until("ok\n").await;
            }
            assert_eq!(Line::open(w).await.rest().await, "");
            drop(lines);
        },
    );
    World::run_with(
        Backend::Sqlite,
        |config| {
            config.server.connections.per_address = 1;
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        },
        async |w| {
            let mut lines = [Line::open(w).await, Line::open(w).await, Line::open(w).await];
            for line in &mut lines {
                line.say(ALIVE).await;
                line.until("ok\n").await;
            }
        },
    );
}

#[test]
fn a_header_that_is_too_large_is_answered_431() {
    with(
        |limits| (limits.header_bytes, limits.headers) = (8_192, 20),
        async |w| {
            let long = format!("GET /livez HTTP/1.1\r\nhost: labpact\r\nx-long: {}\r\n\r\n", "x".repeat(20_000));
            let many = format!("GET /livez HTTP/1.1\r\nhost: labpact\r\n{}\r\n", "x-a: 1\r\n".repeat(30));
            for text in [long, many] {
                let mut line = Line::open(w).await;
                let _ = line.0.write_all(text.as_bytes()).await;
                assert!(line.rest().await.starts_with("HTTP/1.1 431 "));
            }
        },
    );
}

#[test]
fn what_is_no_http_is_answered_400() {
    with(
        |_| {},
        async |w| {
            for text in
                ["\x16\x03\x01\x02\x00\x01", "GET /livez HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET livez\r\n\r\n"]
            {
                let mut line = Line::open(w).await;
                line.say(text).await;
                line.0.shutdown().await.expect("half closed");
                let answer = line.rest().await;
                assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{text:?}: {answer}");
            }
        },
    );
}

#[test]
fn http_2_is_spoken_and_bounded() {
    with(
        |limits| limits.header_bytes = 8_192,
        async |w| {
            let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().expect("a client");
            let ask = |long: usize| client.get(w.url("/livez")).header("x-long", "x".repeat(long)).send();
            let answer = ask(10).await.expect("an answer");
            assert_eq!((answer.version(), answer.status().as_u16()), (reqwest::Version::HTTP_2, 200));
            let status = ask(12_000).await.map(|answer| answer.status().as_u16());
            assert!(status.is_err() || status.is_ok_and(|status| status == 431));
            let token = w.token("GD", "officer", |_| {});
            let answer = client.post(w.url("/graphql")).bearer_auth(token).json(&json!({ "query": "{ __typename }" }));
            assert_eq!(answer.send().await.expect("an answer").status(), 200);
        },
    );
}

/// A flood of requests that are taken back at once (CVE-2023-44487).
#[test]
fn a_flood_of_resets_ends_the_connection() {
    with(
        |limits| limits.resets = 20,
        async |w| {
            let stream = TcpStream::connect(w.address).await.expect("connected");
            let (mut sender, connection) = h2::client::handshake(stream).await.expect("spoken");
            let flood = async {
                for _ in 0..10_000 {
                    let request = hyper::Request::post(w.url("/graphql")).body(()).expect("a request");
                    sender = sender.ready().await?;
                    let (_, mut body) = sender.send_request(request, false)?;
                    // Otherwise the request would be taken back before it is sent.
                    tokio::task::yield_now().await;
                    body.send_reset(h2::Reason::CANCEL);
                }
                Ok::<_, h2::Error>(())
            };
            let (outcome, ended) = timeout(PATIENCE, async { tokio::join!(flood, connection) }).await.expect("in time");
            let ended = outcome.err().or(ended.err()).expect("the server ends it");
            assert!(ended.reason().is_none_or(|reason| reason == h2::Reason::ENHANCE_YOUR_CALM), "{ended:?}");
            let mut line = Line::open(w).await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
        },
    );
}

#[test]
fn what_runs_is_finished_when_the_server_stops() {
    with(
        |_| {},
        async |w| {
            let body = json!({ "query": "{ __typename }" }).to_string();
            let token = w.token("GD", "officer", |_| {});
            let mut line = Line::open(w).await;
            line.say(ALIVE).await;
            line.until("ok\n").await;
            let (first, second) = body.split_at(5);
            line.say(&format!(
                "POST /graphql HTTP/1.1\r\nhost: labpact\r\nauthorization: Bearer {token}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
                body.len()
            ))
            .await;
            let mut quiet = Line::open(w).await;
            quiet.say(ALIVE).await;
            quiet.until("ok\n").await;
            w.stop();
            assert_eq!(quiet.rest().await, "", "nothing runs there");
            line.say(second).await;
            let answer = line.rest().await;
            assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"__typename\":\"Query\""), "{answer}");
            assert!(TcpStream::connect(w.address).await.is_err(), "nobody is let in any more");
        },
    );
}
