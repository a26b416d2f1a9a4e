//! From a plugin's reply to an answer, with the rows that the corridor adds: a lease, a token, a wrapped answer.

use logical::{
    Batch, Body, Done, Error, Fields, Id, LeaseInfo, LeaseTerms, Lifetime, Mounted, Operation, Reply,
    Request, Response, Result,
};
use serde_json::Value;
use server_leases::Register;
use server_mounts::Mount;
use server_tokens::Tokens;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::corridor::Asked;
use crate::house::House;
use crate::serve::{LoggedIn, Undo};

/// An answer, and what must be durable before it is true.
pub(crate) struct Settled {
    pub(crate) response: Response,
    pub(crate) batch: Batch,
    pub(crate) after: Vec<Box<dyn FnOnce() + Send>>,
    pub(crate) undo: Option<Undo>,
    pub(crate) login: Option<LoggedIn>,
}

impl Settled {
    /// An answer that changes nothing.
    pub(crate) fn answer(response: Response) -> Self {
        Self {
            response,
            batch: Batch::new(),
            after: Vec::new(),
            undo: None,
            login: None,
        }
    }
}

impl House {
    pub(crate) async fn settle(self: &Arc<Self>, done: Done, asked: Asked<'_>) -> Result<Settled> {
        let Asked {
            request,
            route,
            standing,
        } = asked;
        let mount = route
            .mount
            .as_ref()
            .ok_or_else(|| Error::internal("a reply from no mount"))?;
        let Done {
            reply,
            batch,
            warnings,
            after,
        } = done;
        let mut settled = Settled {
            batch: batch.below(&crate::route::prefix(mount)),
            after,
            ..Settled::answer(Response::empty(&request.id))
        };
        match (&mount.mounted, reply) {
            (Mounted::Auth(_), Reply::Login(login)) => {
                self.log_in(&mut settled, mount, *login, request).await?
            }
            (Mounted::Secrets(_), Reply::Login(_)) => {
                return Err(Error::internal(format!(
                    "{} is no auth method, and logged in",
                    mount.entry.path
                )));
            }
            (_, Reply::Answer(answer)) if route.is_own() => settled.response = *answer,
            (_, Reply::Answer(_)) => {
                return Err(Error::internal(format!(
                    "{} is not the house's own",
                    mount.entry.path
                )));
            }
            (_, Reply::Secret { data, lease }) => self.lease(&mut settled, mount, (data, lease), asked)?,
            (_, Reply::Keys { keys, info }) => settled.response = listing(request, keys, info)?,
            (_, plain) => settled.response = answer(&request.id, plain)?,
        }
        settled.response.warnings.splice(0..0, warnings);
        speak_up(&mut settled.response);
        settled.response.shape = route.facts().map(|facts| facts.shape).unwrap_or_default();
        if let Some(ttl) = request
            .wrap_ttl
            .filter(|_| route.facts().is_none_or(|facts| facts.wraps))
        {
            self.wrap(&mut settled, ttl, request, standing).await?;
        }
        Ok(settled)
    }

    /// Registers a credential's lease: its rows are in the same commit as whatever the plugin wrote.
    fn lease(
        &self,
        settled: &mut Settled,
        mount: &Arc<Mount>,
        (data, terms): (Fields, LeaseTerms),
        asked: Asked<'_>,
    ) -> Result<()> {
        let Asked {
            request, standing, ..
        } = asked;
        let now = self.now();
        let lifetime = Lifetime {
            role: terms.ttl,
            role_max: terms.max_ttl,
            mount_default: mount.facts.default_lease_ttl,
            mount_max: mount.facts.max_lease_ttl,
            ..Lifetime::default()
        };
        let grant = lifetime
            .grant(now, now)
            .ok_or_else(|| Error::internal("a new lease has no time to live"))?;
        let id = Id::new(now, self.random());
        let known = standing.known.as_ref();
        let parent = known.and_then(|known| known.accessor.or(known.token.parent));
        let register = Register {
            path: request.path.bare().to_owned(),
            mount_accessor: mount.entry.accessor.clone(),
            token: parent,
            ttl: grant.ttl,
            latest: known
                .filter(|known| known.accessor.is_none())
                .and_then(|known| known.token.expires),
            max_ttl: terms.max_ttl,
            renewable: terms.renewable,
            internal: terms.internal,
            origin: standing.caller.origin.clone(),
        };
        let (lease_id, record) = self
            .rooms
            .leases
            .register(&mut settled.batch, id, register, now)?;
        if let Some(parent) = parent {
            Tokens::hang_lease(&mut settled.batch, parent, id, &lease_id.to_string())?;
        }
        let duration = std::time::Duration::try_from(record.expires.duration_since(now)).unwrap_or(grant.ttl);
        settled.response = Response::new(&request.id, 200, Body::Data(Some(data)));
        settled.response.warnings = grant.warnings;
        settled.response.lease = Some(LeaseInfo {
            id: lease_id.to_string(),
            renewable: record.renewable,
            duration,
        });
        settled.undo = Some(Undo::Credential(Arc::clone(mount), record.lease(&lease_id, None)));
        let expiry = Arc::clone(&self.expiry);
        settled.after.push(Box::new(move || expiry.wake()));
        Ok(())
    }
}

/// Nothing to say, and warnings all the same, is an answer without members: 204 has no room for them.
fn speak_up(response: &mut Response) {
    if matches!(response.body, Body::Empty) && !response.warnings.is_empty() {
        response.status = 200;
        response.body = Body::Data(None);
    }
}

/// A reply that needs nothing of the corridor.
fn answer(id: &str, reply: Reply) -> Result<Response> {
    let data = |status, data| Response::new(id, status, Body::Data(Some(data)));
    let some = |fields: Fields| Some(fields).filter(|fields| !fields.is_empty());
    Ok(match reply {
        Reply::Empty => Response::empty(id),
        Reply::Data(fields) => data(200, fields),
        Reply::Accepted(fields) => data(202, fields),
        Reply::Missing(fields) => Response::new(id, 404, Body::Data(some(fields))),
        Reply::Cached { data: fields, ttl } => {
            let lease = LeaseInfo {
                id: String::new(),
                renewable: false,
                duration: ttl,
            };
            Response {
                lease: Some(lease),
                ..data(200, fields)
            }
        }
        Reply::Problem { status, data, errors } => Response::new(
            id,
            status,
            Body::Errors {
                errors,
                data: Some(data),
            },
        ),
        Reply::Raw { status, media, body } => Response::new(id, status, Body::Raw { media, bytes: body }),
        Reply::Keys { .. } | Reply::Secret { .. } | Reply::Login(_) | Reply::Answer(_) => {
            return Err(Error::internal("a reply that the corridor settles itself"));
        }
    })
}

/// Vault answers an empty listing with a 404, and clients rely on it. An empty scan is an answer without names, and an
/// empty listing that was to be wrapped is a path that nobody supports: both are inherited.
fn listing(request: &Request, keys: Vec<String>, info: BTreeMap<String, Value>) -> Result<Response> {
    let mut fields = Fields::new();
    match (keys.is_empty(), request.operation) {
        (false, _) => fields.insert("keys", keys),
        (true, Operation::Scan) => {}
        (true, _) if request.wrap_ttl.is_some() => return Err(Error::unsupported_path()),
        (true, _) => return Err(Error::not_found()),
    }
    if !info.is_empty() {
        fields.insert("key_info", Value::Object(info.into_iter().collect()));
    }
    Ok(Response::new(&request.id, 200, Body::Data(Some(fields))))
}
