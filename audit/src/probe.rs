//! The entry that a new device is tried with.

use crate::subject::{Decision, Subject};
use logical::{Caller, Fields, Headers, Operation, Random, Remote, Request, RequestPath, Result, Time};
use std::net::{IpAddr, Ipv4Addr};

const PATH: &str = "sys/audit/test";

/// A request that nobody makes, written down as Vault does it.
pub(crate) struct Probe {
    request: Request,
    nobody: Caller,
}

impl Probe {
    /// Makes one up.
    pub(crate) fn new(now: Time, random: &dyn Random) -> Result<Self> {
        let mut id = [0; 16];
        random.fill(&mut id);
        let request = Request {
            id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
            received: now,
            operation: Operation::Update,
            path: RequestPath::parse(PATH)?,
            token: None,
            data: Fields::new(),
            namespace: String::new(),
            wrap_ttl: None,
            media: String::new(),
            headers: Headers::default(),
            remote: Remote {
                address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
                port: 0,
            },
        };
        Ok(Self {
            request,
            nobody: Caller::anonymous(),
        })
    }

    /// What the entry tells.
    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject {
            request: &self.request,
            operation: self.request.operation,
            path: self.request.path.as_str(),
            mount: None,
            caller: &self.nobody,
            decision: Decision::Unasked,
            error: None,
        }
    }
}
