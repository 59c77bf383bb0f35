//! The way to the mail server.

use std::time::SystemTime;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::letter::Letter;
use crate::{
    message::{
        model::retry::{Sent, judge},
        settings::{MailSettings, MailTls},
    },
    platform::fault::{Fault, Outcome},
};

/// The way to one mail server. Each mail has a connection of its own.
#[derive(Clone, Debug)]
pub struct Transport {
    settings: MailSettings,
    way: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Transport {
    /// The way that the settings describe; nothing is opened yet.
    ///
    /// # Errors
    /// `INVALID` for a sender, an authority or a name that cannot be used.
    pub fn new(settings: MailSettings) -> Outcome<Self> {
        let address = settings.from.parse::<Address>().map_err(|cause| bad("mail.from", &cause))?;
        let name = Some(settings.from_name.clone()).filter(|name| !name.is_empty());
        let from = Mailbox::new(name, address);
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let mut way = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .hello_name(hello)
            .timeout(Some(settings.timeout))
            .tls(tls(&settings)?);
        if let Some((name, password)) = &settings.credentials {
            way = way.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { way: way.build(), settings, from })
    }

    /// What it was made of.
    pub fn settings(&self) -> &MailSettings {
        &self.settings
    }

    /// Hands a mail over.
    pub async fn send(&self, letter: &Letter) -> Sent {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(cause) => return Sent::Refused { answer: cause, address: true },
        };
        match self.way.send(message).await {
            Ok(_) => Sent::Taken,
            Err(cause) => match (cause.status(), std::error::Error::source(&cause)) {
                // What the server said, without what the library says of it.
                (Some(code), Some(said)) => judge(Some(code.into()), said.to_string()),
                (code, _) => judge(code.map(u16::from), chain(&cause)),
            },
        }
    }

    /// A mail in the form of the protocol (RFC 5322): plain text and HTML side by side.
    ///
    /// # Errors
    /// Why it has none.
    pub fn message(&self, letter: &Letter) -> Result<Message, String> {
        let told = |cause: &dyn std::fmt::Display| cause.to_string();
        let to = letter.to.parse::<Address>().map_err(|cause| told(&cause))?;
        let one_line: String = letter.title.chars().filter(|letter| !letter.is_control()).collect();
        let raw = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line)
            .date(SystemTime::from(letter.at))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
            .raw_header(raw("Content-Language", letter.language.word().to_ascii_lowercase()));
        if let Some(address) = &letter.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", format!("<{address}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        builder
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|cause| told(&cause))
    }
}

fn tls(settings: &MailSettings) -> Outcome<Tls> {
    if settings.tls == MailTls::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authorities {
        let authorities = Certificate::from_pem(pem).map_err(|cause| bad("mail.authorities", &cause))?;
        parameters = parameters.certificate_store(CertificateStore::None).add_root_certificate(authorities);
    }
    let parameters = parameters.build().map_err(|cause| bad("mail.host", &cause))?;
    Ok(match settings.tls {
        MailTls::Starttls => Tls::Required(parameters),
        MailTls::Tls | MailTls::None => Tls::Wrapper(parameters),
    })
}

fn bad(key: &'static str, cause: &dyn std::fmt::Display) -> Fault {
    Fault::invalid(
        key,
        "MAIL_SETTING",
        format!("This cannot be used: {cause}. See the section [mail] of the reference."),
    )
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
