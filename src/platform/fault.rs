//! The one closed set of ways in which a call can fail.
//!
//! A capability adds rule codes, never an error type. `graphql/error.rs` and the command line are the
//! only translators; what is inside [`Fault::Internal`] reaches the log and nobody else.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use serde::Serialize;
use serde_json::Value;

/// The answer of every fallible call in the house.
pub type Outcome<T> = Result<T, Fault>;

/// One thing that is wrong with what the caller sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: the input field, dotted (`input.uscc`), or empty for the whole.
    pub path: String,
    /// What, for machines, such as `USCC_CHECK_DIGIT`.
    pub code: &'static str,
    /// What, for people: one sentence with the next step.
    pub message: String,
}

impl Problem {
    /// A problem at `path`.
    pub fn new(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.into(), code, message: message.into() }
    }
}

/// Why a call was not carried out. Nothing was written when a caller receives one.
#[derive(Clone, Debug)]
pub enum Fault {
    /// No valid proof of who is calling. The reason is for the log, never for the caller.
    Unauthenticated(String),
    /// The caller may see the thing but may not do this with it.
    Forbidden {
        /// Name of the refused action, such as `lab.edit`.
        action: &'static str,
        /// One sentence for the caller.
        message: String,
    },
    /// There is no such thing, or it is not the caller's to see: the two are not told apart.
    NotFound {
        /// The kind, such as `lab`.
        what: &'static str,
        /// The id or natural key as it was asked for.
        key: String,
    },
    /// The input breaks rules of form; every problem is listed.
    Invalid(Vec<Problem>),
    /// The input is well formed but a rule of the domain forbids the act.
    Rule {
        /// Code of the rule, such as `CERTIFICATE_WITHDRAWN`.
        code: &'static str,
        /// One sentence for the caller.
        message: String,
        /// What the caller needs to act on it.
        facts: Value,
    },
    /// The stored state is not what the caller assumed: a stale version, a taken key, a reused idempotency key.
    Conflict {
        /// Code of the clash, such as `STALE_VERSION`.
        code: &'static str,
        /// One sentence for the caller.
        message: String,
        /// What the caller needs to act on it.
        facts: Value,
    },
    /// Too much was asked for; try again after the span.
    Limited {
        /// How long to wait.
        retry_after: Duration,
        /// One sentence for the caller.
        message: String,
    },
    /// Something that this needs is not there at the moment (the database, an issuer's keys).
    Unavailable(String),
    /// A defect or a broken dependency. The chain goes to the log; the caller gets a request id.
    Internal(Arc<dyn Error + Send + Sync>),
}

impl Fault {
    /// The stable code that clients switch on (`extensions.code`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden { .. } => "FORBIDDEN",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Invalid(_) => "INVALID",
            Self::Rule { code, .. } | Self::Conflict { code, .. } => code,
            Self::Limited { .. } => "LIMITED",
            Self::Unavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// As [`Fault::code`], but for input the code of the first problem, such as `COST`: one of a closed set of ours.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(problems) => problems.first().map_or("INVALID", |problem| problem.code),
            _ => self.code(),
        }
    }

    /// One problem at one place.
    pub fn invalid(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(path, code, message)])
    }

    /// Problems of a part, told under the path of the whole; any other fault as it is.
    #[must_use]
    pub fn under(self, path: &str) -> Self {
        self.told_at(|at| format!("{path}.{at}"))
    }

    /// Problems told where they were given; any other fault as it is.
    #[must_use]
    pub fn told_at(self, path: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Invalid(problems) => {
                let told = |problem: Problem| Problem { path: path(&problem.path), ..problem };
                Self::Invalid(problems.into_iter().map(told).collect())
            }
            other => other,
        }
    }

    /// A thing that is not there for this caller.
    pub fn not_found(what: &'static str, key: impl fmt::Display) -> Self {
        Self::NotFound { what, key: key.to_string() }
    }

    /// A broken rule of the domain.
    pub fn rule(code: &'static str, message: impl Into<String>, facts: Value) -> Self {
        Self::Rule { code, message: message.into(), facts }
    }

    /// A clash with the stored state.
    pub fn conflict(code: &'static str, message: impl Into<String>, facts: Value) -> Self {
        Self::Conflict { code, message: message.into(), facts }
    }

    /// A defect or a broken dependency.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated(_) => f.write_str("A valid access token is needed."),
            Self::Forbidden { message, .. }
            | Self::Rule { message, .. }
            | Self::Conflict { message, .. }
            | Self::Limited { message, .. }
            | Self::Unavailable(message) => f.write_str(message),
            Self::NotFound { what, key } => write!(f, "There is no {what} {key} that you can see."),
            Self::Invalid(problems) => {
                for (at, problem) in problems.iter().enumerate() {
                    let gap = if at == 0 { "" } else { " " };
                    if problem.path.is_empty() {
                        write!(f, "{gap}{}", problem.message)?;
                    } else {
                        write!(f, "{gap}{}: {}", problem.path, problem.message)?;
                    }
                }
                Ok(())
            }
            Self::Internal(_) => f.write_str("Something went wrong on our side; quote the request id to the operator."),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Internal(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

/// Gathers problems so that a caller hears of all of them at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, path: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.push(Problem::new(path, code, message));
    }

    /// `Ok` when none was found, all of them otherwise.
    pub fn finish(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Invalid(self.0)) }
    }
}
