//! Whom the client trusts, and as whom it appears: the TLS settings, and the rustls configuration made of them.

mod connector;
mod roots;
mod unverified;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};

pub(crate) use connector::TlsConnector;

/// The TLS settings. By default the system's authorities are trusted.
#[derive(Clone, Default)]
pub struct Tls {
    /// A file with the certificates of the authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// A folder of such files.
    pub ca_folder: Option<PathBuf>,
    /// The client's own certificate.
    pub client: Option<ClientCertificate>,
    /// The name that the server's certificate must carry, if it is not the host's in the address.
    pub server_name: Option<String>,
    /// Accept any certificate. For first steps on one's own machine only.
    pub skip_verify: bool,
}

/// The client's certificate and its private key, as PEM files.
#[derive(Clone)]
pub struct ClientCertificate {
    /// The certificate, perhaps followed by those between it and its authority.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// TLS settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file with authorities could not be read.
    #[error("Error loading CA File: {0}")]
    CaFile(String),
    /// A folder with authorities could not be read.
    #[error("Error loading CA Path: {0}")]
    CaFolder(String),
    /// The client's certificate or its key could not be read.
    #[error("Error loading client certificate: {0}")]
    Client(String),
    /// The server name is none.
    #[error("invalid TLS server name {0:?}")]
    ServerName(String),
    /// The configuration was refused.
    #[error("{0}")]
    Rustls(#[from] rustls::Error),
}

impl Tls {
    /// Makes the connector that speaks TLS by these settings.
    pub(crate) fn connector(&self) -> Result<TlsConnector, TlsError> {
        let name = self
            .server_name
            .as_ref()
            .map(|name| ServerName::try_from(name.clone()).map_err(|_| TlsError::ServerName(name.clone())));
        Ok(TlsConnector::new(Arc::new(self.config()?), name.transpose()?))
    }

    fn config(&self) -> Result<ClientConfig, TlsError> {
        // The provider is named: there is no process-wide default that somebody else could have set.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = if self.skip_verify {
            let verifier = unverified::AcceptsAnyServer::new(provider);
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
        } else {
            builder.with_root_certificates(self.roots()?)
        };
        let Some(client) = &self.client else {
            return Ok(builder.with_no_client_auth());
        };
        let refused = |error: rustls_pki_types::pem::Error| TlsError::Client(reason(&error));
        let key = PrivateKeyDer::from_pem_file(&client.key).map_err(refused)?;
        let chain = CertificateDer::pem_file_iter(&client.certificate).and_then(Iterator::collect);
        Ok(builder.with_client_auth_cert(chain.map_err(refused)?, key)?)
    }

    fn roots(&self) -> Result<RootCertStore, TlsError> {
        if let Some(file) = &self.ca_file {
            return from_files(&[file]).map_err(TlsError::CaFile);
        }
        if let Some(folder) = &self.ca_folder {
            let entries = std::fs::read_dir(folder).map_err(|error| open_error(folder, &error));
            let entries = entries.map_err(TlsError::CaFolder)?;
            let files: Vec<PathBuf> = entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.is_file())
                .collect();
            return from_files(&files).map_err(TlsError::CaFolder);
        }
        Ok(roots::of_the_system())
    }
}

fn from_files<P: AsRef<Path>>(files: &[P]) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for file in files {
        let file = file.as_ref();
        let pem = std::fs::read(file).map_err(|error| open_error(file, &error))?;
        store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    }
    if store.is_empty() {
        Err("no certificate found".to_owned())
    } else {
        Ok(store)
    }
}

/// An error of opening a file in the words of Vault's client.
fn open_error(path: &Path, error: &std::io::Error) -> String {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("open {}: {reason}", path.display())
}

fn reason(error: &rustls_pki_types::pem::Error) -> String {
    match error {
        rustls_pki_types::pem::Error::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_of_authorities_is_named() {
        let tls = Tls {
            ca_file: Some(PathBuf::from("/no/such/file")),
            ..Tls::default()
        };
        let error = tls.connector().expect_err("no file");
        assert_eq!(
            error.to_string(),
            "Error loading CA File: open /no/such/file: no such file or directory"
        );
    }

    #[test]
    fn without_verification_no_authority_is_read() {
        let tls = Tls {
            ca_file: Some(PathBuf::from("/no/such/file")),
            skip_verify: true,
            ..Tls::default()
        };
        assert!(tls.connector().is_ok());
    }

    #[test]
    fn a_server_name_must_be_one() {
        let tls = Tls {
            server_name: Some("a b".to_owned()),
            skip_verify: true,
            ..Tls::default()
        };
        assert_eq!(
            tls.connector().expect_err("no name").to_string(),
            "invalid TLS server name \"a b\""
        );
    }
}
