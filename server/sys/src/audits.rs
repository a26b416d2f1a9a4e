//! `sys/audit*`: devices, their salts and the headers that are recorded.

use audit::DeviceConfig;
use logical::field::{Flag, KeyValues, Text};
use logical::secret::Plaintext;
use logical::{Access, Batch, Done, Error, Key, Operation, Result, Shape, Storage, Table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::sync::Arc;

use crate::Sys;
use crate::mounts::Nothing;

/// Bytes of a device's salt.
const SALT: usize = 32;

/// A device as its row says it. The row is sealed, salt included.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredDevice {
    /// As the operator configured it.
    pub config: DeviceConfig,
    /// Of its hashes.
    salt: Vec<u8>,
    /// Whether the configuration file declares it: then it goes when the file does not.
    pub declared: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Device {
    /// The device's name.
    path: String,
}

#[derive(Deserialize, JsonSchema)]
struct Enable {
    /// The device's name.
    path: String,
    /// The type: `file`.
    #[serde(default, rename = "type")]
    kind: Text,
    /// What it is for.
    #[serde(default)]
    description: Text,
    /// Options of the type.
    #[serde(default)]
    options: KeyValues,
    /// Whether it belongs to this node alone.
    #[serde(default)]
    local: Flag,
}

#[derive(Deserialize, JsonSchema)]
struct Hash {
    /// The device's name.
    path: String,
    /// The text whose hash is wanted.
    #[serde(default)]
    input: Text,
}

#[derive(Deserialize, JsonSchema)]
struct Header {
    /// The header's name.
    header: String,
    /// Whether its values are hashed.
    #[serde(default)]
    hmac: Flag,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("audit", Access::Sudo, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Read,
                "List audit devices.",
                |sys, _, _: Nothing| async move { Ok(list(&sys)) },
            );
        })
        .route("audit/{path+}", Access::Sudo, |r| {
            r.on(
                Operation::Update,
                "Make an audit device.",
                |sys, _, input| async move { enable(&sys, input).await },
            )
            .on(
                Operation::Delete,
                "Remove an audit device.",
                |sys, _, input| async move { disable(&sys, &input).await },
            );
        })
        .route("audit-hash/{path+}", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Update,
                "Hash a text as a device does.",
                |sys, _, input: Hash| async move {
                    if input.input.as_str().is_empty() {
                        return Err(Error::invalid("the \"input\" parameter is empty"));
                    }
                    let hash = sys.house.audit.hash(&input.path, input.input.as_str())?;
                    Ok(Done::data(json!({ "hash": hash })))
                },
            );
        })
        .route("config/auditing/request-headers", Access::Sudo, |r| {
            r.shape(Shape::Doubled)
                .on(
                    Operation::Read,
                    "List recorded headers.",
                    |sys, _, _: Nothing| async move { Ok(Done::data(json!({ "headers": headers(&sys) }))) },
                )
                .on(
                    Operation::List,
                    "Say that recorded headers are read and not listed.",
                    |_, _, _: Nothing| async move { Err(Error::unsupported_path()) },
                );
        })
        .route("config/auditing/request-headers/{header}", Access::Sudo, |r| {
            r.shape(Shape::Doubled)
                .on(
                    Operation::Read,
                    "Read how a header is recorded.",
                    |sys, _, input: Header| async move { header(&sys, &input) },
                )
                .on(
                    Operation::Update,
                    "Record a header.",
                    |sys, _, input| async move { keep_header(&sys, &input) },
                )
                .on(
                    Operation::Delete,
                    "Do not record a header any more.",
                    |sys, _, input: Header| async move { drop_header(&sys, &input) },
                );
        })
}

impl StoredDevice {
    /// A device with a new salt.
    pub fn new(config: DeviceConfig, random: &dyn logical::Random) -> Self {
        let mut salt = vec![0; SALT];
        random.fill(&mut salt);
        Self {
            config,
            salt,
            declared: false,
        }
    }

    /// The salt.
    pub fn salt(&self) -> Plaintext {
        Plaintext::from(self.salt.as_slice())
    }

    /// The key of a device's row.
    pub fn key(path: &str) -> Key {
        Self::rows().name(path.trim_matches('/'))
    }

    /// The key above all devices.
    pub fn rows() -> Key {
        Key::of("audit").fixed("device")
    }

