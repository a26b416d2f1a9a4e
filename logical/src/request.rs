//! A request, as the corridor sees it.

use crate::secret::SecretText;
use crate::{Fields, RequestPath, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// What a request wants done. Policies, audit entries and path tables speak in these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Write what does not exist yet. Only where the route can say whether something exists; elsewhere a write is an
    /// update.
    Create,
    /// Read.
    Read,
    /// Write what exists.
    Update,
    /// Remove.
    Delete,
    /// The names below a path.
    List,
    /// The names below a path, and below these, and so on.
    Scan,
    /// Change some members of what exists.
    Patch,
    /// HTTP's HEAD. No path of ours takes it; it exists to be refused and recorded.
    Header,
    /// What a path is for.
    Help,
    /// A credential's life is extended. Never asked for by a client as such.
    Renew,
    /// A credential ends. Never asked for by a client as such.
    Revoke,
}

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The peer's address, or the one that an authorised proxy names.
    pub address: IpAddr,
    /// The peer's port.
    pub port: u16,
}

/// The headers of a request, by their lower-case names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(pub BTreeMap<String, Vec<String>>);

/// One request. It holds the caller's token and secrets, so it has no `Debug`.
pub struct Request {
    /// Names this request in the answer, the log and the audit entries.
    pub id: String,
    /// When it arrived.
    pub received: Time,
    /// What it wants done. A write arrives as `Update`; whether it creates is found out later.
    pub operation: Operation,
    /// On what.
    pub path: RequestPath,
    /// Who asks; `None` if no token was sent.
    pub token: Option<SecretText>,
    /// Members of the body, or of the query where the method has no body.
    pub data: Fields,
    /// The namespace, as its header says; empty for the root.
    pub namespace: String,
    /// How long a wrapped answer may wait; `None` if no wrapping was asked for.
    pub wrap_ttl: Option<Duration>,
    /// The media type of the body, lower-case and without parameters; empty if none was sent.
    pub media: String,
    /// All headers, the token's excepted.
    pub headers: Headers,
    /// Where it came from.
    pub remote: Remote,
}

impl Operation {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Scan => "scan",
            Self::Patch => "patch",
            Self::Header => "header",
            Self::Help => "help",
            Self::Renew => "renew",
            Self::Revoke => "revoke",
        }
    }

    /// Whether it asks for names below a path.
    pub fn is_listing(self) -> bool {
        matches!(self, Self::List | Self::Scan)
    }

    /// Whether it brings members to write.
    pub fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Patch)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Headers {
    /// The first value of a header, whose name is given in lower case.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
    }
}
