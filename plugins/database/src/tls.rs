//! Encryption of a connection: whom the server has to prove to be, and by which authorities.

use crate::error::DatabaseError;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Whom a server has to prove to be: libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// No encryption.
    Disable,
    /// Encryption if the server offers it; nobody has to prove anything. libpq's default, and Vault's.
    Prefer,
    /// Encryption; nobody has to prove anything.
    Require,
    /// Encryption with a server that an authority vouches for.
    Authority,
    /// The same, and the authority vouches for the very host.
    Host,
}

/// Certificates and keys, in PEM.
#[derive(Default)]
pub(crate) struct Papers {
    /// The authorities that are believed; the system's where there are none.
    pub(crate) authorities: Option<Vec<u8>>,
    /// What we show of ourselves: a certificate and its key.
    pub(crate) identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Trust {
    /// Reads an `sslmode`. `allow` is taken as `prefer`, which encrypts more often.
    pub(crate) fn parse(mode: &str) -> Option<Self> {
        match mode {
            "disable" => Some(Self::Disable),
            "allow" | "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::Authority),
            "verify-full" => Some(Self::Host),
            _ => None,
        }
    }
}

/// What encrypts connections. As in libpq, `require` asks for an authority's word if authorities are given.
pub(crate) fn connector(trust: Trust, papers: &Papers) -> Result<MakeRustlsConnect, DatabaseError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| invalid("choose protocol versions", &e))?;
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Host => web_pki(&provider, papers)?,
        Trust::Authority => Arc::new(AnyHost(web_pki(&provider, papers)?)),
        Trust::Require if papers.authorities.is_some() => Arc::new(AnyHost(web_pki(&provider, papers)?)),
        Trust::Disable | Trust::Prefer | Trust::Require => Arc::new(Anybody(provider)),
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    let config = match &papers.identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| bad_pem("private_key"))?;
            let chain = certificates(certificate, "tls_certificate")?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|e| invalid("use tls_certificate and private_key", &e))?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn web_pki(
    provider: &Arc<CryptoProvider>,
    papers: &Papers,
) -> Result<Arc<WebPkiServerVerifier>, DatabaseError> {
    let mut roots = RootCertStore::empty();
    let found = match &papers.authorities {
        Some(pem) => certificates(pem, "the certificates of authorities")?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(found);
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|e| DatabaseError::Invalid(format!("trust certificate authorities: {e}")))
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, DatabaseError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    found
        .ok()
        .filter(|list| !list.is_empty())
        .ok_or_else(|| bad_pem(what))
}

fn bad_pem(what: &str) -> DatabaseError {
    DatabaseError::Invalid(format!("{what}: no data found in PEM block"))
}

fn invalid(attempt: &str, error: &Error) -> DatabaseError {
    DatabaseError::Invalid(format!("{attempt}: {error}"))
}

/// Believes the authorities and does not look for whom they vouch: `verify-ca`.
#[derive(Debug)]
struct AnyHost(Arc<WebPkiServerVerifier>);

/// Believes everybody: `require` and `prefer`, where encryption keeps out listeners and no impostor.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyHost {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.0.verify_server_cert(certificate, chain, name, ocsp, now) {
            // The name is looked at last: whoever gets here has an authority's word.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
