//! Past the door: the plugin answers, the corridor adds its rows, one commit makes both true.

use audit::NewToken;
use logical::{AuthInfo, Batch, Call, Done, Error, ErrorKind, Lease, Operation, Response, Result, Revision};
use server_leases::LeaseId;
use server_mounts::Mount;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::authorize::Verdict;
use crate::corridor::Asked;
use crate::help;
use crate::house::House;
use crate::settle::Settled;
use crate::status;

/// How often a handler is asked again, because somebody else changed what it had decided on.
const ATTEMPTS_MAX: usize = 128;

/// An answer whose writes are durable.
pub(crate) struct Served {
    pub(crate) response: Response,
    /// How to take back what was made, if the answer cannot be given.
    pub(crate) undo: Option<Undo>,
    pub(crate) login: Option<LoggedIn>,
}

/// What was made, and is taken back if nobody gets to see it.
pub(crate) enum Undo {
    /// A credential whose lease is not durable.
    Credential(Arc<Mount>, Arc<Lease>),
    /// A credential with a lease.
    Lease(LeaseId),
    /// A token.
    Token(logical::Id),
}

/// A token that a login made.
pub(crate) struct LoggedIn {
    pub(crate) auth: AuthInfo,
    pub(crate) entity_created: bool,
}

impl LoggedIn {
    pub(crate) fn as_new_token(&self) -> NewToken<'_> {
        NewToken {
            auth: &self.auth,
            entity_created: self.entity_created,
        }
    }
}

impl House {
    /// Asks the plugin and makes its answer true. The verdict is used up: it was good for this request alone.
    pub(crate) async fn serve(self: &Arc<Self>, verdict: Verdict, asked: Asked<'_>) -> Result<Served> {
        let mut verdict = verdict;
        for _ in 0..ATTEMPTS_MAX {
            let (settled, committed) = self.ask(verdict, asked).await?;
            let Settled {
                response,
                batch,
                after,
                undo,
                login,
            } = settled;
            match self.make_true(batch).await {
                Ok(()) => {
                    after.into_iter().for_each(|learn| learn());
                    return Ok(Served {
                        response,
                        undo: undo.map(Undo::registered),
                        login,
                    });
                }
                Err(error) => {
                    if let Some(undo) = undo {
                        self.undo(undo);
                    }
                    if error.kind() != ErrorKind::Conflict || committed {
                        return Err(lost(error));
                    }
                }
            }
            // Somebody else was faster. What is there now may be another thing: ask everything again.
            let operation = self.create_or_update(asked).await?;
            verdict = self.authorize(asked, operation).await?;
        }
        Err(Error::unavailable("too many writers at once; try again"))
    }

    /// Asks the plugin once. Says besides whether it committed something by itself.
    async fn ask(self: &Arc<Self>, verdict: Verdict, asked: Asked<'_>) -> Result<(Settled, bool)> {
        let Asked { request, route, .. } = asked;
        let Some(mount) = &route.mount else {
            let text = format!(
                "no handler for route {:?}. route entry not found.",
                route.path.as_str()
            );
            return Err(Error::new(ErrorKind::NotFound, text));
        };
        if verdict.operation == Operation::Help {
            let response = help::answer(&request.id, mount, route.matched.as_ref());
            return Ok((Settled::answer(response), false));
        }
        let Some(matched) = &route.matched else {
            return Err(status::in_vaults_words(Error::unsupported_path()));
        };
        let operation = verdict.operation;
        let call = Call {
            route: matched.route,
            operation,
            path: route.below().to_owned(),
            captures: matched.captures.clone(),
            data: verdict.limited(request.data.clone()),
        };
        let given = self.cx(mount, asked, operation);
        let done = mount
            .mounted
            .plugin()
            .handle(given.cx, call)
            .await
            .map_err(status::in_vaults_words)?;
        let reads = matches!(operation, Operation::Read) || operation.is_listing();
        if reads && route.facts().is_some_and(|facts| facts.pure) && !done.batch.is_empty() {
            return Err(Error::internal(format!(
                "the pure route {} wants to write",
                route.path
            )));
        }
        let done = Done {
            reply: verdict.filtered(done.reply, route.path.as_str()),
            ..done
        };
        let settled = self.settle(done, asked).await?;
        Ok((settled, given.committed.load(Ordering::Relaxed)))
    }

    async fn make_true(&self, batch: Batch) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        self.commit(batch).await.map(|_| ())
    }

    /// Makes a batch durable.
    pub async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.store.commit(batch).await
    }
}

impl Undo {
    /// The same, once the lease is durable.
    fn registered(self) -> Self {
        match self {
            Self::Credential(mount, lease) => match lease.id.parse() {
                Ok(id) => Self::Lease(id),
                Err(_) => Self::Credential(mount, lease),
            },
            other => other,
        }
    }
}

/// A conflict that cannot be tried again is no fault of the client's.
fn lost(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Conflict => Error::unavailable("the store changed meanwhile; try again"),
        _ => error,
    }
}
