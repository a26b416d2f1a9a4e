//! An open connection to a database: its pool and its lanes.

use crate::dialer::{Dialer, HANDSHAKE};
use crate::error::DatabaseError;
use crate::grants::Turns;
use crate::session::Session;
use crate::settings::Settings;
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use logical::Revision;
use logical::secret::SecretText;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many logins of one connection are made and ended at once. The rest wait, and nobody else does.
const LANES: usize = 8;

/// How long one waits for a lane, and for a session that others use, before one is told so.
const WAIT: Duration = Duration::from_secs(30);

/// What statements of roles left behind in a session does not reach the next one.
const MANAGER: ManagerConfig = ManagerConfig {
    recycling_method: RecyclingMethod::Clean,
};

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

impl Connection {
    /// Prepares a connection; opens nothing yet. `replaced_by` is the password that a rotation may have set.
    pub(crate) async fn prepare(
        settings: &Settings,
        replaced_by: Option<&SecretText>,
        revision: Revision,
    ) -> Result<Self, DatabaseError> {
        let dialer = Dialer::new(settings, replaced_by).await?;
        let lifetime = settings.lifetime;
        let pool = Pool::builder(Manager::from_connect(
            dialer.config.clone(),
            dialer.clone(),
            MANAGER,
        ))
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
            return Err(self.dialer.unreachable("all lanes are taken"));
        };
        let client = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => self.dialer.failure(&error),
            PoolError::Timeout(_) => self.dialer.unreachable("no answer in time"),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                self.dialer.unreachable("the connection was closed")
            }
        })?;
        Ok(Session::pooled(client, lane, self.idle_max))
    }

    /// A session of its own in another database of the same server.
    pub(crate) async fn visit(&self, database: &str) -> Result<Session, DatabaseError> {
        self.dialer.visit(database).await.map(Session::visiting)
    }

    /// Opens a session outside of the pool and asks it something, to see whether the configuration works.
    pub(crate) async fn verify(&self) -> Result<(), DatabaseError> {
        self.dialer.verify().await
    }
}

/// Closing is for the sessions that nobody uses; who has one goes on.
impl Drop for Connection {
    fn drop(&mut self) {
        self.pool.close();
    }
}
