//! What an entry tells: borrowed facts of one request.

use logical::{AuthInfo, Caller, CallerKind, MountFacts, Operation, Request, Response};

/// One request, as far as it is known before anything is done: what the opening entry tells, and the closing one again.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The request as it came in.
    pub request: &'a Request,
    /// What it wants done, once create and update were told apart.
    pub operation: Operation,
    /// The path that the policy judged, with names folded.
    pub path: &'a str,
    /// What the path leads to; `None` if it leads nowhere, or nobody has looked.
    pub mount: Option<&'a MountFacts>,
    /// Who asks.
    pub caller: &'a Caller,
    /// What was decided.
    pub decision: Decision<'a>,
    /// Why it goes no further; only the opening entry tells it. Holds no secret.
    pub error: Option<&'a str>,
}

/// What became of the question whether the caller may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// It was not asked: the token is none, a quota refused, or the route is open to operators without a token.
    Unasked,
    /// No policy allows it.
    Denied,
    /// It is allowed, by the policies of these names. There are none where everybody is let in: a login, a look at
    /// one's own rights.
    Granted(&'a [String]),
}

/// How a request ended: what the closing entry tells besides.
#[derive(Clone, Copy)]
pub struct Outcome<'a> {
    /// The answer, as it is about to be sent.
    pub response: &'a Response,
    /// What went wrong, in the clear and therefore in general words: `invalid request`. The text that the client gets
    /// may repeat what the client sent; it is in the answer, and hashed.
    pub error: Option<&'a str>,
    /// The token that a login made. It becomes the caller of the closing entry, wrapped or not.
    pub login: Option<NewToken<'a>>,
}

/// A token that a login made.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// The token.
    pub auth: &'a AuthInfo,
    /// Whether its entity was met for the first time.
    pub entity_created: bool,
}

impl Subject<'_> {
    /// Whether a token was sent and is one.
    pub(crate) fn is_recognised(&self) -> bool {
        self.decision != Decision::Unasked && self.caller.kind == CallerKind::Token
    }

    /// Whether the opening entry names the mount's accessor. Vault learns it when it asks the mount whether what is
    /// written exists, so it is missing where that was not asked.
    pub(crate) fn knew_accessor(&self) -> bool {
        let writes = matches!(self.operation, Operation::Create | Operation::Update);
        writes && self.decision != Decision::Unasked
    }

    /// Whether the closing entry names the mount's accessor: the mount was asked, before the decision or after it.
    pub(crate) fn learnt_accessor(&self) -> bool {
        self.knew_accessor() || matches!(self.decision, Decision::Granted(_))
    }
}
