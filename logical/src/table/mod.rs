//! Path tables: each path of a plugin is said once. Dispatch, input, OpenAPI, path-help and the tests read it here.
//!
//! `pattern.rs` says which paths a route takes, `manifest.rs` what is known of routes, `input.rs` how parameters
//! become a type, this file how handlers are hung up and called.

mod input;
mod manifest;
mod pattern;

pub use manifest::{Access, Manifest, Matched, OperationFacts, Parameter, RouteFacts};
pub use pattern::Pattern;

use crate::{
    AuthMethod, Call, Captures, Cx, Done, Error, Lease, Login, Next, Operation, Plugin, Renewal, Reply,
    Result, Shape,
};
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;
type Handler<P> = Box<dyn Fn(Arc<P>, Cx, Call) -> Answer<Done> + Send + Sync>;
type Existence<P> = Box<dyn Fn(Arc<P>, Cx, Captures) -> Answer<bool> + Send + Sync>;
type Renews<P> = Box<dyn Fn(Arc<P>, Cx, Arc<Lease>) -> Answer<Renewal> + Send + Sync>;
type Revokes<P> = Box<dyn Fn(Arc<P>, Cx, Arc<Lease>) -> Answer<()> + Send + Sync>;
type Works<P> = Box<dyn Fn(Arc<P>, Cx) -> Answer<Next> + Send + Sync>;
type RenewsLogin<P> = Box<dyn Fn(Arc<P>, Cx, Login) -> Answer<Login> + Send + Sync>;

/// A plugin's paths, with the handlers behind them. It is the `Plugin` that is mounted.
pub struct Table<P> {
    plugin: Arc<P>,
    manifest: Manifest,
    routes: Vec<Hung<P>>,
    renews: Option<Renews<P>>,
    revokes: Option<Revokes<P>>,
    works: Option<Works<P>>,
}

/// A table whose logins become tokens.
pub struct AuthTable<P> {
    table: Table<P>,
    renews_login: RenewsLogin<P>,
}

/// One path while it is declared.
pub struct Route<P> {
    facts: RouteFacts,
    hung: Hung<P>,
}

struct Hung<P> {
    handlers: BTreeMap<Operation, Handler<P>>,
    exists: Option<Existence<P>>,
}

impl<P: Send + Sync + 'static> Table<P> {
    /// A table without paths, for a plugin of this name.
    pub fn new(plugin: P, name: &'static str, summary: &'static str) -> Self {
        Self {
            plugin: Arc::new(plugin),
            manifest: Manifest::new(name, summary),
            routes: Vec::new(),
            renews: None,
            revokes: None,
            works: None,
        }
    }

    /// Adds a path. Which of several matching patterns wins depends on how exact they are, never on their order.
    ///
    /// # Panics
    /// If a pattern is malformed or two have the same form: a mistake of the programmer that the first test shows.
    #[must_use]
    pub fn route(
        mut self,
        pattern: &'static str,
        access: Access,
        declare: impl FnOnce(&mut Route<P>),
    ) -> Self {
        let facts = RouteFacts::new(Pattern::parse(pattern), access);
        let mut route = Route {
            facts,
            hung: Hung {
                handlers: BTreeMap::new(),
                exists: None,
            },
        };
        declare(&mut route);
        self.manifest.add(route.facts);
        self.routes.push(route.hung);
        self
    }

    /// How a credential of this plugin is extended.
    #[must_use]
    pub fn renews<F, Fut>(mut self, renew: F) -> Self
    where
        F: Fn(Arc<P>, Cx, Arc<Lease>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Renewal>> + Send + 'static,
    {
        self.renews = Some(Box::new(move |plugin, cx, lease| {
            Box::pin(renew(plugin, cx, lease))
        }));
        self
    }

    /// How a credential of this plugin is ended. Retried until it succeeds, so it must be idempotent.
    #[must_use]
    pub fn revokes<F, Fut>(mut self, revoke: F) -> Self
    where
        F: Fn(Arc<P>, Cx, Arc<Lease>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.revokes = Some(Box::new(move |plugin, cx, lease| {
            Box::pin(revoke(plugin, cx, lease))
        }));
        self
    }

    /// The plugin's work of its own.
    #[must_use]
    pub fn works<F, Fut>(mut self, work: F) -> Self
    where
        F: Fn(Arc<P>, Cx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Next>> + Send + 'static,
    {
        self.works = Some(Box::new(move |plugin, cx| Box::pin(work(plugin, cx))));
        self
    }

    /// Makes it an auth method: says how a login is asked again when its token is renewed.
    pub fn logins<F, Fut>(self, renew_login: F) -> AuthTable<P>
    where
        F: Fn(Arc<P>, Cx, Login) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Login>> + Send + 'static,
    {
        AuthTable {
            table: self,
            renews_login: Box::new(move |plugin, cx, login| Box::pin(renew_login(plugin, cx, login))),
        }
    }

    /// The plugin behind the table.
    pub fn plugin(&self) -> &Arc<P> {
        &self.plugin
    }
}

impl<P: Send + Sync + 'static> Route<P> {
    /// Adds an operation. `I`'s doc comments and field types are the documentation of the parameters.
    pub fn on<I, F, Fut>(&mut self, operation: Operation, summary: &'static str, handler: F) -> &mut Self
    where
        I: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Arc<P>, Cx, I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        let facts = OperationFacts::of::<I>(operation, summary);
        let parameters = facts.parameters();
        self.facts.operations.push(facts);
        let handler: Handler<P> = Box::new(move |plugin, cx, call| {
            let read = input::read::<I>(call, &parameters);
            match read {
                Err(error) => Box::pin(async { Err(error) }),
                Ok((input, warnings)) => {
                    let answer = handler(plugin, cx, input);
                    Box::pin(async move {
                        let mut done = answer.await?;
                        // Vault warns in an answer that there is anyway, and never makes a 204 one for this alone.
                        if !matches!(done.reply, Reply::Empty) || !done.warnings.is_empty() {
                            done.warnings.extend(warnings);
                        }
                        Ok(done)
                    })
                }
            }
        });
        self.hung.handlers.insert(operation, handler);
        self
    }

    /// Adds an operation whose members are data and not parameters: KV version 1, the cubbyhole.
    pub fn on_call<F, Fut>(&mut self, operation: Operation, summary: &'static str, handler: F) -> &mut Self
    where
        F: Fn(Arc<P>, Cx, Call) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        self.facts
            .operations
            .push(OperationFacts::of_anything(operation, summary));
        let handler: Handler<P> = Box::new(move |plugin, cx, call| Box::pin(handler(plugin, cx, call)));
        self.hung.handlers.insert(operation, handler);
        self
    }

    /// Adds an operation that reads its members itself, because null means something to it or it keeps what it does not
    /// know. `I` only documents the parameters.
    pub fn on_call_of<I, F, Fut>(
        &mut self,
        operation: Operation,
        summary: &'static str,
        handler: F,
    ) -> &mut Self
    where
        I: JsonSchema,
        F: Fn(Arc<P>, Cx, Call) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        self.facts
            .operations
            .push(OperationFacts::of::<I>(operation, summary));
        let handler: Handler<P> = Box::new(move |plugin, cx, call| Box::pin(handler(plugin, cx, call)));
        self.hung.handlers.insert(operation, handler);
        self
    }

    /// Says how to see whether what a write names exists already: policies then tell `create` from `update`.
    pub fn exists<F, Fut>(&mut self, exists: F) -> &mut Self
    where
        F: Fn(Arc<P>, Cx, Captures) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<bool>> + Send + 'static,
    {
        self.facts.tells_create = true;
        self.hung.exists = Some(Box::new(move |plugin, cx, captures| {
            Box::pin(exists(plugin, cx, captures))
        }));
        self
    }

    /// Promises that reading and listing change nothing: no batch, no commit. Both audit entries are then written
    /// together, at the end.
    pub fn pure(&mut self) -> &mut Self {
        self.facts.pure = true;
        self
    }

    /// How the answers are laid out.
    pub fn shape(&mut self, shape: Shape) -> &mut Self {
        self.facts.shape = shape;
        self
    }

    /// The name that a capture catches is folded to lower case before the policy looks.
    pub fn folds(&mut self, capture: &'static str) -> &mut Self {
        self.facts.folds.push(capture);
        self
    }

    /// Its answers are never wrapped, whatever the client asks for.
    pub fn never_wrapped(&mut self) -> &mut Self {
        self.facts.wraps = false;
        self
    }
}

