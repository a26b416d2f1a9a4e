//! The log: to standard error, as text or JSON.

use parking_lot::Mutex;
use server_sys::{LogLevel, Loggers};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::OnceLock;
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// The logger that stands for everything that no other one does.
const CORE: &str = "core";

/// The other loggers, with the beginning of the names of the crates that log through each.
const LOGGERS: [(&str, &str); 5] = [
    ("audit", "audit"),
    ("expiration", "server_leases"),
    ("http", "server_http"),
    ("plugins", "plugins"),
    ("storage", "storage"),
];

/// Libraries say what they would rather not have said at debug; ours is what was asked for.
const LIBRARIES: &str = "hyper=warn,h2=warn,rustls=warn,reqwest=warn,tokio_postgres=warn";

/// The log of this process. A process has one log, as it has one standard error.
static LOG: OnceLock<Log> = OnceLock::new();

/// How much is logged, and what is told when that changes.
pub(crate) struct Log {
    started: LogLevel,
    changed: Mutex<BTreeMap<String, LogLevel>>,
    /// `None` in a test that logs nothing.
    filter: Option<Handle<EnvFilter, Registry>>,
}

/// Starts logging. `level` is Vault's word for it: trace, debug, info, warn, error.
pub(crate) fn start(level: &str, format: &str) {
    let started = LogLevel::named(level).unwrap_or(LogLevel::Info);
    let (filter, handle) = reload::Layer::new(filter(&BTreeMap::new(), started));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_timer(SystemTime);
    let lines = match format {
        "json" => lines.json().boxed(),
        _ => lines.with_ansi(false).boxed(),
    };
    // A second call, in a test with two servers, keeps the first logger.
    if tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .is_ok()
    {
        let _ = LOG.set(Log {
            started,
            changed: Mutex::default(),
            filter: Some(handle),
        });
    }
}

/// The log of this process.
pub(crate) fn log() -> &'static Log {
    LOG.get_or_init(|| Log {
        started: LogLevel::Info,
        changed: Mutex::default(),
        filter: None,
    })
}

impl Loggers for Log {
    fn levels(&self) -> BTreeMap<&'static str, LogLevel> {
        let changed = self.changed.lock();
        let names = LOGGERS.into_iter().map(|(name, _)| name).chain([CORE]);
        names
            .map(|name| (name, changed.get(name).copied().unwrap_or(self.started)))
            .collect()
    }

    fn set(&self, logger: &str, level: Option<LogLevel>) {
        let mut changed = self.changed.lock();
        match level {
            Some(level) => changed.insert(logger.to_owned(), level),
            None => changed.remove(logger),
        };
        if let Some(filter_of_lines) = &self.filter
            && let Err(error) = filter_of_lines.reload(filter(&changed, self.started))
        {
            tracing::warn!(error = %error, logger, "cannot change how much is logged");
        }
    }
}

fn filter(changed: &BTreeMap<String, LogLevel>, started: LogLevel) -> EnvFilter {
    EnvFilter::new(directives(changed, started))
}

fn directives(changed: &BTreeMap<String, LogLevel>, started: LogLevel) -> String {
    let level = |name: &str| changed.get(name).copied().unwrap_or(started).as_str();
    let mut text = format!("{},{LIBRARIES}", level(CORE));
    for (name, crates) in LOGGERS {
        let _ = write!(text, ",{crates}={}", level(name));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logger_that_is_changed_changes_no_other() {
        let changed = BTreeMap::from([("expiration".to_owned(), LogLevel::Trace)]);
        let text = directives(&changed, LogLevel::Warn);
        let expected = format!(
            "warn,{LIBRARIES},audit=warn,server_leases=trace,server_http=warn,plugins=warn,storage=warn"
        );
        assert_eq!(text, expected);
    }
}
