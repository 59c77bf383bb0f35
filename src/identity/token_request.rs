//! What a client sends to `POST /token`, and the errors that it gets (RFC 6749 §4.4, §5.2, RFC 7523 §2).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::scopes;
use crate::platform::fault::Fault;

/// `client_assertion_type` of RFC 7523 §2.2.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// `grant_type` of RFC 7523 §2.1.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// `grant_type` of RFC 6749 §4.4.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";

/// In which part the assertion came; it decides which error a bad one gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It authenticates the client (RFC 7523 §2.2).
    Client,
    /// It is the grant itself (RFC 7523 §2.1).
    Grant,
}

/// A well-formed request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The assertion, unchecked.
    pub assertion: String,
    /// In which part it came.
    pub role: Role,
    /// `client_id`, where sent; it must be the assertion's client.
    pub client: Option<String>,
    /// Scopes asked for; `None`: all that the account has.
    pub scopes: Option<BTreeSet<String>>,
}

/// An error of the token endpoint, by its code in RFC 6749 §5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The client did not prove itself.
    InvalidClient,
    /// The assertion that is the grant is not valid.
    InvalidGrant,
    /// The grant type is not one of ours.
    UnsupportedGrantType,
    /// A scope is unknown, malformed or more than the account has.
    InvalidScope,
    /// We cannot say at the moment.
    TemporarilyUnavailable,
    /// A defect on our side.
    ServerError,
}

impl TokenError {
    /// The value of `error`.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            Self::TemporarilyUnavailable => 503,
            Self::ServerError => 500,
            Self::InvalidRequest | Self::InvalidGrant | Self::UnsupportedGrantType | Self::InvalidScope => 400,
        }
    }

    /// The JSON body. It never says which check failed.
    pub fn body(self) -> Value {
        json!({ "error": self.code() })
    }

    /// The error that a fault of [`super::assertion::verify`] becomes for the client; the fault itself is for the log.
    pub fn of_assertion(fault: &Fault, role: Role) -> Self {
        match (fault, role) {
            (Fault::Unavailable(_) | Fault::Limited { .. }, _) => Self::TemporarilyUnavailable,
            (Fault::Internal(_), _) => Self::ServerError,
            (_, Role::Client) => Self::InvalidClient,
            (_, Role::Grant) => Self::InvalidGrant,
        }
    }
}

impl TokenRequest {
    /// Reads the decoded form parameters. Empty values count as absent, unknown parameters are ignored (§3.2).
    ///
    /// # Errors
    /// `invalid_request` for repeated or missing parameters, `unsupported_grant_type`, `invalid_scope`.
    pub fn read<'a>(form: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, TokenError> {
        let mut fields = BTreeMap::new();
        for (name, value) in form {
            if fields.insert(name, value).is_some() {
                return Err(TokenError::InvalidRequest);
            }
        }
        let field = |name: &str| fields.get(name).copied().filter(|value| !value.is_empty());
        let (assertion, role) = match field("grant_type").ok_or(TokenError::InvalidRequest)? {
            CLIENT_CREDENTIALS if field("client_assertion_type") == Some(ASSERTION_TYPE) => {
                (field("client_assertion").ok_or(TokenError::InvalidRequest)?, Role::Client)
            }
            // A client that proves itself in another way, such as a secret, does not prove itself to us.
            CLIENT_CREDENTIALS => return Err(TokenError::InvalidClient),
            JWT_BEARER => (field("assertion").ok_or(TokenError::InvalidRequest)?, Role::Grant),
            _ => return Err(TokenError::UnsupportedGrantType),
        };
        let scopes = field("scope").map(|text| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>());
        if scopes.as_ref().is_some_and(|asked| asked.iter().any(|scope| !scopes::is_known(scope))) {
            return Err(TokenError::InvalidScope);
        }
        Ok(Self { assertion: assertion.to_owned(), role, client: field("client_id").map(str::to_owned), scopes })
    }

    /// The scopes that the token gets: those asked for, or all that the account has.
    ///
    /// # Errors
    /// `invalid_scope` where more is asked for than the account has.
    pub fn grant(&self, account: &BTreeSet<String>) -> Result<BTreeSet<String>, TokenError> {
        match &self.scopes {
            None => Ok(account.clone()),
            Some(asked) if asked.is_subset(account) => Ok(asked.clone()),
            Some(_) => Err(TokenError::InvalidScope),
        }
    }
}
