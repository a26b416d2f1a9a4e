//! Wrapped answers: the real one waits in a row of its own, and a token of one use leads to it.

use logical::{
    AuthInfo, Body, Error, Fields, Id, Key, LeaseInfo, Request, Response, Result, Time, TokenType, WrapInfo,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use server_tokens::{Birth, Token};
use std::collections::BTreeMap;
use std::mem;
use std::time::Duration;

use crate::house::House;
use crate::identify::Standing;
use crate::settle::Settled;

/// The policy of wrapping tokens, which allows nothing but to unwrap.
const POLICY: &str = "response-wrapping";

/// An answer that waits.
#[derive(Serialize, Deserialize)]
pub struct WrappedRecord {
    /// Since when.
    pub created: Time,
    /// How long it may wait.
    pub ttl: Duration,
    /// The path of the request that was answered.
    pub path: String,
    /// The answer itself.
    pub answer: Wrapped,
}

/// An answer at rest.
#[derive(Serialize, Deserialize)]
pub struct Wrapped {
    status: u16,
    data: Option<Map<String, Value>>,
    lease: Option<(String, bool, Duration)>,
    auth: Option<StoredAuth>,
    warnings: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredAuth {
    client_token: String,
    accessor: String,
    policies: Vec<String>,
    token_policies: Vec<String>,
    identity_policies: Vec<String>,
    metadata: Option<BTreeMap<String, String>>,
    display_name: String,
    duration: Duration,
    renewable: bool,
    entity_id: String,
    token_type: TokenType,
    orphan: bool,
    num_uses: u64,
}

impl WrappedRecord {
    /// The key of the answer that a wrapping token leads to.
    pub fn key(accessor: Id) -> Key {
        Key::of("wrapped").id(accessor)
    }
}

impl House {
    /// Puts the answer away and answers where it is. An answer without a body is not wrapped, as in Vault.
    pub(crate) async fn wrap(
        &self,
        settled: &mut Settled,
        ttl: Duration,
        request: &Request,
        standing: &Standing,
    ) -> Result<()> {
        if !matches!(settled.response.body, Body::Data(_)) {
            return Ok(());
        }
        let plain = mem::replace(&mut settled.response, Response::empty(""));
        let wrapped_accessor = plain
            .auth
            .as_ref()
            .map(|auth| auth.accessor.clone())
            .unwrap_or_default();
        let record = WrappedRecord {
            created: self.now(),
            ttl,
            path: request.path.as_str().to_owned(),
            answer: Wrapped::of(plain),
        };
        let origin = standing.caller.origin.clone();
        let (info, batch) = self.put_away(&record, wrapped_accessor, origin).await?;
        settled.batch.merge(batch);
        settled.response = Response::new("", 200, Body::Data(None));
        settled.response.wrap_info = Some(Box::new(info));
        Ok(())
    }

    /// A row for an answer that waits, and the token that leads to it.
    pub async fn put_away(
        &self,
        record: &WrappedRecord,
        wrapped_accessor: String,
        origin: Option<std::sync::Arc<logical::Origin>>,
    ) -> Result<(WrapInfo, logical::Batch)> {
        let now = record.created;
        let token = wrapping_token(record, origin);
        let born = self
            .rooms
            .tokens
            .mint(Birth { token, text: None }, now, self.random())
            .await?;
        let accessor = born
            .accessor
            .ok_or_else(|| Error::internal("a wrapping token has no accessor"))?;
        let mut batch = self.rows_of(&born)?;
        batch.put_json(WrappedRecord::key(accessor), record)?;
        let info = WrapInfo {
            token: born.text,
            accessor: accessor.to_string(),
            ttl: record.ttl,
            creation_time: now,
            creation_path: record.path.clone(),
            wrapped_accessor,
        };
        Ok((info, batch))
    }
}

impl Wrapped {
    /// Puts an answer to rest.
    pub fn of(response: Response) -> Self {
        let data = match response.body {
            Body::Data(data) => data.map(Fields::take),
            Body::Empty | Body::Errors { .. } | Body::Raw { .. } => None,
        };
        Self {
            status: response.status,
            data,
            lease: response
                .lease
                .map(|lease| (lease.id, lease.renewable, lease.duration)),
            auth: response.auth.map(|auth| StoredAuth::of(*auth)),
            warnings: response.warnings,
        }
    }

    /// The answer, for the request that unwraps it.
    pub fn response(self, request_id: &str) -> Response {
        let body = Body::Data(self.data.map(Fields::from));
        let mut response = Response::new(request_id, self.status, body);
        response.lease = self.lease.map(|(id, renewable, duration)| LeaseInfo {
            id,
            renewable,
            duration,
        });
        response.auth = self.auth.map(|auth| Box::new(auth.info()));
        response.warnings = self.warnings;
        response
    }

    /// The accessor of the token in it; empty if it holds none.
    pub fn accessor(&self) -> &str {
        self.auth.as_ref().map_or("", |auth| auth.accessor.as_str())
    }
}

impl StoredAuth {
    fn of(auth: AuthInfo) -> Self {
        Self {
            client_token: auth.client_token.expose().to_owned(),
            accessor: auth.accessor,
            policies: auth.policies,
            token_policies: auth.token_policies,
            identity_policies: auth.identity_policies,
            metadata: auth.metadata,
            display_name: auth.display_name,
            duration: auth.duration,
            renewable: auth.renewable,
            entity_id: auth.entity_id,
            token_type: auth.token_type,
            orphan: auth.orphan,
            num_uses: auth.num_uses,
        }
    }

    fn info(self) -> AuthInfo {
        AuthInfo {
            client_token: logical::secret::SecretText::new(self.client_token),
            accessor: self.accessor,
            policies: self.policies,
            token_policies: self.token_policies,
            identity_policies: self.identity_policies,
            metadata: self.metadata,
            display_name: self.display_name,
            duration: self.duration,
            renewable: self.renewable,
            entity_id: self.entity_id,
            token_type: self.token_type,
            orphan: self.orphan,
            num_uses: self.num_uses,
        }
    }
}

/// An orphan, because what is handed over outlives who hands it over.
fn wrapping_token(record: &WrappedRecord, origin: Option<std::sync::Arc<logical::Origin>>) -> Token {
    Token {
        hash: None,
        kind: TokenType::Service,
        path: record.path.trim_end_matches('/').to_owned(),
        policies: [POLICY.to_owned()].into(),
        parent: None,
        issued: record.created,
        creation_ttl: record.ttl,
        expires: Some(record.created + record.ttl),
        renewed: None,
        period: None,
        explicit_max_ttl: Some(record.ttl),
        uses_left: Some(1),
        display_name: String::new(),
        metadata: None,
        entity_id: String::new(),
        renewable: false,
        role: String::new(),
        bound_cidrs: Vec::new(),
        login: None,
        origin,
        chosen: false,
        lease: None,
    }
}
