//! One attempt: the message is signed, sent, and the answer is read as far as it is wanted.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use entity::{webhook, webhook_secret};
use futures_util::future::BoxFuture;
use reqwest::{
    Certificate, Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header, redirect,
};

use crate::{
    platform::fault::{Fault, Outcome},
    webhook::{
        model::{
            attempt::{Answer, excerpt, retry_after},
            guard::Guard,
            signature::{self, Secret},
        },
        settings::Settings,
    },
};

/// The addresses of a host; the seam between webhooks and the network's names.
pub trait Lookup: Send + Sync {
    /// All of them, or why there is none.
    fn addresses(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>>;
}

/// What this machine knows of names.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) })
    }
}

/// Resolves names to addresses that may be connected to. What is judged here is what is connected to: the client asks
/// nobody else.
struct Guarded {
    guard: Guard,
    lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, found) = (self.guard.clone(), self.lookup.addresses(name.as_str().to_owned()));
        Box::pin(async move {
            let (mut allowed, mut refused) = (Vec::new(), None);
            for address in found.await? {
                match guard.address(address.ip()) {
                    Ok(()) => allowed.push(address),
                    Err(what) => refused = Some(what),
                }
            }
            match (allowed.is_empty(), refused) {
                (true, Some(what)) => Err(Refused(what).into()),
                (true, None) => Err("the host has no address".into()),
                (false, _) => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// A host whose addresses may not be connected to.
#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the address of the host is {}, which is not called", self.0)
    }
}

impl std::error::Error for Refused {}

/// Sends messages.
#[derive(Clone)]
pub struct Courier {
    client: Client,
    settings: Arc<Settings>,
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

/// A message to one endpoint.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where to.
    pub endpoint: Arc<webhook::Model>,
    /// What signs it, the newest first.
    pub secrets: Arc<Vec<webhook_secret::Model>>,
    /// Its id, the same at each attempt.
    pub id: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Courier {
    /// A client that resolves by `lookup`, follows no redirect, and knows no proxy.
    ///
    /// # Errors
    /// `INVALID` for a file of authorities that cannot be used; `INTERNAL` where TLS cannot be set up.
    pub fn new(settings: Arc<Settings>, lookup: Arc<dyn Lookup>) -> Outcome<Self> {
        let client = Client::builder()
            .dns_resolver(Arc::new(Guarded { guard: settings.guard.clone(), lookup }))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .https_only(!settings.guard.http)
            .pool_max_idle_per_host(settings.per_endpoint)
            .connect_timeout(settings.timeout)
            .timeout(settings.timeout)
            .user_agent(concat!("labpact/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(authorities(&settings)?)
            .build()
            .map_err(Fault::internal)?;
        Ok(Self { client, settings })
    }

    /// Tries once.
    pub async fn send(&self, letter: Letter, now: DateTime<Utc>) -> Answer {
        let began = Instant::now();
        let tried = self.attempt(&letter, now).await;
        let answer = tried.unwrap_or_else(|error| Answer { error: Some(error), ..Answer::default() });
        Answer { took: began.elapsed(), ..answer }
    }

    async fn attempt(&self, letter: &Letter, now: DateTime<Utc>) -> Result<Answer, String> {
        // Resolvers are not asked for hosts that are addresses, and the operator may have changed the rules since it was
        // written.
        let url: Url = self.settings.guard.url(&letter.endpoint.url)?;
        let secrets = letter.secrets.iter().map(|row| Secret::new(row.signing, &row.material));
        let secrets =
            secrets.collect::<Outcome<Vec<_>>>().map_err(|_| "the secret is damaged; rotate it".to_owned())?;
        let timestamp = now.timestamp();
        let signatures = signature::header(&secrets, &letter.id, timestamp, &letter.body);
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures)
            .body(letter.body.clone());
        let response = request.send().await.map_err(|cause| clause(&cause))?;
        Ok(self.read(response, now).await)
    }

    async fn read(&self, mut response: Response, now: DateTime<Utc>) -> Answer {
        let status = response.status();
        let asked = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|value| retry_after(value, now));
        let mut body = Vec::new();
        // Whatever the rest would be, the status is what counts.
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = self.settings.answer_bytes.saturating_sub(body.len());
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() >= self.settings.answer_bytes {
                break;
            }
        }
        let error = match status {
            _ if status.is_success() => None,
            _ if status.is_redirection() => Some("the endpoint redirects, which is not followed".to_owned()),
            _ => Some(format!("the endpoint answered {}", status.as_u16())),
        };
        Answer { status: Some(status.as_u16()), excerpt: excerpt(&body), error, retry_after, ..Answer::default() }
    }
}

/// What went wrong, in one clause, without the address.
fn clause(cause: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = cause;
    while let Some(source) = inner.source() {
        inner = source;
        if inner.is::<Refused>() {
            return inner.to_string();
        }
    }
    let what = match cause {
        _ if cause.is_timeout() => "no answer in time",
        _ if cause.is_connect() => "no connection",
        _ => "the connection broke",
    };
    let text: String = inner.to_string().chars().take(200).collect();
    format!("{what}: {text}")
}

fn authorities(settings: &Settings) -> Outcome<Vec<Certificate>> {
    let Some(path) = &settings.authorities else { return Ok(Vec::new()) };
    let bad =
        |what: String| Fault::invalid("webhooks.authorities", "CERTIFICATES", format!("{}: {what}", path.display()));
    let pem = std::fs::read(path).map_err(|cause| bad(format!("it cannot be read: {cause}.")))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|_| bad("it is no PEM file of certificates.".to_owned()))?;
    if found.is_empty() {
        return Err(bad("it has no certificate; put those of your authorities in, or leave the key out.".to_owned()));
    }
    Ok(found)
}
