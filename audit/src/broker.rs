//! All devices, and the rule that at least one has to write.

use crate::AuditError;
use crate::config::{DeviceConfig, Prefixing};
use crate::entry::{Common, Entry};
use crate::headers::AuditedHeaders;
use crate::probe::Probe;
use crate::recorder::Recorder;
use crate::subject::{Outcome, Subject};
use logical::secret::Plaintext;
use logical::{Clock, Random, Result};
use parking_lot::RwLock;
use std::sync::Arc;

/// Lines of this length are written without growing the buffer.
const LINES_USUAL: usize = 4096;

/// What a broker is told once.
pub struct Settings {
    /// Entries carry its time.
    pub clock: Arc<dyn Clock>,
    /// Names the entries that try new devices.
    pub random: Arc<dyn Random>,
    /// The version of the built-in plugins, as `sys/mounts` shows it.
    pub plugin_version: String,
    /// Whether devices may put a prefix before each line.
    pub prefixing: Prefixing,
}

/// Takes every request down in all devices.
///
/// Without devices there is nothing to take down, and every call succeeds. With devices, one that writes is enough;
/// if none does, the call fails and the request must not go on.
pub struct Broker {
    settings: Settings,
    devices: RwLock<Arc<[Arc<Recorder>]>>,
    headers: RwLock<Arc<AuditedHeaders>>,
}

/// Which lines of a request are written.
#[derive(Clone, Copy)]
enum Lines<'a> {
    Opening,
    Closing(&'a Outcome<'a>),
    Both(&'a Outcome<'a>),
}

