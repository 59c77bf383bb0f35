//! What the configuration says of messages and of mail.

use std::time::Duration;

use super::model::stage::Notice;

/// How messages are made and kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How often it is looked for what other nodes have committed, and for mail to be tried again; what this node commits is
    /// followed at once.
    pub poll: Duration,
    /// How often it is looked for what is due, and for whom the mail of the day is to be made.
    pub look: Duration,
    /// When deadlines are spoken of.
    pub notice: Notice,
    /// How many days messages are kept.
    pub keep_days: u32,
    /// For how many days what somebody holds is believed after they were last seen.
    pub trust_days: u32,
    /// How mail is sent; not at all where none.
    pub mail: Option<MailSettings>,
}

/// How mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub tls: MailTls,
    /// Authorities to trust instead of the system's, as PEM.
    pub authorities: Option<Vec<u8>>,
    /// Name and password.
    pub credentials: Option<(String, String)>,
    /// The name before the address of the sender.
    pub from_name: String,
    /// The address of the sender.
    pub from: String,
    /// Public address of this server, without a slash at its end; nothing points to it where it is empty.
    pub base_url: String,
    /// Address of a page that shows the thing of a typed id, with `{id}` in it.
    pub link: String,
    /// Most mails of an hour, of all nodes together.
    pub per_hour: u32,
    /// Longest wait for the mail server.
    pub timeout: Duration,
}

impl std::fmt::Debug for MailSettings {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSettings({}:{} {:?} from {})", self.host, self.port, self.tls, self.from)
    }
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Not at all: for a server on the same machine.
    None,
    /// By STARTTLS, without which nothing is sent.
    Starttls,
    /// From the beginning.
    Tls,
}
