//! Whom a server's certificate must lead to.

use rustls::{ClientConfig, RootCertStore, crypto::ring, version};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::sync::Arc;
use thiserror::Error;

/// Why there is nobody to believe.
#[derive(Debug, Error)]
pub(crate) enum TrustError {
    /// The caller named authorities, and there is no certificate in the text.
    #[error("the given CA text holds no certificate that can be read")]
    NoCertificate,
    /// The caller named none, and the system has none.
    #[error("this machine has no certificates of public authorities")]
    NoSystem,
    /// ring does not speak TLS as we want it.
    #[error("TLS cannot be set up")]
    Provider(#[from] rustls::Error),
}

/// What TLS is spoken with those who lead to the given certificates, or to the system's.
///
/// The provider is named here, so that nobody has to install one for the whole process.
pub(crate) fn client_config(trust_pem: Option<&str>) -> Result<ClientConfig, TrustError> {
    let roots = match trust_pem {
        Some(pem) => given(pem)?,
        None => system()?,
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A text may hold more than certificates, and certificates that nobody can read; one that can be read is enough.
fn given(pem: &str) -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok);
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(TrustError::NoCertificate);
    }
    Ok(roots)
}

fn system() -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        return Err(TrustError::NoSystem);
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_certificate_is_believed_by_nobody() {
        for text in [
            "",
            " ",
            "nothing",
            "-----BEGIN CERTIFICATE-----\n.....\n-----END CERTIFICATE-----",
        ] {
            let error = client_config(Some(text)).err();
            assert!(matches!(error, Some(TrustError::NoCertificate)), "{text:?}");
        }
    }
}
