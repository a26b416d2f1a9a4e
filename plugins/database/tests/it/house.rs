//! The house around the plugin: a store in memory, time that stands still, and the corridor's part of a request.

use crate::postgres::Database;
use async_trait::async_trait;
use logical::secret::{Plaintext, SecretText};
use logical::{
    Batch, Call, Caller, Captures, Cx, Done, Error, Expect, Fields, Key, Lease, MountFacts, Next, Opened,
    Operation, Page, Plugin, Random, Reply, RequestFacts, Result, Revision, Row, Segment, Services, Span,
    Storage, Table, Time, Write,
};
use plugins_database::Database as Engine;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const CREATE: &str =
    "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'";

/// A mount of the engine and a database for it.
pub(crate) struct House {
    pub(crate) pg: Database,
    pub(crate) store: Arc<Store>,
    pub(crate) now: Time,
    plugin: Table<Engine>,
}

/// What a request was answered with.
pub(crate) struct Answer {
    pub(crate) data: Value,
    pub(crate) lease: Option<Arc<Lease>>,
    pub(crate) warnings: Vec<String>,
}

/// A login that was handed out.
pub(crate) struct Login {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) lease: Arc<Lease>,
}

#[derive(Default)]
pub(crate) struct Store {
    rows: Mutex<(u64, BTreeMap<Key, Opened>)>,
}

impl House {
    /// A mount with the connection `pg` and the role `app`.
    pub(crate) async fn ready(role: &Value) -> Self {
        let house = Self::empty();
        house.write("config/pg", house.config(&json!({}))).await.unwrap();
        house.role(role).await;
        house
    }

    pub(crate) fn empty() -> Self {
        Self {
            pg: Database::new(),
            store: Arc::default(),
            now: Time::from_second(1_900_000_000).unwrap(),
            plugin: plugins_database::database(),
        }
    }

    /// The same store and database, in a new process.
    pub(crate) fn restarted(self) -> Self {
        Self {
            plugin: plugins_database::database(),
            ..self
        }
    }

    pub(crate) async fn role(&self, more: &Value) {
        let mut role = json!({ "db_name": "pg", "creation_statements": CREATE, "default_ttl": "1h" });
        role.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.write("roles/app", role).await.unwrap();
    }

    /// The body of `config/{name}`.
    pub(crate) fn config(&self, more: &Value) -> Value {
        let mut config = json!({
            "plugin_name": "postgresql-database-plugin",
            "allowed_roles": "*",
            "connection_url": self.url(self.pg.port),
            "username": self.pg.user,
            "password": self.pg.password,
        });
        config
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        config
    }

    pub(crate) fn url(&self, port: u16) -> String {
        format!(
            "postgresql://{{{{username}}}}:{{{{password}}}}@127.0.0.1:{port}/{}?sslmode=disable",
            self.pg.name
        )
    }

    pub(crate) async fn write(&self, path: &str, data: Value) -> Result<Answer> {
        self.call(Operation::Update, path, data).await
    }

    pub(crate) async fn read(&self, path: &str) -> Result<Answer> {
        self.call(Operation::Read, path, json!({})).await
    }

    pub(crate) async fn login(&self) -> Login {
        let answer = self.read("creds/app").await.unwrap();
        let text = |name: &str| answer.data[name].as_str().unwrap().to_owned();
        Login {
            username: text("username"),
            password: text("password"),
            lease: answer.lease.unwrap(),
        }
    }

    pub(crate) async fn revoke(&self, login: &Login) -> Result<()> {
        self.plugin
            .revoke(self.cx(Operation::Revoke), Arc::clone(&login.lease))
            .await
    }

    pub(crate) async fn renew(&self, login: &Login, increment: Duration) -> Result<logical::Renewal> {
        let lease = Lease {
            id: login.lease.id.clone(),
            path: login.lease.path.clone(),
            internal: login.lease.internal.clone(),
            issued: login.lease.issued,
            expires: login.lease.expires,
            increment: Some(increment),
            origin: None,
        };
        self.plugin
            .renew(self.cx(Operation::Renew), Arc::new(lease))
            .await
    }

    pub(crate) async fn work(&self) -> Next {
        self.plugin.work(self.cx(Operation::Update)).await.unwrap()
    }

    pub(crate) async fn exists(&self, path: &str) -> Option<bool> {
        let found = self.plugin.manifest().find(path, Operation::Update).unwrap();
        self.plugin
            .exists(self.cx(Operation::Update), found.route, found.captures)
            .await
            .unwrap()
    }

    /// Makes a request, and commits what it wants committed.
    pub(crate) async fn call(&self, operation: Operation, path: &str, data: Value) -> Result<Answer> {
        let done = self.unfinished(operation, path, data).await?;
        self.store.apply(done.batch)?;
        done.after.into_iter().for_each(|after| after());
        let (data, lease) = match done.reply {
            Reply::Data(data) => (Value::Object(data.take()), None),
            Reply::Keys { keys, .. } => (json!(keys), None),
            Reply::Secret { data, lease } => (Value::Object(data.take()), Some(self.lease(lease.internal))),
            _ => (Value::Null, None),
        };
        Ok(Answer {
            data,
            lease,
            warnings: done.warnings,
        })
    }