impl Broker {
    /// A broker without devices.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            devices: RwLock::default(),
            headers: RwLock::default(),
        }
    }

    /// Records that a request was made and what was decided, before anything is done.
    ///
    /// # Errors
    /// `Internal` if there are devices and none could write: the request must be refused.
    pub async fn request(&self, subject: &Subject<'_>) -> Result<()> {
        self.record(subject, Lines::Opening).await
    }

    /// Records how a request ended, before the answer leaves.
    ///
    /// # Errors
    /// `Internal` if there are devices and none could write: the answer must not leave.
    pub async fn response(&self, subject: &Subject<'_>, outcome: &Outcome<'_>) -> Result<()> {
        self.record(subject, Lines::Closing(outcome)).await
    }

    /// Records both at once, in one write a device: for requests that change nothing.
    ///
    /// # Errors
    /// `Internal` if there are devices and none could write: the answer must not leave.
    pub async fn both(&self, subject: &Subject<'_>, outcome: &Outcome<'_>) -> Result<()> {
        self.record(subject, Lines::Both(outcome)).await
    }

    /// Takes on a new device, once it has taken an entry that tries it.
    ///
    /// # Errors
    /// `Invalid` if it cannot be such a device, with the reason.
    pub async fn enable(&self, config: DeviceConfig, salt: &Plaintext) -> Result<()> {
        let device = Recorder::new(config, salt, self.settings.prefixing)?;
        check_name(&self.devices.read(), &device.config.path)?;
        device.open_first()?;
        if !device.config.skips_test() {
            self.test(&device).await?;
        }
        self.take_on(device)
    }

    /// Takes on a device that was enabled before the server was unsealed. One that cannot be opened is kept: it fails,
    /// and is tried again with each request.
    ///
    /// # Errors
    /// `Invalid` if its configuration is none.
    pub fn restore(&self, config: DeviceConfig, salt: &Plaintext) -> Result<()> {
        let device = Recorder::new(config, salt, self.settings.prefixing)?;
        device.reopen();
        self.take_on(device)
    }

    /// Lets go of a device. One that is not there is no error.
    pub fn disable(&self, name: &str) {
        let name = DeviceConfig::name(name);
        let mut devices = self.devices.write();
        *devices = devices
            .iter()
            .filter(|device| device.config.path != name)
            .cloned()
            .collect();
    }

    /// Lets go of all devices, their salts and the headers: the server is sealed.
    pub fn clear(&self) {
        *self.devices.write() = Arc::default();
        *self.headers.write() = Arc::default();
    }

    /// All devices, sorted by name.
    pub fn list(&self) -> Vec<DeviceConfig> {
        self.devices
            .read()
            .iter()
            .map(|device| device.config.clone())
            .collect()
    }

    /// The names of the devices whose last write failed.
    pub fn failing(&self) -> Vec<String> {
        let devices = self.devices.read();
        let failing = devices.iter().filter(|device| device.is_failing());
        failing.map(|device| device.config.path.clone()).collect()
    }

    /// What stands for a text in a device's log.
    ///
    /// # Errors
    /// `Invalid` if there is no such device.
    pub fn hash(&self, name: &str, text: &str) -> Result<String> {
        let name = DeviceConfig::name(name);
        let devices = self.devices.read();
        let device = devices.iter().find(|device| device.config.path == name);
        let device = device.ok_or(AuditError::UnknownDevice { name })?;
        Ok(device.hash(text))
    }

    /// Opens every device anew: their files were rotated.
    pub fn reopen_all(&self) {
        let devices = Arc::clone(&self.devices.read());
        for device in devices.iter() {
            device.reopen();
        }
    }

    /// Which headers of requests are written down.
    pub fn headers(&self) -> Arc<AuditedHeaders> {
        Arc::clone(&self.headers.read())
    }

    /// Has these headers written down from now on, and no others.
    pub fn set_headers(&self, headers: AuditedHeaders) {
        *self.headers.write() = Arc::new(headers);
    }

    async fn record(&self, subject: &Subject<'_>, lines: Lines<'_>) -> Result<()> {
        let devices = Arc::clone(&self.devices.read());
        if devices.is_empty() {
            return Ok(());
        }
        let headers = self.headers();
        let common = Common::new(subject, &headers, &self.settings.plugin_version);
        let mut wrote = false;
        let mut failure = None;
        for device in devices.iter() {
            match device.write(&self.render(device, &common, lines)).await {
                Ok(()) => wrote = true,
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(source) if !wrote => Err(AuditError::NothingRecorded {
                devices: devices.len(),
                source,
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn render(&self, device: &Recorder, common: &Common<'_>, lines: Lines<'_>) -> Vec<u8> {
        let entry = Entry::new(common, &device.style, device.redactor());
        let mut out = Vec::with_capacity(LINES_USUAL);
        if matches!(lines, Lines::Opening | Lines::Both(_)) {
            entry.opening(&mut out, self.settings.clock.now());
        }
        if let Lines::Closing(outcome) | Lines::Both(outcome) = lines {
            entry.closing(&mut out, self.settings.clock.now(), outcome);
        }
        out
    }

    async fn test(&self, device: &Recorder) -> Result<()> {
        let probe = Probe::new(self.settings.clock.now(), &*self.settings.random)?;
        let (subject, headers) = (probe.subject(), AuditedHeaders::default());
        let common = Common::new(&subject, &headers, &self.settings.plugin_version);
        let line = self.render(device, &common, Lines::Opening);
        Ok(device
            .write(&line)
            .await
            .map_err(|source| AuditError::TestFailed { source })?)
    }

    /// Adds a device, if its name is still free.
    fn take_on(&self, device: Recorder) -> Result<()> {
        let mut devices = self.devices.write();
        check_name(&devices, &device.config.path)?;
        let mut all: Vec<_> = devices.iter().cloned().chain([Arc::new(device)]).collect();
        all.sort_by(|a, b| a.config.path.cmp(&b.config.path));
        *devices = all.into();
        Ok(())
    }
}

/// Refuses a name that another device has, or that lies above or below one's.
fn check_name(devices: &[Arc<Recorder>], name: &str) -> Result<(), AuditError> {
    let collides = |other: &str| name.starts_with(other) || other.starts_with(name);
    if devices.iter().any(|device| collides(&device.config.path)) {
        return Err(AuditError::NameInUse);
    }
    Ok(())
}
