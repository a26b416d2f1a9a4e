//! Names become addresses here, and only those that may be dialled are handed on.

use crate::addresses::may_be_dialled;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use thiserror::Error;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How a name is looked up. Tests have their own.
pub(crate) type LookUp = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Looks names up and keeps back what may not be dialled.
#[derive(Clone)]
pub(crate) struct Resolver(LookUp);

/// Why a name leads nowhere.
#[derive(Debug, Error)]
pub(crate) enum ResolveError {
    /// The system knows no address.
    #[error("the name cannot be resolved")]
    Unknown(#[source] io::Error),
    /// All that it knows may not be dialled.
    #[error("the name leads to link-local or metadata addresses only, which are never dialled")]
    Forbidden,
}

impl Resolver {
    pub(crate) fn new(look_up: LookUp) -> Self {
        Self(look_up)
    }

    /// Asks the system.
    pub(crate) fn system() -> Self {
        Self::new(Arc::new(|name| {
            Box::pin(async move {
                let found = tokio::net::lookup_host((name, 0)).await?;
                Ok(found.map(|address| address.ip()).collect())
            })
        }))
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.0)(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await.map_err(ResolveError::Unknown)?;
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| may_be_dialled(*address))
                // Port zero stands for the one of the URL.
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if allowed.is_empty() {
                return Err(ResolveError::Forbidden.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
