//! Sections `[message]` and `[mail]`.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

use crate::{
    message::{
        model::stage::Notice,
        settings::{MailSettings, MailTls, Settings},
    },
    platform::{
        fault::{Outcome, Problems},
        secret_file,
    },
};

/// How messages to people are made and kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageConfig {
    /// How often it is looked for what other nodes have committed, in milliseconds.
    pub poll_milliseconds: u64,
    /// How often it is looked for what is due, in milliseconds.
    pub look_milliseconds: u64,
    /// So many working days before it is due, a deadline is announced; 0: not.
    pub remind_workdays: u16,
    /// At this hour of that day, in Asia/Shanghai.
    pub remind_hour: u16,
    /// So many hours before it is due, a deadline is announced (again); 0: not.
    pub remind_hours: u16,
    /// So many minutes after it was due and nobody moved it, it is told that a deadline has passed.
    pub overdue_minutes: u32,
    /// How many days messages are kept.
    pub keep_days: u32,
    /// For how many days what somebody holds is believed after they were last seen.
    pub trust_days: u32,
}

impl Default for MessageConfig {
    fn default() -> Self {
        Self {
            poll_milliseconds: 1_000,
            look_milliseconds: 60_000,
            remind_workdays: 1,
            remind_hour: 9,
            remind_hours: 8,
            overdue_minutes: 60,
            keep_days: 400,
            trust_days: 30,
        }
    }
}

/// How mail is sent.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// The mail server; no mail is sent where it is empty.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls`, or `none`.
    pub tls: MailTls,
    /// File with the authorities to trust instead of the system's, as PEM.
    pub authorities: Option<PathBuf>,
    /// The name by which this logs in; it does not where empty.
    pub username: String,
    /// File with the password, for its owner's eyes only.
    pub password_file: Option<PathBuf>,
    /// The password instead of a file, as the environment gives it.
    pub password: String,
    /// The address of the sender.
    pub from: String,
    /// The name before it.
    pub from_name: String,
    /// Public address of this server, where mail is ended with one click.
    pub base_url: String,
    /// Address of a page that shows the thing of a typed id, with `{id}` in it.
    pub link: String,
    /// Most mails of an hour, of all nodes together.
    pub per_hour: u32,
    /// Longest wait for the mail server, in seconds.
    pub timeout_seconds: u64,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 587,
            tls: MailTls::Starttls,
            authorities: None,
            username: String::new(),
            password_file: None,
            password: String::new(),
            from: String::new(),
            from_name: "Labpact".to_owned(),
            base_url: String::new(),
            link: String::new(),
            per_hour: 1_000,
            timeout_seconds: 30,
        }
    }
}

impl std::fmt::Debug for MailConfig {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (host, port, tls, from) = (&self.host, self.port, self.tls, &self.from);
        f.debug_struct("MailConfig")
            .field("host", host)
            .field("port", &port)
            .field("tls", &tls)
            .field("from", from)
            .finish_non_exhaustive()
    }
}

impl MessageConfig {
    /// What the two sections say together.
    ///
    /// # Errors
    /// `INVALID` with everything that cannot be used.
    pub fn settings(&self, mail: &MailConfig) -> Outcome<Settings> {
        let mut problems = Problems::default();
        if self.remind_hour > 23 {
            problems.add("message.remind_hour", "HOUR", "Write an hour of the day, 0 to 23.");
        }
        if self.keep_days == 0 {
            problems.add("message.keep_days", "KEEP_DAYS", "Messages are kept for a day at least.");
        }
        problems.finish()?;
        Ok(Settings {
            poll: Duration::from_millis(self.poll_milliseconds),
            look: Duration::from_millis(self.look_milliseconds),
            notice: Notice {
                workdays: self.remind_workdays,
                hour: self.remind_hour,
                hours: self.remind_hours,
                over_minutes: self.overdue_minutes,
            },
            keep_days: self.keep_days,
            trust_days: self.trust_days,
            mail: mail.settings()?,
        })
    }
}

impl MailConfig {
    fn settings(&self) -> Outcome<Option<MailSettings>> {
        if self.host.is_empty() {
            return Ok(None);
        }
        let mut problems = Problems::default();
        if self.from.is_empty() {
            problems.add("mail.from", "MAIL_FROM", "Write the address from which mail is sent.");
        }
        for (key, url) in [("mail.base_url", &self.base_url), ("mail.link", &self.link)] {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            if !url.is_empty() && (!is_web || url.chars().any(|letter| letter.is_whitespace() || letter.is_control())) {
                problems.add(key, "MAIL_URL", "Write an address that begins with https://, or none.");
            }
        }
        if !self.link.is_empty() && !self.link.contains("{id}") {
            problems.add("mail.link", "MAIL_LINK", "Put {id} where the typed id of the thing stands.");
        }
        if !self.username.is_empty() && self.tls == MailTls::None {
            problems.add("mail.tls", "MAIL_TLS", "A password is sent under TLS only: choose starttls or tls.");
        }
        if self.per_hour == 0 || self.timeout_seconds == 0 {
            problems.add("mail", "MAIL_LIMITS", "per_hour and timeout_seconds are 1 at least.");
        }
        problems.finish()?;
        Ok(Some(MailSettings {
            host: self.host.clone(),
            port: self.port,
            tls: self.tls,
            authorities: self.authorities()?,
            credentials: self.credentials()?,
            from_name: self.from_name.clone(),
            from: self.from.clone(),
            base_url: self.base_url.trim_end_matches('/').to_owned(),
            link: self.link.clone(),
            per_hour: self.per_hour,
            timeout: Duration::from_secs(self.timeout_seconds),
        }))
    }

    fn authorities(&self) -> Outcome<Option<Vec<u8>>> {
        let Some(path) = &self.authorities else { return Ok(None) };
        let read = std::fs::read(path);
        read.map(Some).map_err(|cause| {
            let message = format!("{} cannot be read: {cause}.", path.display());
            crate::platform::fault::Fault::invalid("mail.authorities", "MAIL_FILE", message)
        })
    }

    fn credentials(&self) -> Outcome<Option<(String, String)>> {
        if self.username.is_empty() {
            return Ok(None);
        }
        let password = match &self.password_file {
            Some(path) => secret_file::read(path, "mail.password_file")?.trim_end_matches(['\r', '\n']).to_owned(),
            None => self.password.clone(),
        };
        Ok(Some((self.username.clone(), password)))
    }
}
