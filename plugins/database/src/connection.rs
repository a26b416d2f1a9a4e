//! An open connection to a database: its pool, its lanes, and how a new session is dialled.

use crate::error::DatabaseError;
use crate::grants::Turns;
use crate::session::{Session, failure};
use crate::settings::Settings;
use crate::target::Target;
use crate::tls::{Papers, connector};
use deadpool_postgres::{
    Connect, Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
};
use logical::Revision;
use logical::secret::SecretText;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How many logins of one connection are made and ended at once. The rest wait, and nobody else does.
const LANES: usize = 8;

/// How long one waits for a lane, and for a session that others use, before one is told so.
const WAIT: Duration = Duration::from_secs(30);

/// How long the server may take to let us in once it is reached.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// A database that is used. Sessions are opened when they are needed, and closed with this.
pub(crate) struct Connection {
    /// The commit that wrote the configuration that this was made of.
    pub(crate) revision: Revision,
    /// Whether logins are made one after another.
    pub(crate) turns: Turns,
    pool: Pool,
    lanes: Arc<Semaphore>,
    dialer: Dialer,
    idle_max: usize,
}

/// Opens sessions.
#[derive(Clone)]
struct Dialer {
    /// How the database is opened: with the password, and with the one that may have replaced it.
    configs: Vec<Config>,
    tls: MakeRustlsConnect,
    shown: Arc<str>,
    /// How long all of it may take.
    patience: Duration,
}

impl Connection {
    /// Prepares a connection; opens nothing yet. `replaced_by` is the password that a rotation may have set.
    pub(crate) async fn prepare(
        settings: &Settings,
        replaced_by: Option<&SecretText>,
        revision: Revision,
    ) -> Result<Self, DatabaseError> {
        let target = settings.target(&settings.password)?;
        let tls = encryption(&target, &settings.papers).await?;
        let mut dialer = Dialer {
            shown: target.to_string().into(),
            patience: target.patience() + HANDSHAKE,
            configs: vec![target.config.clone()],
            tls,
        };
        if let Some(password) = replaced_by {
            dialer.configs.push(settings.target(password)?.config);
        }
        let lifetime = settings.lifetime;
        let pool = Pool::builder(Manager::from_connect(target.config, dialer.clone(), MANAGER))
            .max_size(settings.open_max.min(Semaphore::MAX_PERMITS))
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(dialer.patience))
            .recycle_timeout(Some(HANDSHAKE))
            .runtime(Runtime::Tokio1)
            .pre_recycle(Hook::sync_fn(move |_, metrics| {
                if lifetime.is_zero() || metrics.age() < lifetime {
                    Ok(())
                } else {
                    Err(HookError::message("the connection has become too old"))
                }
            }))
            .build()
            .map_err(|e| DatabaseError::Invalid(format!("make a pool of connections: {e}")))?;
        Ok(Self {
            revision,
            turns: Turns::default(),
            pool,
            lanes: Arc::new(Semaphore::new(LANES)),
            dialer,
            idle_max: settings.idle_max,
        })
    }

    /// A session of the pool, as soon as there is a lane for it.
    pub(crate) async fn session(&self) -> Result<Session, DatabaseError> {
        let lane = timeout(WAIT, Arc::clone(&self.lanes).acquire_owned()).await;
        let Ok(Ok(lane)) = lane else {
            return Err(self.unreachable("all lanes are taken"));
        };
        let client = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => self.dialer.failure(&error),
            PoolError::Timeout(_) => self.unreachable("no answer in time"),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                self.unreachable("the connection was closed")
            }
        })?;
        Ok(Session::pooled(client, lane, self.idle_max))
    }

    /// A session of its own in another database of the same server.
    pub(crate) async fn visit(&self, database: &str) -> Result<Session, DatabaseError> {
        let dialled = timeout(self.dialer.patience, self.dialer.dial(Some(database))).await;
        match dialled {
            Ok(Ok((client, _))) => Ok(Session::visiting(client)),
            Ok(Err(error)) => Err(self.dialer.failure(&error)),
            Err(_) => Err(self.unreachable("no answer in time")),
        }
    }

    /// Opens a session outside of the pool and asks it something, to see whether the configuration works.
    pub(crate) async fn verify(&self) -> Result<(), DatabaseError> {
        let dialled = timeout(self.dialer.patience, async {
            let (client, _) = self.dialer.dial(None).await?;
            client.simple_query("SELECT 1").await
        });
        match dialled.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.dialer.failure(&error)),
            Err(_) => Err(self.unreachable("no answer in time")),
        }
    }

    fn unreachable(&self, reason: &str) -> DatabaseError {
        DatabaseError::Connect {
            target: self.dialer.shown.to_string(),
            reason: reason.to_owned(),
            is_refusal: false,
        }
    }
}

/// Closing is for the sessions that nobody uses; who has one goes on.
impl Drop for Connection {
    fn drop(&mut self) {
        self.pool.close();
    }
}

/// What statements of roles left behind in a session does not reach the next one.
const MANAGER: ManagerConfig = ManagerConfig {
    recycling_method: RecyclingMethod::Clean,
};

impl Dialer {
    /// Opens a session. If the password is refused, the one that may have replaced it is tried.
    async fn dial(&self, database: Option<&str>) -> Result<(Client, JoinHandle<()>), Error> {
        let mut configs = self.configs.iter().peekable();
        loop {
            // Invariant: there is at least one configuration, and the last one returns.
            let mut config = configs.next().cloned().unwrap_or_default();
            if let Some(database) = database {
                config.dbname(database);
            }
            match config.connect(self.tls.clone()).await {
                Ok((client, connection)) => {
                    // An error of the connection shows in the client's next answer.
                    let task = tokio::spawn(async { drop(connection.await) });
                    return Ok((client, task));
                }
                Err(error) if is_refusal(&error) && configs.peek().is_some() => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn failure(&self, error: &Error) -> DatabaseError {
        DatabaseError::Connect {
            target: self.shown.to_string(),
            reason: connect_reason(error),
            is_refusal: is_refusal(error),
        }
    }
}

impl Connect for Dialer {
    fn connect(
        &self,
        _config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        Box::pin(self.dial(None))
    }
}

async fn encryption(target: &Target, papers: &Papers) -> Result<MakeRustlsConnect, DatabaseError> {
    let Some(path) = target.root_certificates.as_ref().filter(|path| *path != "system") else {
        return connector(target.trust, papers);
    };
    let pem = tokio::fs::read(path)
        .await
        .map_err(|e| DatabaseError::Invalid(format!("read sslrootcert: {}", e.kind())))?;
    connector(
        target.trust,
        &Papers {
            authorities: Some(pem),
            identity: papers.identity.clone(),
        },
    )
}

/// Whether the server knows us and does not believe us.
fn is_refusal(error: &Error) -> bool {
    let codes = [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    ];
    error.code().is_some_and(|code| codes.contains(code))
}

/// What the server or the network said. Neither ever says a password.
fn connect_reason(error: &Error) -> String {
    match failure("connect", error) {
        DatabaseError::Refused { code, message } => format!("FATAL: {message} (SQLSTATE {code})"),
        _ => {
            let mut reason = error.to_string();
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                reason = format!("{reason}: {cause}");
                source = cause.source();
            }
            reason
        }
    }
}
