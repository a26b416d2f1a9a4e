//! A server in this process: initialised and unsealed through its API, asked through its router.

use crate::world::{Answer, Broken, CANARY, Log, ManualClock, Stage, Trail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use logical::{Backend, Error, Outbound, OutboundAnswer, OutboundCall};
use serde_json::{Value, json};
use server_http::{HttpSettings, router};
use server_mounts::TableKind;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use storage_embedded::Embedded;
use storage_memory::Memory;
use strongroom::{Building, Config, DeclaredDevice, Front, Strongbox, build};
use tower::ServiceExt;

/// Longest time that something may take that nobody but the server's own tasks works on.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server with a plugin of the test's own at `stage/` and KV version 2 at `secret/`.
pub(crate) struct TestServer {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) log: Log,
    pub(crate) trail: Trail,
    pub(crate) stage: Arc<Stage>,
    pub(crate) root: String,
    pub(crate) strongbox: Arc<Strongbox>,
    key: String,
    place: tempfile::TempDir,
    /// The log tells paths; a test that marks those too looks for itself.
    names_are_marked: AtomicBool,
}

impl TestServer {
    /// Over memory.
    pub(crate) async fn start() -> Self {
        Self::over(Arc::new(Memory::new())).await
    }

    /// Runs a test against a server over memory whose requests are answered on several threads.
    pub(crate) fn on_threads(test: impl AsyncFnOnce(Self)) {
        let log = Log::listen();
        let runtime = log.runtime();
        runtime.block_on(async {
            let place = tempfile::tempdir().unwrap();
            test(Self::found(Arc::new(Memory::new()), place, log).await).await;
        });
    }

    /// Over the embedded store, in a folder that goes with the test.
    pub(crate) async fn embedded() -> Self {
        let place = tempfile::tempdir().unwrap();
        let backend = open(&data(place.path()));
        Self::found(backend, place, Log::listen()).await
    }

    /// Over a backend of the test's.
    pub(crate) async fn over(backend: Arc<dyn Backend>) -> Self {
        Self::found(backend, tempfile::tempdir().unwrap(), Log::listen()).await
    }

    async fn found(backend: Arc<dyn Backend>, place: tempfile::TempDir, log: Log) -> Self {
        let clock = Arc::new(ManualClock::new());
        let (stage, trail) = (Arc::<Stage>::default(), Trail::below(place.path()));
        let strongbox = wired(backend, &clock, &stage, &trail);
        let mut server = Self {
            clock,
            log,
            trail,
            stage,
            root: String::new(),
            strongbox,
            key: String::new(),
            place,
            names_are_marked: AtomicBool::new(false),
        };
        let shares = json!({ "secret_shares": 1, "secret_threshold": 1 });
        let keys = server.call("PUT", "/v1/sys/init", "", shares).await.expect(200);
        server.root = keys.text("/root_token");
        server.key = keys.text("/keys/0");
        server.unseal().await;
        let kv = json!({ "type": "kv", "options": { "version": "2" } });
        server.write("sys/mounts/secret", kv).await.expect(204);
        server
            .write("sys/mounts/stage", json!({ "type": "stage" }))
            .await
            .expect(204);
        server
    }

    /// The only key share that there was at the beginning, in hexadecimal.
    pub(crate) fn key(&self) -> String {
        self.key.clone()
    }

    /// Offers the unseal key.
    pub(crate) async fn unseal(&self) {
        let key = json!({ "key": self.key });
        let answer = self.call("PUT", "/v1/sys/unseal", "", key).await.expect(200);
        assert_eq!(answer.at("/sealed"), false);
    }

    /// The server stops. `back` starts it again over the same store.
    pub(crate) async fn stop(&self) {
        self.strongbox.drain().await;
        self.strongbox.shut();
    }

    /// Starts a server over the data that a stopped one left behind.
    pub(crate) async fn back(mut self) -> Self {
        let (backend, clock) = (self.data(), Arc::clone(&self.clock));
        // The old one must be gone first: the store is one process's.
        let gone = Arc::downgrade(&self.strongbox);
        let nothing: Arc<dyn Backend> = Arc::new(Memory::new());
        self.strongbox = wired(nothing, &clock, &self.stage, &self.trail);
        self.until("the old server is gone", async || gone.strong_count() == 0)
            .await;
        self.strongbox = wired(open(&backend), &clock, &self.stage, &self.trail);
        self.unseal().await;
        self
    }

