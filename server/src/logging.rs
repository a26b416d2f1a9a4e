//! The log: to standard error, as text or JSON.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::time::SystemTime;

/// Starts logging. `level` is Vault's word for it: trace, debug, info, warn, error.
pub(crate) fn start(level: &str, format: &str) {
    let level = match level.to_ascii_lowercase().as_str() {
        "trace" => "trace",
        "debug" => "debug",
        "warn" | "warning" => "warn",
        "err" | "error" => "error",
        _ => "info",
    };
    // Libraries say what they would rather not have said at debug; ours is what was asked for.
    let filter = EnvFilter::new(format!(
        "{level},hyper=warn,h2=warn,rustls=warn,reqwest=warn,tokio_postgres=warn"
    ));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_timer(SystemTime);
    // A second call, in a test with two servers, keeps the first logger.
    let _ = match format {
        "json" => builder.json().try_init(),
        _ => builder.with_ansi(false).try_init(),
    };
}
