//! One request to the API, and what becomes of it on the wire.

use serde_json::Value;

use crate::Token;

/// The HTTP methods that Vault's clients use. LIST is a GET with `list=true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates: mounts, tokens.
    Post,
    /// Writes.
    Put,
    /// Writes a part, as a merge patch.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// Returns the method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns the method's name as Go's HTTP client writes it in errors: `Get`.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Get => "Get",
            Self::Post => "Post",
            Self::Put => "Put",
            Self::Patch => "Patch",
            Self::Delete => "Delete",
        }
    }
}

/// A request, before the client's own settings (address, token, namespace) are added.
#[derive(Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The path below `/v1/`.
    pub path: String,
    /// The query's parameters.
    pub query: Vec<(String, String)>,
    /// The body; its members go out in the order given.
    pub body: Option<String>,
    /// Whether the answer is to be wrapped.
    pub wrapping: Wrapping,
    /// Whose token goes with it.
    pub credential: Credential,
}

/// Whether an answer is to be wrapped.
#[derive(Clone)]
pub enum Wrapping {
    /// As the client's settings say.
    AsSettings,
    /// Never: the command needs the answer itself.
    Never,
    /// For so long.
    For(String),
}

/// Whose token goes with a request.
#[derive(Clone)]
pub enum Credential {
    /// The client's.
    Client,
    /// This one.
    Token(Token),
    /// None at all.
    Nobody,
}

impl Request {
    fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            body: None,
            wrapping: Wrapping::AsSettings,
            credential: Credential::Client,
        }
    }

    /// Reads a path.
    pub fn get(path: &str) -> Self {
        Self::new(Method::Get, path)
    }

    /// Lists what is below a path.
    pub fn list(path: &str) -> Self {
        Self::new(Method::Get, path).parameter("list", "true")
    }

    /// Writes to a path.
    pub fn put(path: &str) -> Self {
        Self::new(Method::Put, path)
    }

    /// Posts to a path.
    pub fn post(path: &str) -> Self {
        Self::new(Method::Post, path)
    }

    /// Patches a path.
    pub fn patch(path: &str) -> Self {
        Self::new(Method::Patch, path)
    }

    /// Deletes a path.
    pub fn delete(path: &str) -> Self {
        Self::new(Method::Delete, path)
    }

    /// Adds a parameter to the query.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a JSON value as the body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.text(body.to_string())
    }

    /// Sends JSON text as the body, for requests whose members have an order.
    #[must_use]
    pub fn text(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// Says whether the answer is to be wrapped.
    #[must_use]
    pub fn wrapping(mut self, wrapping: Wrapping) -> Self {
        self.wrapping = wrapping;
        self
    }

    /// Says whose token goes with the request.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// The time to live of the wrapped answer, if one is wanted.
    ///
    /// `sys/wrapping/wrap` is there for nothing else; Vault's client asks it for five minutes.
    pub(crate) fn wrap_ttl(&self, settings: Option<&str>) -> Option<String> {
        let writes = matches!(self.method, Method::Put | Method::Post);
        let default = (writes && self.path == "sys/wrapping/wrap").then_some("5m");
        match &self.wrapping {
            Wrapping::AsSettings => settings.or(default).map(str::to_owned),
            Wrapping::Never => None,
            Wrapping::For(ttl) => Some(ttl.clone()),
        }
    }
}

/// A request as it goes out: with the URL, and every header but those of HTTP itself.
#[derive(Clone)]
pub struct Prepared {
    /// The HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// The headers, in the alphabetical order of their names; the token is not among them.
    pub headers: Vec<(String, String)>,
    /// The token.
    pub token: Option<Token>,
    /// The body.
    pub body: Option<String>,
}
