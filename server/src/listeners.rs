//! Where requests come in.

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use server_http::{HttpSettings, Keyholders, Listener};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::ListenerConfig;
use crate::front::Front;
use crate::strongbox::Strongbox;

/// A listener that is bound, and not served yet.
pub(crate) struct Bound {
    listener: Listener,
    settings: ListenerConfig,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// Binds a listener: whatever is wrong with it shows before the server says that it runs.
pub(crate) async fn bind(settings: ListenerConfig) -> Result<Bound> {
    let address = &settings.address;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listen on {address}"))?;
    let bound = listener
        .local_addr()
        .with_context(|| format!("listen on {address}"))?;
    let tls = if settings.tls_disable {
        None
    } else {
        Some(tls(&settings)?)
    };
    let listener = match tls {
        Some(tls) => Listener::tls(listener, tls),
        None => Listener::plain(listener),
    };
    Ok(Bound {
        listener,
        settings,
        address: bound,
    })
}

/// Serves all listeners until it is stopped; requests under way are finished.
pub(crate) async fn serve(bound: Vec<Bound>, strongbox: &Arc<Strongbox>, stop: &CancellationToken) {
    let tasks = TaskTracker::new();
    for Bound {
        listener, settings, ..
    } in bound
    {
        let ambient = &strongbox.house().ambient;
        let mut http = HttpSettings::new(Arc::clone(&ambient.clock), Arc::clone(&ambient.random));
        http.body_max = settings.max_request_size.unwrap_or(http.body_max);
        http.keyholders = Keyholders {
            rekey: settings.rekey_without_token,
            generate_root: settings.generate_root_without_token,
        };
        http.cross_origin = Arc::clone(&strongbox.cross_origin);
        let front = Arc::new(Front(Arc::clone(strongbox)));
        let router = server_http::router(Arc::clone(&front) as _, front, http);
        let stop = stop.clone();
        tasks.spawn(async move { server_http::serve(listener, router, stop).await });
    }
    tasks.close();
    tasks.wait().await;
}

fn tls(settings: &ListenerConfig) -> Result<Arc<ServerConfig>> {
    let (Some(chain_file), Some(key_file)) = (&settings.tls_cert_file, &settings.tls_key_file) else {
        anyhow::bail!(
            "listener {} has neither a certificate nor tls_disable",
            settings.address
        );
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain_file)
        .with_context(|| reading("tls_cert_file", chain_file))?
        .collect::<Result<_, _>>()
        .with_context(|| reading("tls_cert_file", chain_file))?;
    if chain.is_empty() {
        anyhow::bail!(
            "{}: there is no certificate in it",
            reading("tls_cert_file", chain_file)
        );
    }
    let key = PrivateKeyDer::from_pem_file(key_file).with_context(|| reading("tls_key_file", key_file))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choose TLS versions")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| {
            let (chain, key) = (chain_file.display(), key_file.display());
            format!("the certificate in {chain} and the key in {key} do not fit together")
        })?;
    Ok(Arc::new(config))
}

fn reading(key: &str, file: &Path) -> String {
    format!("read {key} {}", file.display())
}
