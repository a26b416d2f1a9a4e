//! What stands behind the door in these tests: a corridor that says what it was asked.

use async_trait::async_trait;
use logical::secret::SecretText;
use logical::{Body, Clock, Error, Fields, Random, Request, Response, Result, Time};
use serde_json::json;
use server_http::{Bootstrap, Corridor, Health, HttpSettings, router};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Answers with what it was asked, or 204 below `empty/`.
pub(crate) struct Echo;

#[async_trait]
impl Corridor for Echo {
    async fn answer(&self, request: Request) -> Response {
        if request.path.as_str().starts_with("empty/") {
            return Response::empty(request.id);
        }
        let asked = json!({
            "operation": request.operation.as_str(),
            "path": request.path.as_str(),
            "token": request.token.as_ref().map(SecretText::expose),
            "data": request.data.expose(),
            "namespace": request.namespace,
            "wrap": request.wrap_ttl.map(|ttl| ttl.as_secs()),
            "media": request.media,
            "address": request.remote.address.to_string(),
        });
        Response::new(request.id, 200, Body::Data(Some(Fields::of(asked))))
    }
}

#[async_trait]
impl Bootstrap for Echo {
    async fn seal_status(&self) -> Result<Fields> {
        Ok(Fields::of(json!({"sealed": true})))
    }

    async fn init_status(&self) -> Result<Fields> {
        Ok(Fields::of(json!({"initialized": false})))
    }

    async fn init(&self, members: Fields) -> Result<Fields> {
        Ok(members)
    }

    async fn unseal(&self, _: Fields) -> Result<Fields> {
        Err(Error::invalid("Vault is not initialized"))
    }

    async fn health(&self) -> Result<(Health, Fields)> {
        Ok((Health::Sealed, Fields::of(json!({"sealed": true}))))
    }

    async fn leader(&self) -> Result<Fields> {
        Ok(Fields::of(json!({"ha_enabled": false})))
    }
}

struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Time {
        Time::UNIX_EPOCH
    }

    async fn sleep_until(&self, _: Time) {}
}

#[derive(Default)]
struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

/// Settings as they are when nobody says anything.
pub(crate) fn settings() -> HttpSettings {
    HttpSettings::new(Arc::new(Still), Arc::new(Counting::default()))
}

/// A door before the stub.
pub(crate) fn door(settings: HttpSettings) -> axum::Router {
    router(Arc::new(Echo), Arc::new(Echo), settings)
}
