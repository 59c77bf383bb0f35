//! The state of one socket, without input and output: what each message leads to.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::{close::Close, message::Heard};

/// Where a socket stands, and which ids are in use.
#[derive(Debug)]
pub struct Protocol {
    phase: Phase,
    active: HashSet<String>,
    most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Opened,
    Asked,
    Acknowledged,
}

/// What is to be done about a message.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Find out who is calling, then acknowledge.
    Authenticate(Option<Map<String, Json>>),
    /// Answer a ping.
    Answer(Option<Map<String, Json>>),
    /// Start an operation.
    Start {
        /// Its id, in use from now on.
        id: String,
        /// What to execute.
        body: Map<String, Json>,
    },
    /// Too many operations run: refuse this one, and go on.
    Refuse {
        /// Its id, not in use.
        id: String,
    },
    /// Cancel an operation; its id is free.
    Cancel {
        /// Which one.
        id: String,
    },
    /// Nothing.
    Rest,
}

impl Protocol {
    /// A fresh socket that may run so many operations at once.
    pub fn new(most: usize) -> Self {
        Self { phase: Phase::Opened, active: HashSet::new(), most }
    }

    /// What to do about a message.
    ///
    /// # Errors
    /// The code with which the socket must end.
    pub fn receive(&mut self, text: &str) -> Result<Step, Close> {
        match Heard::parse(text)? {
            Heard::Init(_) if self.phase != Phase::Opened => Err(Close::second_init()),
            Heard::Init(payload) => {
                self.phase = Phase::Asked;
                Ok(Step::Authenticate(payload))
            }
            Heard::Ping(payload) => Ok(Step::Answer(payload)),
            Heard::Pong => Ok(Step::Rest),
            Heard::Subscribe { .. } if self.phase != Phase::Acknowledged => Err(Close::unauthorized()),
            Heard::Subscribe { id, .. } if self.active.contains(&id) => Err(Close::duplicate(&id)),
            Heard::Subscribe { id, .. } if self.active.len() >= self.most => Ok(Step::Refuse { id }),
            Heard::Subscribe { id, body } => {
                self.active.insert(id.clone());
                Ok(Step::Start { id, body })
            }
            // An id that is not in use may have been completed by us a moment ago.
            Heard::Complete { id } if self.active.remove(&id) => Ok(Step::Cancel { id }),
            Heard::Complete { .. } => Ok(Step::Rest),
        }
    }

    /// The connection has been acknowledged.
    pub fn acknowledge(&mut self) {
        self.phase = Phase::Acknowledged;
    }

    /// Whether the connection has been acknowledged.
    pub fn is_acknowledged(&self) -> bool {
        self.phase == Phase::Acknowledged
    }

    /// Whether `connection_init` has come.
    pub fn is_asked(&self) -> bool {
        self.phase != Phase::Opened
    }

    /// An operation has ended by itself; its id is free.
    pub fn finish(&mut self, id: &str) {
        self.active.remove(id);
    }
}
