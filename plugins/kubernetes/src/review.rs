//! Whose token it is, by the API server's word.

use crate::account::Account;
use crate::api_server::{ApiServer, AskError};
use crate::flights::{Flights, Landed};
use crate::jwt::Jwt;
use logical::Error;
use logical::secret::{Plaintext, SecretText};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error as Fault;

const PATH: &str = "/apis/authentication.k8s.io/v1/tokenreviews";

/// What the API server vouches for.
#[derive(Debug)]
pub(crate) struct Reviewed {
    /// Whose token it is.
    pub(crate) account: Account,
    /// What else it says, by its own names.
    extra: BTreeMap<String, Vec<String>>,
}

/// Why a review let nobody in. The client is told none of this.
#[derive(Debug, Fault)]
pub(crate) enum ReviewError {
    /// The API server gave no word.
    #[error("review a token")]
    Asked(#[from] AskError),
    /// It does not know the token.
    #[error("review a token: it is not authenticated")]
    NotAuthenticated,
    /// It found a fault.
    #[error("review a token: the API server found a fault in it")]
    Fault,
    /// The token is for none of the audiences that were asked for.
    #[error("review a token: it is for another audience")]
    Audience,
    /// The token is a user's, a node's, or nobody's.
    #[error("review a token: it is no service account's")]
    NotAnAccount,
    /// The token claims to be somebody else's.
    #[error("review a token: it claims to be another account's")]
    OtherAccount,
    /// It cannot be asked for.
    #[error("review a token: write the question")]
    Question(#[from] serde_json::Error),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    api_version: &'static str,
    kind: &'static str,
    spec: Spec<'a>,
}

#[derive(Serialize)]
struct Spec<'a> {
    token: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    audiences: &'a [String],
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    authenticated: bool,
    error: String,
    user: User,
    audiences: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    username: String,
    uid: String,
    extra: BTreeMap<String, Vec<String>>,
}

impl Reviewed {
    /// What the answer says under one of its names, such as `authentication.kubernetes.io/pod-name`.
    pub(crate) fn extra(&self, name: &str) -> Option<&str> {
        let values = self.extra.get(&format!("authentication.kubernetes.io/{name}"))?;
        values
            .first()
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// Asks whose token it is, for these audiences: the role's, or else the token's own.
///
/// # Errors
/// `Denied`, whatever happened: the reason is for the operator's log.
pub(crate) async fn review(
    flights: &Flights,
    server: ApiServer,
    jwt: &Jwt,
    audiences: Vec<String>,
) -> Result<Arc<Reviewed>, Error> {
    let token = jwt.text().clone();
    let question = digest(&server, &token, &audiences);
    let landed = flights.join(question, async move {
        let reviewed = ask(&server, &token, &audiences).await;
        reviewed.map(Arc::new).map_err(Arc::new)
    });
    let reviewed = check_claims(landed.await, jwt);
    reviewed.map_err(|error| Error::denied().caused_by(error))
}

/// What was said before the review must be what the API server says.
fn check_claims(landed: Landed, jwt: &Jwt) -> Landed {
    let reviewed = landed?;
    if reviewed.account == jwt.claims.account {
        Ok(reviewed)
    } else {
        Err(Arc::new(ReviewError::OtherAccount))
    }
}

async fn ask(server: &ApiServer, token: &SecretText, audiences: &[String]) -> Result<Reviewed, ReviewError> {
    let question = Question {
        api_version: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: Spec {
            token: token.expose(),
            audiences,
        },
    };
    let body = Plaintext::new(serde_json::to_vec(&question)?);
    let bearer = server.reviewer.as_ref().unwrap_or(token);
    let answer: Answer = server.create(PATH, bearer, body).await?;
    judge(answer.status, audiences)
}

fn judge(status: Status, audiences: &[String]) -> Result<Reviewed, ReviewError> {
    if !status.error.is_empty() {
        return Err(ReviewError::Fault);
    }
    if !status.authenticated {
        return Err(ReviewError::NotAuthenticated);
    }
    // An API server that knows nothing of audiences names none, and cannot have looked at them.
    if !audiences.is_empty()
        && !status
            .audiences
            .iter()
            .any(|audience| audiences.contains(audience))
    {
        return Err(ReviewError::Audience);
    }
    let User { username, uid, extra } = status.user;
    let account = Account::from_username(&username, &uid).ok_or(ReviewError::NotAnAccount)?;
    Ok(Reviewed { account, extra })
}

/// Names a question without keeping it. Lengths keep the parts apart.
fn digest(server: &ApiServer, token: &SecretText, audiences: &[String]) -> [u8; 32] {
    let reviewer = server.reviewer.as_ref().map_or("", SecretText::expose);
    let trust = server.trust_pem.as_deref().unwrap_or_default();
    let mut bytes = Vec::new();
    for part in [server.host.as_str(), trust, reviewer, token.expose()]
        .into_iter()
        .chain(audiences.iter().map(String::as_str))
    {
        bytes.extend_from_slice(&part.len().to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    let bytes = Plaintext::new(bytes);
    crypto::sha256(bytes.expose())
}
