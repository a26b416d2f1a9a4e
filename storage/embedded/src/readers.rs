//! The connections that read.
//!
//! There is no memory map: it halves the time of a row that is not cached, and an error of the disk would end the process.

use crate::error::{Failure, OpenError, Result};
use crate::file;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use tokio::sync::Semaphore;
use tokio::task;

/// Some connections, opened once and for all: a read opens no file, whatever the state of the disk.
#[derive(Clone)]
pub(crate) struct Readers {
    // Invariant: not empty. The first that is free is taken, so that few of them fill their caches.
    connections: Arc<[Mutex<Connection>]>,
    // Long reads take half of the connections at most; a read of one row does not wait behind them.
    long: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(file: &Path) -> Result<Self, OpenError> {
        let count = thread::available_parallelism().map_or(4, |cores| cores.get().clamp(4, 16));
        let connections = (0..count).map(|_| file::open_reader(file).map(Mutex::new));
        Ok(Self {
            connections: connections.collect::<Result<_, _>>()?,
            long: Arc::new(Semaphore::new(count / 2)),
        })
    }

    /// Reads on this thread: for one row. Measured, a row takes 6 µs, and the way to another thread 6 to 24 more.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let free = self.connections.iter().find_map(Mutex::try_lock);
        let lent = free.or_else(|| self.connections.first().map(Mutex::lock));
        work(&*lent.ok_or(Failure::Closed)?)
    }

    /// Reads on a thread that may take its time: for what reads many rows.
    pub(crate) async fn read_many<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _permit = self.long.acquire().await.map_err(|_| Failure::Closed)?;
        let readers = self.clone();
        let reading = task::spawn_blocking(move || readers.read(work));
        reading.await.map_err(|_| Failure::Closed)?
    }
}