    /// A request as anybody sends it.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: Value) -> Answer {
        let bytes = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        self.send(self.request(method, path, &[("X-Vault-Token", token)]), bytes)
            .await
    }

    /// A request with headers of its own.
    pub(crate) async fn send(&self, request: hyper::http::request::Builder, body: Vec<u8>) -> Answer {
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let front = Arc::new(Front(Arc::clone(&self.strongbox)));
        let random = Arc::new(crypto::SystemRandom::new());
        let settings = HttpSettings::new(Arc::clone(&self.clock) as Arc<_>, random);
        let door = router(Arc::clone(&front) as Arc<_>, front, settings);
        let response = door.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, body }
    }

    /// The head of a request.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> hyper::http::request::Builder {
        let request = hyper::Request::builder()
            .method(method)
            .uri(path)
            .header("Host", "strongroom.test")
            .header("X-Vault-Request", "true");
        let given = headers.iter().filter(|(_, value)| !value.is_empty());
        given.fold(request, |request, (name, value)| request.header(*name, *value))
    }

    /// Writes as root.
    pub(crate) async fn write(&self, path: &str, body: Value) -> Answer {
        self.call("POST", &format!("/v1/{path}"), &self.root, body).await
    }

    /// Reads as root.
    pub(crate) async fn read(&self, path: &str) -> Answer {
        self.call("GET", &format!("/v1/{path}"), &self.root, Value::Null)
            .await
    }

    /// Deletes as root.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", &format!("/v1/{path}"), &self.root, Value::Null)
            .await
    }

    /// A new token, made by root with these parameters.
    pub(crate) async fn token(&self, parameters: Value) -> String {
        let made = self.write("auth/token/create", parameters).await.expect(200);
        made.text("/auth/client_token")
    }

    /// Asks again and again until something is so that the server's own tasks bring about.
    pub(crate) async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !is_so().await {
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
            tokio::task::yield_now().await;
        }
    }

    /// Breaks the only audit device; the log will say so.
    pub(crate) fn break_trail(&self, how: Broken) {
        self.expect_broken_trail();
        self.trail.break_it(how);
        self.strongbox.house().audit.reopen_all();
    }

    /// The log will tell of a broken audit device, and perhaps of one that is mended.
    pub(crate) fn expect_broken_trail(&self) {
        self.log.expect("audit device cannot write");
        self.log.tolerate("audit device writes again");
        self.log.tolerate("an answer could not be recorded");
        self.log
            .tolerate("record the request: none of 1 audit devices could write");
    }

    /// Mends it again.
    pub(crate) fn mend_trail(&self) {
        self.trail.mend();
        self.strongbox.house().audit.reopen_all();
    }

    /// Says that names of this test carry the mark, which the audit log tells.
    pub(crate) fn forgive_names(&self) {
        self.names_are_marked.store(true, Ordering::Relaxed);
    }

    /// The folder of the embedded store.
    pub(crate) fn data(&self) -> PathBuf {
        data(self.place.path())
    }
}

impl Drop for TestServer {
    /// The alarms. A test that failed already is not told twice.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.log.check();
        let told = self.trail.text().contains(CANARY) && !self.names_are_marked.load(Ordering::Relaxed);
        assert!(!told, "a secret is in the audit log");
        for file in files(&self.data()) {
            let bytes = fs::read(&file).unwrap();
            let found = bytes
                .windows(CANARY.len())
                .any(|window| window == CANARY.as_bytes());
            assert!(!found, "a secret is in {}", file.display());
        }
    }
}

/// Every file below a folder; none if there is no folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

fn data(place: &Path) -> PathBuf {
    place.join("data")
}

fn open(path: &Path) -> Arc<dyn Backend> {
    Arc::new(Embedded::open(path).unwrap())
}

fn wired(
    backend: Arc<dyn Backend>,
    clock: &Arc<ManualClock>,
    stage: &Arc<Stage>,
    trail: &Trail,
) -> Arc<Strongbox> {
    let options = BTreeMap::from([("file_path".to_owned(), trail.file().display().to_string())]);
    let device = DeclaredDevice {
        kind: "file".to_owned(),
        path: "trail/".to_owned(),
        description: String::new(),
        options,
        local: false,
    };
    let strongbox = build(Building {
        config: Config {
            audit: vec![device],
            may_create_devices: true,
            ..Config::default()
        },
        backend,
        storage_kind: "inmem".to_owned(),
        clock: Arc::clone(clock) as Arc<_>,
        random: Arc::new(crypto::SystemRandom::new()),
        outbound: Arc::new(Nowhere),
    });
    let stage = Arc::clone(stage);
    strongbox.house().rooms.mounts.factories().register(
        TableKind::Secrets,
        "stage",
        Arc::new(move |_| Ok(stage.mounted())),
    );
    strongbox
}

/// Nobody is there to be called.
struct Nowhere;

#[async_trait::async_trait]
impl Outbound for Nowhere {
    async fn call(&self, _: OutboundCall) -> logical::Result<OutboundAnswer> {
        Err(Error::unavailable("call out: tests call nobody"))
    }
}
