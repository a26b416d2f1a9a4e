//! Opens sessions with a database: which password, which encryption, how long one waits.

use crate::error::DatabaseError;
use crate::session::failure;
use crate::settings::Settings;
use crate::target::Target;
use crate::tls::{Papers, connector};
use deadpool_postgres::Connect;
use logical::secret::SecretText;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long the server may take to let us in once it is reached.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(5);

/// A session that was opened, and the task that carries it.
type Dialled = (Client, JoinHandle<()>);

/// Opens sessions.
#[derive(Clone)]
pub(crate) struct Dialer {
    /// How the database is opened.
    pub(crate) config: Config,
    /// How long that may take.
    pub(crate) patience: Duration,
    /// The same with the password that may have replaced the other one.
    replaced: Option<Config>,
    tls: MakeRustlsConnect,
    shown: Arc<str>,
}

impl Dialer {
    /// Understands the settings; opens nothing yet.
    pub(crate) async fn new(
        settings: &Settings,
        replaced_by: Option<&SecretText>,
    ) -> Result<Self, DatabaseError> {
        let target = settings.target(&settings.password)?;
        let replaced = replaced_by
            .map(|password| settings.target(password))
            .transpose()?;
        Ok(Self {
            patience: target.patience() + HANDSHAKE,
            tls: encryption(&target, &settings.papers).await?,
            shown: target.to_string().into(),
            config: target.config,
            replaced: replaced.map(|target| target.config),
        })
    }

    /// Opens a session in a database of the server.
    pub(crate) async fn visit(&self, database: &str) -> Result<Client, DatabaseError> {
        let mut there = self.clone();
        there.config.dbname(database);
        if let Some(config) = &mut there.replaced {
            config.dbname(database);
        }
        there
            .within_patience(there.dial())
            .await
            .map(|(client, _)| client)
    }

    /// Opens a session and asks it something.
    pub(crate) async fn verify(&self) -> Result<(), DatabaseError> {
        let asked = async {
            let (client, _) = self.dial().await?;
            client.simple_query("SELECT 1").await
        };
        self.within_patience(asked).await.map(drop)
    }

    /// What came of an attempt to open a session.
    pub(crate) fn failure(&self, error: &Error) -> DatabaseError {
        DatabaseError::Connect {
            target: self.shown.to_string(),
            reason: reason(error),
            is_refusal: is_refusal(error),
        }
    }

    /// No session came of it, for a reason that is none of the database's words.
    pub(crate) fn unreachable(&self, reason: &str) -> DatabaseError {
        DatabaseError::Connect {
            target: self.shown.to_string(),
            reason: reason.to_owned(),
            is_refusal: false,
        }
    }

    /// If the password is refused, the one that may have replaced it is tried.
    async fn dial(&self) -> Result<Dialled, Error> {
        match (self.dial_with(&self.config).await, &self.replaced) {
            (Err(error), Some(replaced)) if is_refusal(&error) => self.dial_with(replaced).await,
            (outcome, _) => outcome,
        }
    }

    async fn dial_with(&self, config: &Config) -> Result<Dialled, Error> {
        let (client, connection) = config.connect(self.tls.clone()).await?;
        // An error of the connection shows in the client's next answer.
        let task = tokio::spawn(async { drop(connection.await) });
        Ok((client, task))
    }

    async fn within_patience<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, DatabaseError> {
        match timeout(self.patience, work).await {
            Ok(outcome) => outcome.map_err(|error| self.failure(&error)),
            Err(_) => Err(self.unreachable("no answer in time")),
        }
    }
}

impl Connect for Dialer {
    fn connect(&self, _config: &Config) -> Pin<Box<dyn Future<Output = Result<Dialled, Error>> + Send + '_>> {
        Box::pin(self.dial())
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
fn reason(error: &Error) -> String {
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
