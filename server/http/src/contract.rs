//! What stands behind the door. The wiring implements both.

use async_trait::async_trait;
use logical::{Fields, Request, Response, Result};

/// Whoever answers requests.
#[async_trait]
pub trait Corridor: Send + Sync {
    /// Answers a request. Dropping the future must not stop what was begun: a client may hang up at any time.
    async fn answer(&self, request: Request) -> Response;
}

/// What must be answered while the server is sealed. Nobody is asked who they are, and the bodies have no envelope.
#[async_trait]
pub trait Bootstrap: Send + Sync {
    /// How far the seal is open: `sys/seal-status`.
    async fn seal_status(&self) -> Result<Fields>;

    /// Whether there is anything to unseal: `GET sys/init`.
    async fn init_status(&self) -> Result<Fields>;

    /// Makes keys and a root token: `PUT sys/init`.
    async fn init(&self, members: Fields) -> Result<Fields>;

    /// Takes a share: `PUT sys/unseal`.
    async fn unseal(&self, members: Fields) -> Result<Fields>;

    /// The state of this node and what is said about it: `sys/health`.
    async fn health(&self) -> Result<(Health, Fields)>;

    /// Who leads: `sys/leader`.
    async fn leader(&self) -> Result<Fields>;
}

/// The state of a node, as load balancers distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Answers requests.
    Active,
    /// Waits for the active node to fail.
    Standby,
    /// Has no key.
    Sealed,
    /// Has nothing to unseal.
    Uninitialized,
}
