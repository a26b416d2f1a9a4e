//! The door: every secrets engine and auth method, one line each.
//!
//! Outsiders name no plugin; they ask here for what can be mounted.

use logical::{Error, Mounted, Outbound, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use plugins_cubbyhole::owned_by as cubbyhole_rows;

/// What plugins are built from.
pub struct Parts {
    /// Whatever calls out over HTTP does it through this.
    pub outbound: Arc<dyn Outbound>,
}

/// A type that can be mounted.
pub struct Builtin {
    /// Its name.
    pub kind: &'static str,
    /// Whether it is an auth method.
    pub is_auth: bool,
    /// Builds what is mounted, for a mount with these options.
    pub build: Build,
}

/// Builds what is mounted, for a mount with these options.
pub type Build = Arc<dyn Fn(&BTreeMap<String, String>) -> Result<Mounted> + Send + Sync>;

/// Every type that can be mounted.
pub fn builtin(parts: &Parts) -> Vec<Builtin> {
    let outbound = Arc::clone(&parts.outbound);
    vec![
        secrets("kv", kv),
        // The older name of the first version, which answers show as it was said.
        secrets("generic", |_| {
            Ok(Mounted::Secrets(Arc::new(plugins_kv::version_1())))
        }),
        secrets("cubbyhole", |_| {
            Ok(Mounted::Secrets(Arc::new(plugins_cubbyhole::cubbyhole())))
        }),
        secrets("database", |_| {
            Ok(Mounted::Secrets(Arc::new(plugins_database::database())))
        }),
        auth("kubernetes", move |_| {
            let method = plugins_kubernetes::kubernetes(Arc::clone(&outbound));
            Ok(Mounted::Auth(Arc::new(method)))
        }),
    ]
}

fn kv(options: &BTreeMap<String, String>) -> Result<Mounted> {
    match options.get("version").map(String::as_str) {
        None | Some("" | "1") => Ok(Mounted::Secrets(Arc::new(plugins_kv::version_1()))),
        Some("2") => Ok(Mounted::Secrets(Arc::new(plugins_kv::version_2()))),
        Some(_) => Err(Error::invalid("the key/value engine has versions 1 and 2")),
    }
}

fn secrets(
    kind: &'static str,
    build: impl Fn(&BTreeMap<String, String>) -> Result<Mounted> + Send + Sync + 'static,
) -> Builtin {
    Builtin {
        kind,
        is_auth: false,
        build: Arc::new(build),
    }
}

fn auth(
    kind: &'static str,
    build: impl Fn(&BTreeMap<String, String>) -> Result<Mounted> + Send + Sync + 'static,
) -> Builtin {
    Builtin {
        kind,
        is_auth: true,
        build: Arc::new(build),
    }
}
