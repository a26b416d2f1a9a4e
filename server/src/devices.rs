//! Audit devices: those that were stored, and those that the configuration declares.
//!
//! A declared device exists from initialisation on. It comes and goes with its declaration, and its options do not
//! change while it exists: what is in a log can only be read by who knows how it was written.

use anyhow::Context;
use audit::{AuditedHeaders, DeviceConfig, Prefixing};
use logical::{Batch, Error, Result};
use server_sys::StoredDevice;

use crate::config::{Config, DeclaredDevice};
use crate::strongbox::Strongbox;

/// Refuses declared devices that could never be: at the start, and not only when somebody unseals.
pub(crate) fn check(config: &Config) -> anyhow::Result<()> {
    for declared in &config.audit {
        // Whether prefixes are allowed is asked at initialisation, as recorded; a server starts with one.
        let possible = config_of(declared).check(Prefixing::Allowed);
        let name = declared.path.trim_end_matches('/');
        possible.with_context(|| format!("audit {:?} {name:?}", declared.kind))?;
    }
    Ok(())
}

/// Whether devices may put a prefix before each line.
pub(crate) fn prefixing(config: &Config) -> Prefixing {
    if config.may_prefix_devices {
        Prefixing::Allowed
    } else {
        Prefixing::Refused
    }
}

impl Strongbox {
    /// Makes the declared devices of a new store: each is tried, and one that cannot be refuses the initialisation.
    pub(crate) async fn first_devices(&self, batch: &mut Batch) -> Result<()> {
        for declared in &self.config.audit {
            self.enable_declared(declared, batch).await?;
        }
        self.house.audit.clear();
        Ok(())
    }

    /// Opens all devices, at unsealing. One that cannot be opened is kept and fails, so that nothing happens unrecorded.
    pub(crate) async fn open_devices(&self) -> Result<()> {
        let house = &self.house;
        house.audit.clear();
        for device in StoredDevice::all(house.store.as_ref()).await? {
            let kept = !device.declared || declaration(&self.config, &device).is_some();
            if kept {
                house.audit.restore(device.config.clone(), &device.salt())?;
            }
        }
        if let Some(row) = house.store.get(&StoredDevice::headers_key()).await? {
            house.audit.set_headers(row.json::<AuditedHeaders>()?);
        }
        self.follow_declarations(&self.config).await
    }

    /// Adds devices that a configuration declares by now, and lets go of those that it does not declare any more.
    ///
    /// # Errors
    /// `Invalid` if one is declared with other options than it has.
    pub(crate) async fn follow_declarations(&self, config: &Config) -> Result<()> {
        let house = &self.house;
        let mut batch = Batch::new();
        let stored = StoredDevice::all(house.store.as_ref()).await?;
        for device in stored.iter().filter(|device| device.declared) {
            match declaration(config, device) {
                Some(declared) if config_of(declared) != device.config => {
                    let text = format!(
                        "audit device {:?} cannot change its options: remove it from the configuration, reload, and declare it anew",
                        device.config.path
                    );
                    return Err(Error::invalid(text));
                }
                Some(_) => {}
                None => {
                    batch.delete(StoredDevice::key(&device.config.path));
                    house.audit.disable(&device.config.path);
                }
            }
        }
        for declared in &config.audit {
            if !stored.iter().any(|device| device.config.path == declared.path) {
                self.enable_declared(declared, &mut batch).await?;
            }
        }
        if !batch.is_empty() {
            house.commit(batch).await?;
        }
        Ok(())
    }

    async fn enable_declared(&self, declared: &DeclaredDevice, batch: &mut Batch) -> Result<()> {
        let mut device = StoredDevice::new(config_of(declared), self.house.random());
        device.declared = true;
        self.house
            .audit
            .enable(device.config.clone(), &device.salt())
            .await?;
        batch
            .put_json(StoredDevice::key(&declared.path), &device)
            .map(|_| ())
    }
}

fn declaration<'a>(config: &'a Config, device: &StoredDevice) -> Option<&'a DeclaredDevice> {
    config
        .audit
        .iter()
        .find(|declared| declared.path == device.config.path)
}

fn config_of(declared: &DeclaredDevice) -> DeviceConfig {
    DeviceConfig {
        path: declared.path.clone(),
        kind: declared.kind.clone(),
        description: declared.description.clone(),
        options: declared.options.clone(),
        local: declared.local,
    }
}
