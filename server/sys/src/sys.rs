//! The house's own tables, and what their handlers share.

use async_trait::async_trait;
use logical::{AuthTable, Body, Done, Fields, Login, Reply, Response, Result, Table, Time};
use serde_json::Value;
use server_pipeline::House;
use std::sync::Arc;

use crate::remount::Moves;
use crate::{
    CrossOriginRecord, Keyholders, Loggers, audits, capabilities, counters, cross_origin, decode_token,
    identity, inspect, internal, leases, loggers, mounts, operator, plugins, policies, remount, server,
    token, tools, versions, wrapping,
};

/// What the handlers of the house's own tables go to.
#[derive(Clone)]
pub struct Sys {
    /// The rooms.
    pub house: Arc<House>,
    /// What only the wiring can do.
    pub operator: Arc<dyn Operator>,
    /// Moves of mounts whose status can still be asked.
    pub moves: Arc<Moves>,
}

/// What only the wiring can do: it owns the barrier and the seal.
#[async_trait]
pub trait Operator: Send + Sync {
    /// Seals the house. Always works; it is recorded at the next unsealing if it cannot be now.
    async fn seal(&self) -> Result<()>;

    /// Makes a new data key, for all that is written from now on.
    async fn rotate(&self) -> Result<()>;

    /// The data key that seals now.
    fn key_status(&self) -> Result<KeyInUse>;

    /// What those who hold key shares can do.
    fn keyholders(&self) -> &dyn Keyholders;

    /// Whether audit devices may be made by request; `false` unless the configuration says so.
    fn may_create_devices(&self) -> bool;

    /// Whether requests may look at the router; `false` unless the configuration says so.
    fn may_inspect(&self) -> bool;

    /// How much is logged.
    fn loggers(&self) -> &dyn Loggers;

    /// The configuration, without what is secret in it.
    fn settings(&self) -> Fields;

    /// Facts about the machine.
    fn host(&self) -> Fields;

    /// This node, as a list of nodes shows it.
    fn node(&self) -> Value;

    /// Tells the listeners which web pages of others may ask; `None` is none.
    fn set_cross_origin(&self, record: Option<CrossOriginRecord>);
}

/// The data key that seals now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyInUse {
    /// Its number.
    pub term: u32,
    /// Since when it seals.
    pub installed: Time,
    /// How many records it has sealed, at most.
    pub encryptions: u64,
}

/// `sys/*`.
pub fn system_table(sys: Sys) -> Table<Sys> {
    let table = Table::new(
        sys,
        "system",
        "Controls the server: mounts, policies, leases, audit, seal.",
    );
    let table = mounts::routes(table);
    let table = remount::routes(table);
    let table = policies::routes(table);
    let table = capabilities::routes(table);
    let table = leases::routes(table);
    let table = wrapping::routes(table);
    let table = audits::routes(table);
    let table = internal::routes(table);
    let table = cross_origin::routes(table);
    let table = tools::routes(table);
    let table = plugins::routes(table);
    let table = server::routes(table);
    let table = decode_token::routes(table);
    let table = versions::routes(table);
    let table = counters::routes(table);
    let table = loggers::routes(table);
    let table = inspect::routes(table);
    operator::routes(table)
}

/// `auth/token/*`.
pub fn token_table(sys: Sys) -> AuthTable<Sys> {
    let table = Table::new(sys, "token", "Makes, looks up, renews and revokes tokens.");
    // Tokens made here are no logins: nobody is asked when they are renewed.
    token::routes(table).logins(|_, _, login: Login| async { Ok(login) })
}

/// `identity/*`.
pub fn identity_table(sys: Sys) -> Table<Sys> {
    identity::routes(Table::new(
        sys,
        "identity",
        "Who stands behind logins: entities and aliases.",
    ))
}

impl Sys {
    /// An answer that carries more than members: a token, a lease.
    pub(crate) fn answer(response: Response) -> Done {
        Done::reply(Reply::Answer(Box::new(response)))
    }

    /// The same with members.
    pub(crate) fn response(request_id: &str, data: Option<Fields>) -> Response {
        Response::new(request_id, 200, Body::Data(data))
    }
}