    /// Makes a request, and stops before anything of it is committed: as if the process died.
    pub(crate) async fn unfinished(&self, operation: Operation, path: &str, data: Value) -> Result<Done> {
        let found = self
            .plugin
            .manifest()
            .find(path, operation)
            .ok_or_else(Error::unsupported_path)?;
        let call = Call {
            route: found.route,
            operation,
            path: path.to_owned(),
            captures: Captures::clone(&found.captures),
            data: Fields::of(data),
        };
        self.plugin.handle(self.cx(operation), call).await
    }

    fn lease(&self, internal: Fields) -> Arc<Lease> {
        Arc::new(Lease {
            id: "database/creds/app/x".to_owned(),
            path: "database/creds/app".to_owned(),
            internal,
            issued: self.now,
            expires: self.now + Duration::from_secs(3600),
            increment: None,
            origin: None,
        })
    }

    fn cx(&self, operation: Operation) -> Cx {
        Cx {
            storage: Arc::clone(&self.store) as Arc<dyn Storage>,
            now: self.now,
            mount: Arc::new(MountFacts {
                path: "database/".to_owned(),
                kind: "database".to_owned(),
                default_lease_ttl: Duration::from_secs(2_764_800),
                max_lease_ttl: Duration::from_secs(2_764_800),
                ..MountFacts::default()
            }),
            caller: Arc::new(Caller {
                display_name: "token-web".to_owned(),
                ..Caller::default()
            }),
            request: Arc::new(RequestFacts {
                id: "request".to_owned(),
                operation,
                path: String::new(),
                asked_path: String::new(),
                remote: None,
                media: String::new(),
                headers: BTreeMap::new(),
                sent_token: false,
                wrap_ttl: None,
            }),
            services: Arc::clone(&self.store) as Arc<dyn Services>,
            own_token: None,
        }
    }
}

impl Store {
    /// How many rows of a kind there are.
    pub(crate) fn count(&self, kind: &'static str) -> usize {
        let rows = self.rows.lock().unwrap();
        rows.1
            .keys()
            .filter(|key| key.segments().first() == Some(&Segment::Fixed(kind)))
            .count()
    }

    /// The only row of a kind.
    pub(crate) fn text(&self, kind: &'static str) -> Value {
        let rows = self.rows.lock().unwrap();
        let mut found = rows
            .1
            .iter()
            .filter(|(key, _)| key.segments().first() == Some(&Segment::Fixed(kind)));
        found.next().unwrap().1.json().unwrap()
    }

    /// The commit that was made last.
    pub(crate) fn latest(&self) -> u64 {
        self.rows.lock().unwrap().0
    }

    pub(crate) fn apply(&self, batch: Batch) -> Result<Revision> {
        let mut rows = self.rows.lock().unwrap();
        for (key, expect) in &batch.expect {
            let found = rows.1.get(key).map(|opened| opened.revision);
            if found.map_or(Expect::Absent, Expect::At) != *expect {
                return Err(Error::conflict());
            }
        }
        rows.0 += u64::from(!batch.is_empty());
        let revision = Revision(rows.0);
        for (key, write) in batch.writes {
            match write {
                Write::Put(value) => {
                    let created = rows.1.get(&key).map_or(revision, |before| before.created);
                    let opened = Opened {
                        value: Arc::new(Plaintext::clone(&value)),
                        created,
                        revision,
                    };
                    rows.1.insert(key, opened);
                }
                Write::Delete => {
                    rows.1.remove(&key);
                }
            }
        }
        Ok(revision)
    }
}

#[async_trait]
impl Storage for Store {
    async fn get(&self, key: &Key) -> Result<Option<Opened>> {
        Ok(self.rows.lock().unwrap().1.get(key).cloned())
    }

    async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>> {
        let rows = self.rows.lock().unwrap();
        let below = rows.1.iter().filter_map(|(key, opened)| {
            let rest = key.segments().strip_prefix(span.under.segments())?;
            let bytes = rest.iter().map(|segment| match segment {
                Segment::Id(id) => id.as_bytes().into(),
                _ => Box::default(),
            });
            Some(Row::new(bytes.collect(), opened.clone()))
        });
        Ok(below.take(limit).collect())
    }

    async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>> {
        let rows = self.rows.lock().unwrap();
        let names = rows
            .1
            .keys()
            .filter_map(|key| match key.segments().strip_prefix(prefix.segments())? {
                [Segment::Name(name)] => Some(name.clone()),
                _ => None,
            });
        Ok(page.cut(names.collect()))
    }
}

#[async_trait]
impl Services for Store {
    fn random(&self) -> &dyn Random {
        static RANDOM: std::sync::OnceLock<crypto::SystemRandom> = std::sync::OnceLock::new();
        RANDOM.get_or_init(crypto::SystemRandom::new)
    }

    async fn commit(&self, batch: Batch) -> Result<Revision> {
        self.apply(batch)
    }

    async fn password(&self, policy: Option<&str>) -> Result<SecretText> {
        match policy {
            None => Ok(SecretText::new(format!(
                "CANARY-{}",
                logical::random_text(self.random(), 13)
            ))),
            Some("quotes") => Ok(SecretText::from("CANARY-it's \\ \"x\"")),
            Some(_) => Err(Error::invalid("no password policy found")),
        }
    }
}
