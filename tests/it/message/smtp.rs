//! A mail server of the tests: speaks enough of SMTP (RFC 5321) to take mail over, to refuse it, and to offer no TLS.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A mail that was taken over, or was about to be.
#[derive(Clone, Debug)]
pub struct Mail {
    /// From whom, as the envelope says.
    pub from: String,
    /// To whom, as the envelope says.
    pub to: Vec<String>,
    /// All of its lines.
    pub data: String,
}

/// The mail server.
#[derive(Clone)]
pub struct Post(Arc<Inner>);

struct Inner {
    mails: watch::Sender<Vec<Mail>>,
    /// The command at which the next answers are these.
    answers: Mutex<VecDeque<(&'static str, String)>>,
    /// How often somebody has connected.
    greeted: watch::Sender<u32>,
}

impl Post {
    /// Takes mail at this listener until the test ends.
    pub fn open(listener: std::net::TcpListener) -> Self {
        let post = Self(Arc::new(Inner {
            mails: watch::Sender::new(Vec::new()),
            answers: Mutex::default(),
            greeted: watch::Sender::new(0),
        }));
        let listener = TcpListener::from_std(listener).expect("a listener");
        let serving = post.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.talk(stream).await });
            }
        });
        post
    }

    /// The next time at that command (`RCPT`, `DATA` for the end of a mail), this is the answer.
    pub fn answer_next(&self, command: &'static str, answer: &str) {
        self.0.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back((command, answer.to_owned()));
    }

    /// The mails that have come so far, once there are so many.
    pub async fn wait(&self, count: usize) -> Vec<Mail> {
        let mut mails = self.0.mails.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(20), mails.wait_for(|mails| mails.len() >= count)).await;
        waited.unwrap_or_else(|_| panic!("{count} mails, but came: {:#?}", self.mails())).expect("open").clone()
    }

    /// The mails that have come so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.0.mails.borrow().clone()
    }

    /// Resolves once somebody has connected so often.
    pub async fn greeted(&self, count: u32) {
        let mut greeted = self.0.greeted.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(20), greeted.wait_for(|greeted| *greeted >= count)).await;
        waited.expect("somebody connects").expect("open");
    }

    fn answer(&self, command: &str, usual: &str) -> String {
        let mut answers = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match answers.front() {
            Some((at, _)) if *at == command => answers.pop_front().map_or_else(String::new, |(_, answer)| answer),
            _ => usual.to_owned(),
        }
    }

    async fn talk(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let (mut from, mut to) = (String::new(), Vec::new());
        let mut next = "220 tests ESMTP".to_owned();
        loop {
            if stream.write_all(format!("{next}\r\n").as_bytes()).await.is_err() {
                return;
            }
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let command = line.trim_end().to_owned();
            next = match command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.0.greeted.send_modify(|greeted| *greeted += 1);
                    "250-tests\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned()
                }
                "MAIL" => {
                    (from, to) = (path(&command), Vec::new());
                    self.answer("MAIL", "250 ok")
                }
                "RCPT" => {
                    to.push(path(&command));
                    self.answer("RCPT", "250 ok")
                }
                "DATA" => {
                    if stream.write_all(b"354 go on\r\n").await.is_err() {
                        return;
                    }
                    let Some(data) = read_data(&mut stream).await else { return };
                    let answer = self.answer("DATA", "250 taken over");
                    let mail = Mail { from: from.clone(), to: to.clone(), data };
                    self.0.mails.send_modify(|mails| mails.push(mail));
                    answer
                }
                "RSET" | "NOOP" => "250 ok".to_owned(),
                "QUIT" => {
                    let _ = stream.write_all(b"221 bye\r\n").await;
                    return;
                }
                _ => "502 not known here".to_owned(),
            };
        }
    }
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(path, _)| path.to_owned())
}

impl Mail {
    /// The value of a header, unfolded and with its encoded words read; panics where it is there more than once.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split_once("\r\n\r\n").map_or(self.data.as_str(), |(head, _)| head);
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let of = |line: &str| {
            line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_owned())
        };
        let found: Vec<String> = unfolded.split("\r\n").filter_map(of).collect();
        assert!(found.len() <= 1, "{name} is there {} times", found.len());
        found.into_iter().next().map(|value| words(&value))
    }

    /// The part of that media type, decoded.
    pub fn part(&self, media: &str) -> String {
        let (_, rest) = self.data.split_once("boundary=\"").expect("a multipart mail");
        let (boundary, _) = rest.split_once('"').expect("a boundary");
        let part = self
            .data
            .split(&format!("--{boundary}"))
            .skip(1)
            .find(|part| part.to_ascii_lowercase().contains(&format!("content-type: {media}")))
            .unwrap_or_else(|| panic!("no {media} in {}", self.data));
        let (head, body) = part.trim_start().split_once("\r\n\r\n").expect("a head");
        let head = head.to_ascii_lowercase();
        if head.contains("base64") {
            let text: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
            String::from_utf8(STANDARD.decode(text).expect("base64")).expect("UTF-8")
        } else if head.contains("quoted-printable") {
            quoted(body)
        } else {
            body.to_owned()
        }
    }

    /// The eight digits of a code.
    pub fn code(&self) -> String {
        let text = self.part("text/plain");
        let digits = text.split(|letter: char| !letter.is_ascii_digit()).find(|run| run.len() == 8);
        digits.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }
}

fn quoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, more @ ..] = rest {
        if *first == b'=' && more.len() >= 2 {
            let hex = std::str::from_utf8(&more[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(hex, 16).expect("two digits"));
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A header's value with its encoded words (RFC 2047, base64) read; blanks between two of them belong to neither.
fn words(value: &str) -> String {
    let (mut out, mut rest) = (String::new(), value.to_owned());
    rest = rest.replace("?= =?", "?==?");
    let mut bytes: Vec<u8> = Vec::new();
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        bytes.extend(before.as_bytes());
        let (word, behind) = after.split_once("?=").expect("the end of a word");
        bytes.extend(STANDARD.decode(word).expect("base64"));
        rest = behind.to_owned();
    }
    bytes.extend(rest.as_bytes());
    out.push_str(&String::from_utf8(bytes).expect("UTF-8"));
    out
}

/// A free port whose listener is kept until the server is there.
pub fn listener() -> (std::net::TcpListener, SocketAddr) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("not blocking");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}