    /// Every device that was stored.
    pub async fn all(storage: &dyn Storage) -> Result<Vec<Self>> {
        let mut devices = Vec::new();
        for row in storage
            .range(&logical::Span::under(Self::rows()), usize::MAX)
            .await?
        {
            devices.push(row.record.json()?);
        }
        Ok(devices)
    }

    /// The key of the recorded headers.
    pub fn headers_key() -> Key {
        Key::of("audit").fixed("headers")
    }
}

fn list(sys: &Sys) -> Done {
    let devices = sys.house.audit.list().into_iter().map(|device| {
        let shown = json!({
            "type": device.kind,
            "description": device.description,
            "options": device.options,
            "local": device.local,
            "path": device.path,
        });
        (device.path, shown)
    });
    Done::data(Value::Object(devices.collect::<Map<_, _>>()))
}

async fn enable(sys: &Sys, input: Enable) -> Result<Done> {
    if !sys.operator.may_create_devices() {
        return Err(Error::invalid(
            "cannot enable audit device via API; declare it in the configuration file, or set unsafe_allow_api_audit_creation = true there",
        ));
    }
    let config = DeviceConfig {
        path: format!("{}/", input.path.trim_matches('/')),
        kind: input.kind.into_string(),
        description: input.description.into_string(),
        options: input.options.0,
        local: input.local.0,
    };
    let device = StoredDevice::new(config.clone(), sys.house.random());
    sys.house.audit.enable(config, &device.salt()).await?;
    let enabled = Enabled {
        broker: Some(Arc::clone(&sys.house.audit)),
        path: device.config.path.clone(),
    };
    let mut batch = Batch::new();
    batch.put_json(StoredDevice::key(&device.config.path), &device)?;
    Ok(Done::empty().commit(batch).then(move || enabled.keep()))
}

/// A device that writes already and is not durable yet: it goes again if its row never becomes so.
struct Enabled {
    broker: Option<Arc<audit::Broker>>,
    path: String,
}

impl Enabled {
    fn keep(mut self) {
        self.broker = None;
    }
}

impl Drop for Enabled {
    fn drop(&mut self) {
        if let Some(broker) = &self.broker {
            broker.disable(&self.path);
        }
    }
}

async fn disable(sys: &Sys, input: &Device) -> Result<Done> {
    let key = StoredDevice::key(&input.path);
    if let Some(row) = sys.house.store.get(&key).await?
        && row.json::<StoredDevice>()?.declared
    {
        return Err(Error::invalid(
            "cannot disable an audit device that the configuration file declares; remove it there",
        ));
    }
    let mut batch = Batch::new();
    batch.delete(key);
    let (broker, path) = (Arc::clone(&sys.house.audit), input.path.clone());
    Ok(Done::empty().commit(batch).then(move || broker.disable(&path)))
}

fn headers(sys: &Sys) -> Map<String, Value> {
    let headers = sys.house.audit.headers();
    headers
        .iter()
        .map(|(name, hmac)| (name.to_owned(), json!({ "hmac": hmac })))
        .collect()
}

fn header(sys: &Sys, input: &Header) -> Result<Done> {
    let hmac = sys.house.audit.headers().get(&input.header);
    let hmac = hmac.ok_or_else(|| Error::invalid("Could not find header in config"))?;
    let mut shown = Map::new();
    shown.insert(input.header.clone(), json!({ "hmac": hmac }));
    Ok(Done::data(Value::Object(shown)))
}

fn keep_header(sys: &Sys, input: &Header) -> Result<Done> {
    let mut headers = (*sys.house.audit.headers()).clone();
    headers.insert(&input.header, input.hmac.0);
    store_headers(sys, headers)
}

fn drop_header(sys: &Sys, input: &Header) -> Result<Done> {
    let mut headers = (*sys.house.audit.headers()).clone();
    headers.remove(&input.header);
    store_headers(sys, headers)
}

fn store_headers(sys: &Sys, headers: audit::AuditedHeaders) -> Result<Done> {
    let mut batch = Batch::new();
    batch.put_json(StoredDevice::headers_key(), &headers)?;
    let broker = Arc::clone(&sys.house.audit);
    Ok(Done::empty()
        .commit(batch)
        .then(move || broker.set_headers(headers)))
}
