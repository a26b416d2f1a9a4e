//! The paths of the engine, and what it keeps in memory: open connections.

use crate::config::{self, Config, ConfigDocument};
use crate::connection::Connection;
use crate::creds;
use crate::error::DatabaseError;
use crate::input::{NameInput, NoInput, Stored};
use crate::recovery;
use crate::renew;
use crate::reset::{self, PluginInput};
use crate::revoke;
use crate::roles::{self, RoleInput};
use crate::rotate_root;
use crate::rotation::Rotation;
use logical::field::PageInput;
use logical::{Access, Cx, Id, Operation, Result, Table};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// What the engine keeps in memory.
#[derive(Default)]
pub struct Database {
    open: Mutex<HashMap<String, Arc<Connection>>>,
    rotating: Mutex<HashSet<String>>,
    process: OnceLock<Id>,
}

/// The secrets engine for databases.
pub fn database() -> Table<Database> {
    use Operation::{Delete, List, Read, Update};
    Table::new(
        Database::default(),
        "database",
        "Makes database logins for each caller, and drops them when their lease ends.",
    )
    .route("config", Access::Token, |r| {
        r.pure()
            .on::<NoInput, _, _>(List, "List the connections.", |_, cx, _| config::list(cx));
    })
    .route("config/{name:word}", Access::Token, |r| {
        r.pure()
            .exists(|_, cx, captures| async move { config::exists(&cx, captures.get("name")).await })
            .on::<NameInput, _, _>(
                Read,
                "Read a connection, without its passwords.",
                |_, cx, input| config::read(cx, input),
            )
            .on_call_of::<ConfigDocument, _, _>(Update, "Configure a connection.", config::write)
            .on::<NameInput, _, _>(Delete, "Forget a connection.", |database, _, input| {
                config::delete(database, input)
            });
    })
    .route("roles", Access::Token, |r| {
        r.pure()
            .on::<PageInput, _, _>(List, "List the roles.", |_, cx, input| roles::list(cx, input));
    })
    .route("roles/{name:word}", Access::Token, |r| {
        r.pure()
            .exists(|_, cx, captures| async move { roles::exists(&cx, captures.get("name")).await })
            .on::<NameInput, _, _>(Read, "Read a role.", |_, cx, input| roles::read(cx, input))
            .on::<RoleInput, _, _>(
                Update,
                "Say how logins of a role are made and ended.",
                |_, cx, input| roles::write(cx, input),
            )
            .on::<NameInput, _, _>(Delete, "Forget a role; its logins stay.", |_, _, input| {
                roles::delete(input)
            });
    })
    .route("creds/{name:word}", Access::Token, |r| {
        r.on::<NameInput, _, _>(Read, "Make a login.", creds::make);
    })
    .route("reset/{name:word}", Access::Token, |r| {
        r.on::<NameInput, _, _>(
            Update,
            "Close a connection's sessions and open new ones.",
            reset::reset,
        );
    })
    .route("rotate-root/{name:word}", Access::Token, |r| {
        r.on::<NameInput, _, _>(
            Update,
            "Change the administrator's password.",
            rotate_root::rotate,
        );
    })
    .route("reload/{plugin}", Access::Token, |r| {
        r.on::<PluginInput, _, _>(
            Update,
            "Close the sessions of all connections of a plugin.",
            reset::reload,
        );
    })
    .renews(renew::renew)
    .revokes(revoke::revoke)
    .works(recovery::work)
}

impl Database {
    /// A connection as it is configured now, open or ready to be opened.
    pub(crate) async fn connection(&self, cx: &Cx, name: &str) -> Result<(Stored<Config>, Arc<Connection>)> {
        let config = Config::find(cx, name)
            .await?
            .ok_or_else(|| DatabaseError::NoConnection(name.to_owned()))?;
        let known = self.open.lock().get(name).cloned();
        if let Some(connection) = known.filter(|known| known.revision == config.revision) {
            return Ok((config, connection));
        }
        let pending = Rotation::find(cx, name).await?;
        let replaced_by = pending.as_ref().map(|rotation| rotation.record.password());
        let settings = config.record.settings()?;
        let connection = Connection::prepare(&settings, replaced_by.as_ref(), config.revision).await?;
        let connection = Arc::new(connection);
        self.open.lock().insert(name.to_owned(), Arc::clone(&connection));
        Ok((config, connection))
    }

    /// Lets go of an open connection, so that the next one is made anew.
    pub(crate) fn forget(&self, name: &str) {
        self.open.lock().remove(name);
    }

    /// Which process this is; an intent of another one was left behind.
    pub(crate) fn process(&self, cx: &Cx) -> Id {
        *self.process.get_or_init(|| Id::new(cx.now, cx.services.random()))
    }

    /// Reserves a connection for a rotation; `None` if one is under way.
    pub(crate) fn reserve(self: &Arc<Self>, name: &str) -> Option<Reserved> {
        let is_free = self.rotating.lock().insert(name.to_owned());
        is_free.then(|| Reserved {
            database: Arc::clone(self),
            name: name.to_owned(),
        })
    }
}

/// The right to rotate a connection's password, until it is dropped.
pub(crate) struct Reserved {
    database: Arc<Database>,
    name: String,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.database.rotating.lock().remove(&self.name);
    }
}
