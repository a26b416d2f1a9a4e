//! The corridor itself.

use audit::{Decision, Outcome, Subject};
use futures_util::FutureExt;
use logical::{Error, ErrorKind, Operation, Request, Response, Result};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use crate::authorize::Verdict;
use crate::house::House;
use crate::identify::Standing;
use crate::route::Route;
use crate::serve::Served;
use crate::status;

/// A request that was let in: what, where and by whom.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a Request,
    pub(crate) route: &'a Route,
    pub(crate) standing: &'a Standing,
}

impl House {
    /// Answers a request. Runs to its end whether the client waits for it or not.
    pub async fn answer(self: &Arc<Self>, request: Request) -> Response {
        let (house, id) = (Arc::clone(self), request.id.clone());
        let walked = self.tasks.spawn(async move { house.walk(request).await }).await;
        // A panic that got this far was in the corridor itself; plugins are caught nearer to where they fall.
        walked.unwrap_or_else(|_| status::refusal(&id, &Error::internal("the corridor panicked")))
    }

    /// The corridor. Each line is a room; read it from top to bottom.
    async fn walk(self: &Arc<Self>, request: Request) -> Response {
        let mut request = match self.admit(request) {
            Ok(request) => request,
            Err((id, error)) => return status::refusal(&id, &error),
        };
        let route = self.route(&request); // what the path leads to; perhaps nowhere
        let (standing, verdict) = match self.identify(&request, &route).await {
            Ok(standing) => {
                let verdict = self.judge(&mut request, &route, &standing).await;
                (standing, verdict)
            }
            Err(error) => (Standing::default(), Err(error)),
        };
        let judged = Judged::of(&verdict, &request, &standing);
        let subject = judged.subject(&request, &route, &standing);
        let pure = verdict.is_ok() && route.is_pure(&request, &standing);
        let opened = if pure {
            Ok(())
        } else {
            self.audit.request(&subject).await
        };
        let served = match (verdict, opened) {
            (Err(refused), _) => Err(refused), // a refusal is answered as itself, recorded or not
            (Ok(_), Err(unrecorded)) => Err(unrecorded), // what cannot be recorded does not happen
            (Ok(verdict), Ok(())) => {
                self.serve_caught(
                    verdict,
                    Asked {
                        request: &request,
                        route: &route,
                        standing: &standing,
                    },
                )
                .await
            }
        };
        let response = self.close(&request, &subject, served, pure).await; // recorded before a byte leaves
        self.retire(&standing).await; // a token whose last use this was
        response
    }

    /// Finds out whether a write creates or updates, which the entries tell too, and decides.
    async fn judge(&self, request: &mut Request, route: &Route, standing: &Standing) -> Result<Verdict> {
        let operation = self
            .create_or_update(Asked {
                request,
                route,
                standing,
            })
            .await?;
        request.operation = operation;
        self.authorize(
            Asked {
                request,
                route,
                standing,
            },
            operation,
        )
        .await
    }

    /// Whatever a plugin does, this returns.
    async fn serve_caught(self: &Arc<Self>, verdict: Verdict, asked: Asked<'_>) -> Result<Served> {
        let served = AssertUnwindSafe(self.serve(verdict, asked)).catch_unwind().await;
        served.unwrap_or_else(|_| {
            let mount = asked
                .route
                .mount
                .as_ref()
                .map_or("", |mount| mount.entry.path.as_str());
            // The payload may hold a secret, so it is not looked at.
            tracing::error!(
                mount.path = mount,
                request.id = asked.request.id,
                "a plugin panicked"
            );
            Err(Error::internal("a plugin panicked"))
        })
    }

    /// Closes the bracket: the answer is recorded, or it is not given.
    async fn close(
        self: &Arc<Self>,
        request: &Request,
        subject: &Subject<'_>,
        served: Result<Served>,
        pure: bool,
    ) -> Response {
        let (response, undo, login, error) = match served {
            Ok(served) => (served.response, served.undo, served.login, None),
            Err(error) => (status::refusal(&request.id, &error), None, None, Some(error)),
        };
        if let Some(error) = error.as_ref().filter(|error| error.kind() == ErrorKind::Internal) {
            tracing::error!(request.id = request.id, path = %request.path, error = %error, "a request failed");
        }
        let text = error.as_ref().and_then(status::recorded_text);
        let outcome = Outcome {
            response: &response,
            error: text.as_deref(),
            login: login.as_ref().map(|login| login.as_new_token()),
        };
        let recorded = if pure {
            self.audit.both(subject, &outcome).await
        } else {
            self.audit.response(subject, &outcome).await
        };
        let Err(unrecorded) = recorded else {
            return response;
        };
        tracing::error!(request.id = request.id, error = %unrecorded, "an answer could not be recorded");
        if let Some(undo) = undo {
            self.undo(undo);
        }
        // A denial is a denial, recorded or not.
        match error {
            Some(error) if error.kind() == ErrorKind::Denied => response,
            _ => status::refusal(&request.id, &unrecorded),
        }
    }
}

/// What was decided, kept for the audit entries while the verdict itself is used up.
struct Judged {
    operation: Operation,
    granting: Option<Arc<[String]>>,
    asked: bool,
    error: Option<String>,
}

impl Judged {
    fn of(verdict: &Result<Verdict>, request: &Request, standing: &Standing) -> Self {
        match verdict {
            Ok(verdict) => Self {
                operation: verdict.operation,
                granting: Some(verdict.granting()),
                asked: true,
                error: None,
            },
            Err(error) => Self {
                operation: request.operation,
                granting: None,
                asked: standing.recognised,
                error: status::recorded_text(error),
            },
        }
    }

    fn subject<'a>(&'a self, request: &'a Request, route: &'a Route, standing: &'a Standing) -> Subject<'a> {
        let decision = match &self.granting {
            Some(granting) => Decision::Granted(granting),
            None if self.asked => Decision::Denied,
            None => Decision::Unasked,
        };
        Subject {
            request,
            operation: self.operation,
            path: route.path.as_str(),
            mount: route.mount.as_ref().map(|mount| mount.facts.as_ref()),
            caller: &standing.caller,
            decision,
            error: self.error.as_deref(),
        }
    }
}
