//! Fetching an issuer's documents: small, timed, without redirects, by TLS or from this machine.

use std::{net::IpAddr, time::Duration};

use futures_util::future::BoxFuture;
use reqwest::{Client, StatusCode, Url, redirect};

use crate::platform::fault::{Fault, Outcome};

/// How long one fetch may take, connecting included.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest document that is read, in bytes.
pub const FETCH_LIMIT: usize = 256 * 1024;

/// Gets documents; the seam between key sets and the network.
pub trait Fetch: Send + Sync {
    /// The body of a 200 answer, or one clause that says why there is none.
    fn get<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}

/// [`Fetch`] by HTTP: no redirects, [`FETCH_TIMEOUT`], [`FETCH_LIMIT`].
#[derive(Clone, Debug)]
pub struct HttpFetch {
    outside: Client,
    loopback: Client,
}

impl HttpFetch {
    /// A client on the machine's trust store. Loopback addresses are reached without a proxy.
    ///
    /// # Errors
    /// `INTERNAL` where TLS cannot be set up.
    pub fn new() -> Outcome<Self> {
        let builder = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .timeout(FETCH_TIMEOUT)
                .user_agent(concat!("labpact/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            outside: builder().build().map_err(Fault::internal)?,
            loopback: builder().no_proxy().build().map_err(Fault::internal)?,
        })
    }

    async fn read(&self, url: &Url) -> Result<Vec<u8>, String> {
        let client = if is_loopback(url) { &self.loopback } else { &self.outside };
        let request = client.get(url.clone()).header("accept", "application/jwk-set+json, application/json");
        let mut answer = request.send().await.map_err(|fault| fault.without_url().to_string())?;
        if answer.status() != StatusCode::OK {
            return Err(format!("the answer is {}", answer.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|fault| fault.without_url().to_string())? {
            if body.len() + chunk.len() > FETCH_LIMIT {
                return Err(format!("the document is larger than {FETCH_LIMIT} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Fetch for HttpFetch {
    fn get<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(self.read(url))
    }
}

/// An address that documents may be fetched from: `https`, or `http` on a loopback address, without credentials.
///
/// # Errors
/// One clause that says what is wrong with it.
pub fn trusted_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is no URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("carries a user name or password");
    }
    if url.fragment().is_some() {
        return Err("carries a fragment");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("is http beyond this machine; use https"),
        _ => Err("is neither https nor http"),
    }
}

/// Whether the address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
