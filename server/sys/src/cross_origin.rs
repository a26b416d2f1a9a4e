//! `sys/config/cors`: which web pages of others may ask.

use logical::field::{CommaList, Flag};
use logical::{Access, Batch, Done, Error, Key, Operation, Result, Shape, Storage, Table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Sys;
use crate::mounts::Nothing;

/// Headers that any page that may ask at all may send, as in Vault.
const HEADERS: [&str; 10] = [
    "Content-Type",
    "Authorization",
    "X-Vault-Token",
    "X-Vault-MFA",
    "X-Vault-No-Request-Forwarding",
    "X-Vault-Wrap-Format",
    "X-Vault-Wrap-TTL",
    "X-Requested-With",
    "X-Vault-AWS-IAM-Server-ID",
    "X-Vault-Policy-Override",
];

/// Which web pages of others may ask, as the row says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CrossOriginRecord {
    /// Their origins; `*` alone is all of them.
    pub origins: Vec<String>,
    /// Headers that they may send besides the usual ones.
    extra_headers: Vec<String>,
    /// Whether their browsers may send along what they know of the user.
    pub allow_credentials: bool,
}

/// Who may ask from now on; every write says it as a whole.
#[derive(Deserialize, JsonSchema)]
struct Write {
    /// Origins of the pages; `*` alone is all of them.
    #[serde(default)]
    allowed_origins: CommaList,
    /// Headers that they may send besides the usual ones.
    #[serde(default)]
    allowed_headers: CommaList,
    /// Whether their browsers may send along what they know of the user.
    #[serde(default)]
    allow_credentials: Flag,
    /// Clients send it; whatever is written is enabled.
    #[serde(default, rename = "enable")]
    #[expect(dead_code, reason = "known, so that clients that send it are not warned")]
    enable: Flag,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table.route("config/cors", Access::Sudo, |r| {
        r.shape(Shape::Doubled)
            .on(
                Operation::Read,
                "Read which web pages of others may ask.",
                |sys, _, _: Nothing| async move { read(&sys).await },
            )
            .on(
                Operation::Update,
                "Say which web pages of others may ask.",
                |sys, _, input| async move { write(&sys, input) },
            )
            .on(
                Operation::Delete,
                "Let no web page of others ask.",
                |sys, _, _: Nothing| async move {
                    let mut batch = Batch::new();
                    batch.delete(CrossOriginRecord::key());
                    Ok(Done::empty()
                        .commit(batch)
                        .then(move || sys.operator.set_cross_origin(None)))
                },
            );
    })
}

impl CrossOriginRecord {
    /// The record, if pages may ask.
    pub async fn stored(storage: &dyn Storage) -> Result<Option<Self>> {
        let row = storage.get(&Self::key()).await?;
        row.map(|row| row.json()).transpose()
    }

    /// Every header that pages may send.
    pub fn headers(&self) -> Vec<String> {
        let usual = HEADERS.into_iter().map(str::to_owned);
        usual.chain(self.extra_headers.iter().cloned()).collect()
    }

    fn key() -> Key {
        Key::of("config").fixed("cors")
    }
}

async fn read(sys: &Sys) -> Result<Done> {
    let shown = match CrossOriginRecord::stored(sys.house.store.as_ref()).await? {
        None => json!({ "enabled": false }),
        Some(record) => json!({
            "enabled": true,
            "allowed_origins": record.origins,
            "allowed_headers": record.headers(),
            "allow_credentials": record.allow_credentials,
        }),
    };
    Ok(Done::data(shown))
}

fn write(sys: &Sys, input: Write) -> Result<Done> {
    let origins = input.allowed_origins.0;
    if origins.iter().all(String::is_empty) {
        return Err(Error::invalid(
            "at least one origin or the wildcard must be provided",
        ));
    }
    if origins.len() > 1 && origins.iter().any(|origin| origin == "*") {
        return Err(Error::invalid(
            "to allow all origins the '*' must be the only value for allowed_origins",
        ));
    }
    let record = CrossOriginRecord {
        origins,
        extra_headers: input.allowed_headers.0,
        allow_credentials: input.allow_credentials.0,
    };
    let mut batch = Batch::new();
    batch.put_json(CrossOriginRecord::key(), &record)?;
    let operator = std::sync::Arc::clone(&sys.operator);
    Ok(Done::empty()
        .commit(batch)
        .then(move || operator.set_cross_origin(Some(record))))
}
