//! One device in use: its configuration, its hand, and the place it writes to.

use crate::AuditError;
use crate::config::{DeviceConfig, Prefixing, Style};
use crate::device::{self, AuditDevice};
use crate::redactor::Redactor;
use crate::salt::Salt;
use logical::secret::Plaintext;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// One device in use.
pub(crate) struct Recorder {
    pub(crate) config: DeviceConfig,
    pub(crate) style: Style,
    salt: Salt,
    device: Box<dyn AuditDevice>,
    /// The last write failed. The next one tries again.
    is_failing: AtomicBool,
}

impl Recorder {
    /// Reads the configuration. Nothing is opened yet.
    pub(crate) fn new(
        config: DeviceConfig,
        salt: &Plaintext,
        prefixing: Prefixing,
    ) -> Result<Self, AuditError> {
        let device = device::of_config(&config)?;
        Ok(Self {
            style: config.style(prefixing)?,
            config: DeviceConfig {
                path: DeviceConfig::name(&config.path),
                ..config
            },
            salt: Salt::new(salt),
            device,
            is_failing: AtomicBool::new(false),
        })
    }

    /// How it shows and hides.
    pub(crate) fn redactor(&self) -> Redactor<'_> {
        Redactor::new(&self.salt, &self.style)
    }

    /// What stands for a text in its log.
    pub(crate) fn hash(&self, text: &str) -> String {
        self.salt.hash(text.as_bytes())
    }

    /// Opens it, or says why it cannot be a device.
    pub(crate) fn open_first(&self) -> Result<(), AuditError> {
        self.device.open_first()
    }

    /// Opens it anew. If that fails, the next write tries again.
    pub(crate) fn reopen(&self) {
        self.note(self.device.reopen()).ok();
    }

    /// Writes whole lines, and remembers whether it could.
    pub(crate) async fn write(&self, lines: &[u8]) -> io::Result<()> {
        let outcome = self.device.write(lines).await;
        self.note(outcome)
    }

    /// Whether the last write failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// Tells the operator once when it begins to fail, and once when it is over.
    fn note(&self, outcome: io::Result<()>) -> io::Result<()> {
        let failed_before = self.is_failing.swap(outcome.is_err(), Ordering::Relaxed);
        match &outcome {
            Err(error) if !failed_before => {
                tracing::error!(device = self.config.path, %error, "audit device cannot write");
            }
            Ok(()) if failed_before => tracing::warn!(device = self.config.path, "audit device writes again"),
            _ => {}
        }
        outcome
    }
}
