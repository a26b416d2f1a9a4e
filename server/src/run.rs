//! `strongroom server`: read the configuration, wire, serve, drain.

use anyhow::{Context, Result, anyhow, bail};
use std::io::Write;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::clock::SystemClock;
use crate::config::{Config, ListenerConfig, StorageConfig};
use crate::dev::{self, DevSettings};
use crate::devices;
use crate::flags::Flags;
use crate::listeners::{self, Bound};
use crate::logging;
use crate::strongbox::Strongbox;
use crate::wiring::{Building, build};

/// Runs the server until a signal ends it. Returns the exit status.
pub fn server(args: &[String]) -> i32 {
    let ran = Flags::parse(args, variable).and_then(|flags| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("start the runtime")?;
        runtime.block_on(run(flags))
    });
    match ran {
        Ok(()) => 0,
        Err(error) => {
            say(&mut std::io::stderr(), &format!("Error: {error:#}"));
            1
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the variables that containers set are read here, once"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn run(flags: Flags) -> Result<()> {
    // Every user of rustls names ring; whoever asks for the default gets the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = configuration(&flags)?;
    let level = flags
        .log_level
        .as_ref()
        .or(config.log_level.as_ref())
        .map_or("info", String::as_str);
    let format = flags
        .log_format
        .as_ref()
        .or(config.log_format.as_ref())
        .map_or("standard", String::as_str);
    logging::start(level, format);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let mut bound = Vec::new();
    for listener in config.listeners.clone() {
        bound.push(listeners::bind(listener).await?);
    }
    if let Some(file) = &config.pid_file {
        std::fs::write(file, std::process::id().to_string())
            .with_context(|| format!("write pid_file {}", file.display()))?;
    }
    let pid_file = config.pid_file.clone();
    let strongbox = wire(config)?;
    let dev_keys = match &flags.dev {
        Some(settings) => Some(dev::prepare(&strongbox, settings).await?),
        None => None,
    };
    say(
        &mut std::io::stdout(),
        &banner(&strongbox, &bound, dev_keys.as_ref()),
    );
    if let (Some(settings), Some(keys)) = (&flags.dev, &dev_keys) {
        store_token(settings, &keys.root_token);
    }
    until_stopped(&strongbox, bound, &flags).await?;
    if let Some(file) = pid_file {
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

fn configuration(flags: &Flags) -> Result<Config> {
    let mut config = Config::read(&flags.config)?;
    if let Some(text) = variable("VAULT_LOCAL_CONFIG").or_else(|| variable("BAO_LOCAL_CONFIG")) {
        config.overlay("VAULT_LOCAL_CONFIG", &text)?;
    }
    if let Some(dev) = &flags.dev {
        let address = if dev.listen_address.is_empty() {
            "127.0.0.1:8200"
        } else {
            &dev.listen_address
        };
        config.storage = Some(StorageConfig {
            kind: "inmem".to_owned(),
            options: Default::default(),
        });
        config.listeners.insert(
            0,
            ListenerConfig {
                address: address.to_owned(),
                tls_disable: true,
                ..ListenerConfig::default()
            },
        );
    } else if flags.config.is_empty() && config.storage.is_none() {
        bail!("must specify at least one config path using -config, or -dev for a server that keeps nothing");
    }
    if config.listeners.is_empty() {
        bail!("the configuration has no listener: add listener \"tcp\" {{ address = \"127.0.0.1:8200\" … }}");
    }
    if let (Some(default), Some(max)) = (config.default_lease_ttl, config.max_lease_ttl)
        && default > max
    {
        bail!("default_lease_ttl ({default:?}) is longer than max_lease_ttl ({max:?})");
    }
    devices::check(&config)?;
    Ok(config)
}

fn wire(config: Config) -> Result<Arc<Strongbox>> {
    let storage = config.storage.clone();
    let storage = storage.ok_or_else(|| {
        anyhow!("the configuration has no storage: add storage \"file\" {{ path = \"…\" }}")
    })?;
    let backend = storage::open(&storage.kind, &storage.options)?;
    let clock = Arc::new(SystemClock::new());
    let random = Arc::new(crypto::SystemRandom::new());
    let outbound = Arc::new(server_outbound::Dialer::new());
    Ok(build(Building {
        config,
        backend,
        storage_kind: storage.kind,
        clock,
        random,
        outbound,
    }))
}

/// Serves until SIGTERM or SIGINT, then finishes what is under way and seals. SIGHUP reopens audit files.
async fn until_stopped(strongbox: &Arc<Strongbox>, bound: Vec<Bound>, flags: &Flags) -> Result<()> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
    let mut hangup = signal(SignalKind::hangup()).context("listen for SIGHUP")?;
    let serving = listeners::serve(bound, strongbox, &stop);
    tokio::pin!(serving);
    loop {
        tokio::select! {
            () = &mut serving => break,
            _ = terminate.recv() => stop.cancel(),
            _ = interrupt.recv() => stop.cancel(),
            _ = hangup.recv() => reload(strongbox, flags).await,
        }
    }
    strongbox.drain().await;
    strongbox.shut();
    Ok(())
}

/// SIGHUP: audit files are opened anew, and declared devices follow the configuration as it is now.
async fn reload(strongbox: &Arc<Strongbox>, flags: &Flags) {
    strongbox.house().audit.reopen_all();
    let followed = match configuration(flags) {
        Ok(config) if strongbox.is_open() => strongbox
            .follow_declarations(&config)
            .await
            .map_err(anyhow::Error::from),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = followed {
        tracing::error!(error = %error, "cannot follow the configuration; it stays as it was");
    }
}

/// What is told at the start, in Vault's form: tools read lines of it.
fn banner(strongbox: &Arc<Strongbox>, bound: &[Bound], keys: Option<&dev::DevKeys>) -> String {
    let storage = strongbox
        .config
        .storage
        .as_ref()
        .map_or("", |storage| storage.kind.as_str());
    let mut text = String::from("==> Strongroom server configuration:\n\n");
    for (number, listener) in bound.iter().enumerate() {
        text += &format!(
            "              Listener {}: tcp (addr: {:?})\n",
            number + 1,
            listener.address.to_string()
        );
    }
    text += &format!("                 Storage: {storage}\n");
    text += &format!(
        "                 Version: Strongroom v{}, speaks Vault v{}\n\n",
        client::VERSION,
        client::VAULT_VERSION
    );
    text += "==> Strongroom server started! Log data will stream in below:\n";
    let Some(keys) = keys else { return text };
    let address = bound
        .first()
        .map(|listener| listener.address.to_string())
        .unwrap_or_default();
    text += &format!(
        "\nWARNING! dev mode is enabled! Strongroom runs entirely in memory: it starts unsealed\nwith a single unseal key, and everything is gone when it stops.\n\n\
         You may need to set the following environment variables:\n\n    $ export VAULT_ADDR='http://{address}'\n\n\
         The unseal key and root token are displayed below in case you want to\nseal/unseal it or authenticate again.\n\n\
         Unseal Key: {}\nRoot Token: {}\n\n\
         Try:\n\n    $ strongroom kv put -mount=secret hello name=world\n    $ strongroom kv get -mount=secret hello\n\n\
         Development mode should NOT be used in production installations!\n",
        keys.unseal_key, keys.root_token
    );
    text
}

/// Puts the dev server's token where the command line finds it, as Vault does.
fn store_token(settings: &DevSettings, token: &str) {
    let Some(home) = variable("HOME").filter(|_| settings.stores_token) else {
        return;
    };
    if let Err(error) = cli::store_token(&home, token) {
        tracing::warn!(error = %error, "cannot store the root token for the command line");
    }
}

fn say(stream: &mut dyn Write, text: &str) {
    // A closed stream is no reason not to serve.
    let _ = writeln!(stream, "{text}").and_then(|()| stream.flush());
}
