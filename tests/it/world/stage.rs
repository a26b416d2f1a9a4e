//! A plugin that does what a test tells it, and remembers what it did.

use crate::world::canary;
use logical::{Access, Done, Error, Fields, LeaseTerms, Mounted, Operation, Reply, Table};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// What the plugin did, and what it is to do.
#[derive(Default)]
pub(crate) struct Stage {
    /// How often something happened outside.
    pub(crate) effects: AtomicUsize,
    /// Credentials that exist outside.
    pub(crate) alive: AtomicUsize,
    /// How often it was told to end a credential.
    pub(crate) ends: AtomicUsize,
    /// Told when a handler waits.
    pub(crate) waits: Notify,
    /// Lets a waiting handler go on.
    pub(crate) go_on: Notify,
    /// Done by the next handler, in the middle of its work.
    pub(crate) interlude: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

/// No parameters.
#[derive(Deserialize, JsonSchema)]
struct Nothing {}

impl Stage {
    /// The plugin.
    pub(crate) fn mounted(self: &Arc<Self>) -> Mounted {
        let table = Table::new(Arc::clone(self), "stage", "Does what a test tells it.")
            .route("effect", Access::Token, |r| {
                r.on(
                    Operation::Update,
                    "Do something outside.",
                    |stage, _, _: Nothing| async move {
                        stage.act();
                        Ok(Done::data(json!({ "done": true })))
                    },
                );
            })
            .route("fail", Access::Token, |r| {
                r.on(Operation::Update, "Fail.", |_, _, _: Nothing| async move {
                    Err(Error::invalid("this cannot be done"))
                });
            })
            .route("panic", Access::Token, |r| {
                r.on(Operation::Update, "Panic.", |_, _, _: Nothing| async move {
                    panic!("{}", "a plugin falls, as ordered")
                });
            })
            .route("wait", Access::Token, |r| {
                r.on(
                    Operation::Update,
                    "Wait to be told.",
                    |stage, _, _: Nothing| async move {
                        stage.waits.notify_one();
                        stage.go_on.notified().await;
                        stage.act();
                        Ok(Done::empty())
                    },
                );
            })
            .route("creds", Access::Token, |r| {
                r.on(
                    Operation::Read,
                    "Make a credential.",
                    |stage, _, _: Nothing| async move { Ok(Done::reply(stage.credential())) },
                );
            })
            .revokes(|stage, _, _| async move {
                // Room for a second one that ends the same, as a database would give it.
                tokio::task::yield_now().await;
                stage.alive.fetch_sub(1, Ordering::SeqCst);
                stage.ends.fetch_add(1, Ordering::SeqCst);
                Ok(())
            });
        Mounted::Secrets(Arc::new(table))
    }

    /// How often something happened outside.
    pub(crate) fn effects(&self) -> usize {
        self.effects.load(Ordering::SeqCst)
    }

    /// How many credentials exist outside.
    pub(crate) fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }

    fn act(&self) {
        self.effects.fetch_add(1, Ordering::SeqCst);
        if let Some(interlude) = self.interlude.lock().take() {
            interlude();
        }
    }

    fn credential(&self) -> Reply {
        self.act();
        self.alive.fetch_add(1, Ordering::SeqCst);
        Reply::Secret {
            data: Fields::of(json!({ "password": canary("credential") })),
            lease: LeaseTerms {
                ttl: None,
                max_ttl: None,
                renewable: true,
                internal: Fields::new(),
            },
        }
    }
}
