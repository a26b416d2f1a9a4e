//! The connections that read.

use crate::error::{Failure, OpenError, Result};
use crate::file;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::Path;
use std::thread;
use tokio::sync::Semaphore;

/// Some connections, opened once and for all: a read opens no file, whatever the state of the disk.
pub(crate) struct Readers {
    // Invariant: as many as there are permits, less those that are lent.
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

/// A connection that goes back when it is dropped.
struct Lent<'a> {
    connection: Option<Connection>,
    idle: &'a Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn open(file: &Path) -> Result<Self, OpenError> {
        let count = thread::available_parallelism().map_or(4, |cores| cores.get().clamp(2, 8));
        let idle = (0..count).map(|_| file::open_reader(file));
        Ok(Self {
            idle: Mutex::new(idle.collect::<Result<_, _>>()?),
            permits: Semaphore::new(count),
        })
    }

    /// Reads on this thread.
    pub(crate) async fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let _permit = self.permits.acquire().await.map_err(|_| Failure::Closed)?;
        let lent = Lent {
            connection: self.idle.lock().pop(),
            idle: &self.idle,
        };
        work(lent.connection.as_ref().ok_or(Failure::Closed)?)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.idle.lock().extend(self.connection.take());
    }
}
