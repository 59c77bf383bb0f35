//! How a socket ends: the codes of `graphql-transport-ws`, of RFC 6455, and two of our own.

/// Longest reason, in bytes: a control frame has 125, two of which are the code (RFC 6455 §5.5).
const LONGEST: usize = 123;

/// A code with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The code.
    pub code: u16,
    /// The reason, in fewer than 123 bytes.
    pub reason: String,
}

impl Close {
    fn new(code: u16, reason: &str) -> Self {
        let mut end = reason.len().min(LONGEST - 1);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        Self { code, reason: reason[..end].to_owned() }
    }

    /// The server stops (RFC 6455 §7.4.1).
    pub fn going_away() -> Self {
        Self::new(1001, "The server stops; connect again")
    }

    /// What came is no WebSocket frame.
    pub fn broken() -> Self {
        Self::new(1002, "Protocol error")
    }

    /// A message is too long (RFC 6455 §7.4.1).
    pub fn too_long(most: usize) -> Self {
        Self::new(1009, &format!("Send messages of at most {most} bytes"))
    }

    /// A message that the protocol does not know.
    pub fn invalid(why: &str) -> Self {
        Self::new(4400, &format!("Invalid message: {why}"))
    }

    /// An operation before the connection was acknowledged.
    pub fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    /// The caller is refused, or may not go on.
    pub fn forbidden(why: &str) -> Self {
        Self::new(4403, why)
    }

    /// The peer speaks another protocol.
    pub fn subprotocol() -> Self {
        Self::new(4406, "Subprotocol not acceptable: speak graphql-transport-ws")
    }

    /// `connection_init` did not come.
    pub fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    /// An id that is in use.
    pub fn duplicate(id: &str) -> Self {
        // The whole sentence, whatever the length of the id.
        let short: String = id.chars().take(20).collect();
        Self::new(4409, &format!("Subscriber for {short} already exists"))
    }

    /// Our own: the peer does not take what it has asked for, and we do not keep it.
    pub fn too_slow() -> Self {
        Self::new(4413, "EVENTS_LAGGED: messages are not read; connect again and go on after your last position")
    }

    /// A second `connection_init`.
    pub fn second_init() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// Our own, outside the codes after which clients give up: a ping was not answered.
    pub fn silent() -> Self {
        Self::new(4499, "Ping not answered")
    }
}