#[async_trait]
impl<P: Send + Sync + 'static> Plugin for Table<P> {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    async fn handle(&self, cx: Cx, call: Call) -> Result<Done> {
        // `Create` is an `Update` of something that is not there yet; a route declares one handler for both.
        let operation = if call.operation == Operation::Create {
            Operation::Update
        } else {
            call.operation
        };
        let handlers = self.routes.get(call.route).map(|hung| &hung.handlers);
        let handler = handlers.and_then(|handlers| handlers.get(&operation));
        handler.ok_or_else(Error::unsupported_operation)?(Arc::clone(&self.plugin), cx, call).await
    }

    async fn exists(&self, cx: Cx, route: usize, captures: Captures) -> Result<Option<bool>> {
        match self.routes.get(route).and_then(|hung| hung.exists.as_ref()) {
            Some(exists) => exists(Arc::clone(&self.plugin), cx, captures).await.map(Some),
            None => Ok(None),
        }
    }

    async fn renew(&self, cx: Cx, lease: Arc<Lease>) -> Result<Renewal> {
        match &self.renews {
            Some(renew) => renew(Arc::clone(&self.plugin), cx, lease).await,
            None => Err(Error::invalid("lease is not renewable")),
        }
    }

    async fn revoke(&self, cx: Cx, lease: Arc<Lease>) -> Result<()> {
        match &self.revokes {
            Some(revoke) => revoke(Arc::clone(&self.plugin), cx, lease).await,
            // What a plugin makes without saying how to end it has no life outside: its row is all there is.
            None => Ok(()),
        }
    }

    async fn work(&self, cx: Cx) -> Result<Next> {
        match &self.works {
            Some(work) => work(Arc::clone(&self.plugin), cx).await,
            None => Ok(Next::Never),
        }
    }
}

#[async_trait]
impl<P: Send + Sync + 'static> Plugin for AuthTable<P> {
    fn manifest(&self) -> &Manifest {
        self.table.manifest()
    }

    async fn handle(&self, cx: Cx, call: Call) -> Result<Done> {
        self.table.handle(cx, call).await
    }

    async fn exists(&self, cx: Cx, route: usize, captures: Captures) -> Result<Option<bool>> {
        self.table.exists(cx, route, captures).await
    }

    async fn renew(&self, cx: Cx, lease: Arc<Lease>) -> Result<Renewal> {
        self.table.renew(cx, lease).await
    }

    async fn revoke(&self, cx: Cx, lease: Arc<Lease>) -> Result<()> {
        self.table.revoke(cx, lease).await
    }

    async fn work(&self, cx: Cx) -> Result<Next> {
        self.table.work(cx).await
    }
}

#[async_trait]
impl<P: Send + Sync + 'static> AuthMethod for AuthTable<P> {
    async fn renew_login(&self, cx: Cx, login: Login) -> Result<Login> {
        (self.renews_login)(Arc::clone(&self.table.plugin), cx, login).await
    }
}
