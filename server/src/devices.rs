//! Audit devices at unsealing: those that were stored, and those that the configuration declares.

use audit::{AuditedHeaders, DeviceConfig};
use logical::{Batch, Result};
use server_sys::StoredDevice;

use crate::config::DeclaredDevice;
use crate::strongbox::Strongbox;

impl Strongbox {
    /// Opens all devices. One that cannot be opened is kept and fails, so that nothing happens unrecorded.
    pub(crate) async fn open_devices(&self) -> Result<()> {
        let house = &self.house;
        house.audit.clear();
        let mut batch = Batch::new();
        let stored = StoredDevice::all(house.store.as_ref()).await?;
        let declared = &self.config.audit;
        for device in &stored {
            // A device that the configuration does not declare any more has gone with the declaration.
            if device.declared && !declared.iter().any(|other| other.path == device.config.path) {
                batch.delete(StoredDevice::key(&device.config.path));
                continue;
            }
            house.audit.restore(device.config.clone(), &device.salt())?;
        }
        for declared in declared {
            if stored.iter().any(|device| device.config.path == declared.path) {
                continue;
            }
            let mut device = StoredDevice::new(config_of(declared), house.random());
            device.declared = true;
            house.audit.restore(device.config.clone(), &device.salt())?;
            batch.put_json(StoredDevice::key(&declared.path), &device)?;
        }
        if let Some(row) = house.store.get(&StoredDevice::headers_key()).await? {
            house.audit.set_headers(row.json::<AuditedHeaders>()?);
        }
        if !batch.is_empty() {
            house.commit(batch).await?;
        }
        Ok(())
    }
}

fn config_of(declared: &DeclaredDevice) -> DeviceConfig {
    DeviceConfig {
        path: declared.path.clone(),
        kind: declared.kind.clone(),
        description: declared.description.clone(),
        options: declared.options.clone(),
        local: false,
    }
}
