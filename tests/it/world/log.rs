//! What the server logs, and the two alarms that stand in every test: a line that nobody expected, and a secret in it.

use parking_lot::Mutex;
use std::cell::Cell;
use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;

/// In every secret that a test puts in; never in anything that is written down.
pub(crate) const CANARY: &str = "c4n4ry";

/// A secret that names what it was put into.
pub(crate) fn canary(of: &str) -> String {
    format!("{CANARY}-{of}")
}

thread_local! {
    /// Listens to a thread of a runtime.
    static LISTENING: Cell<Option<DefaultGuard>> = const { Cell::new(None) };
}

/// The lines that were logged on the test's thread, where all tasks of a test run, or on the threads of [`Log::runtime`].
pub(crate) struct Log {
    lines: Lines,
    expected: Mutex<Vec<&'static str>>,
    tolerated: Mutex<Vec<&'static str>>,
    _listening: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Listens to this thread until it is dropped.
    pub(crate) fn listen() -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        Self {
            lines,
            expected: Mutex::default(),
            tolerated: Mutex::default(),
            _listening: tracing::subscriber::set_default(subscriber),
        }
    }

    /// A runtime of several threads, all of which are listened to.
    #[expect(clippy::unused_self, reason = "without a log there is nothing to listen to")]
    pub(crate) fn runtime(&self) -> Runtime {
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .on_thread_start(move || LISTENING.set(Some(tracing::dispatcher::set_default(&dispatch))))
            .build()
            .unwrap()
    }

    /// Says that warnings and errors with this text are right in this test. One that does not come is a fault too.
    pub(crate) fn expect(&self, text: &'static str) {
        self.expected.lock().push(text);
    }

    /// Says that warnings and errors with this text may come in this test.
    pub(crate) fn tolerate(&self, text: &'static str) {
        self.tolerated.lock().push(text);
    }

    /// Everything so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.lines.0.lock()).into_owned()
    }

    /// The alarms.
    pub(crate) fn check(&self) {
        let text = self.text();
        assert!(!text.contains(CANARY), "a secret was logged:\n{text}");
        let (expected, tolerated) = (self.expected.lock(), self.tolerated.lock());
        for line in text.lines().filter(|line| is_alarming(line)) {
            let known = expected
                .iter()
                .chain(tolerated.iter())
                .any(|text| line.contains(text));
            assert!(known, "an unexpected line was logged: {line}");
        }
        for text_expected in expected.iter() {
            assert!(
                text.contains(text_expected),
                "expected a line with {text_expected:?}, and there was none"
            );
        }
    }
}

fn is_alarming(line: &str) -> bool {
    let level = line.trim_start();
    level.starts_with("WARN ") || level.starts_with("ERROR ")
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
