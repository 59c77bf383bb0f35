//! TLS: a certificate and its key from PEM files, read again when they are renewed.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

use crate::{
    config::TlsConfig,
    platform::fault::{Fault, Outcome},
};

/// The certificate in force.
#[derive(Debug)]
pub struct Certificate {
    config: TlsConfig,
    current: RwLock<Current>,
}

#[derive(Debug)]
struct Current {
    /// Of both files.
    digest: [u8; 32],
    server: Arc<ServerConfig>,
}

impl Certificate {
    /// Reads the files of the section.
    ///
    /// # Errors
    /// `INVALID` naming the file that cannot be read, holds nothing, or does not belong to the other.
    pub fn open(config: &TlsConfig) -> Outcome<Self> {
        let current = read(config)?;
        Ok(Self { config: config.clone(), current: RwLock::new(current) })
    }

    /// For the next connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).server))
    }

    /// Reads the files again; the next connection is given what they hold now. Says whether that is anything new.
    ///
    /// # Errors
    /// As [`Certificate::open`]; what was in force stays so.
    pub fn renew(&self) -> Outcome<bool> {
        let found = read(&self.config)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = found.digest != current.digest;
        if is_new {
            *current = found;
        }
        Ok(is_new)
    }

    /// Looks at the files again and again, until it is dropped.
    pub async fn follow(&self) {
        let mut interval = tokio::time::interval(Duration::from_secs(self.config.reload_seconds.max(1)));
        interval.tick().await;
        loop {
            interval.tick().await;
            match self.renew() {
                Ok(true) => tracing::info!(file = %self.config.certificate.display(), "the certificate was renewed"),
                Ok(false) => {}
                Err(fault) => tracing::warn!(%fault, "the certificate in force is kept"),
            }
        }
    }
}

fn read(config: &TlsConfig) -> Outcome<Current> {
    let (chain, key) = (bytes(&config.certificate, "certificate")?, bytes(&config.key, "key")?);
    let digest = Sha256::new().chain_update(&chain).chain_update(&key).finalize().into();
    let refuse = |path: &Path, which: &str, what: String| {
        Fault::invalid(format!("server.tls.{which}"), "TLS", format!("{} {what}", path.display()))
    };
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&chain)
            .collect::<Result<_, _>>()
            .map_err(|cause| refuse(&config.certificate, "certificate", format!("is no PEM file: {cause}.")))?;
    if certificates.is_empty() {
        return Err(refuse(&config.certificate, "certificate", "holds no certificate in PEM form.".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| {
        refuse(&config.key, "key", "holds no private key in PEM form (PKCS#8, SEC1 or PKCS#1).".to_owned())
    })?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Fault::internal)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|cause| refuse(&config.key, "key", format!("and the certificate do not serve together: {cause}.")))?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Current { digest, server: Arc::new(server) })
}

fn bytes(path: &Path, which: &str) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|cause| {
        Fault::invalid(
            format!("server.tls.{which}"),
            "TLS",
            format!(
                "{} cannot be read: {cause}; check the path and that the server's user may read it.",
                path.display()
            ),
        )
    })
}
