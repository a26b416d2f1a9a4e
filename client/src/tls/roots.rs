//! The authorities that the system trusts.

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// Where distributions keep their bundle: Debian and Alpine, Fedora and RHEL, SUSE, macOS.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The first bundle that can be read. Without one nothing is trusted, and every server's certificate is refused.
pub(super) fn of_the_system() -> RootCertStore {
    let mut store = RootCertStore::empty();
    let bundle = BUNDLES.iter().find_map(|path| std::fs::read(path).ok());
    if let Some(pem) = bundle {
        store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    }
    store
}
