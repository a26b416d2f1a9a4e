//! Reads the body of a request, within limits.

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::buffer::Buffer;
use crate::refusal::Refusal;

/// A body above this has to wait for its turn.
const LARGE: usize = 256 * 1024;

/// What bodies are held to.
pub(crate) struct Limits {
    pub(crate) size: usize,
    pub(crate) time: Duration,
    pub(crate) large: Arc<Semaphore>,
}

/// A body that arrived. While a large one is held, another one waits.
pub(crate) struct Received {
    bytes: Buffer,
    turn: Option<OwnedSemaphorePermit>,
}

impl Limits {
    /// Reads a body.
    ///
    /// # Errors
    /// 413 for one that is too large, before all of it has arrived; 408 for one that takes too long; 400 for one that
    /// breaks off.
    pub(crate) async fn read(&self, body: Body) -> Result<Received, Refusal> {
        let mut received = Received {
            bytes: Buffer::default(),
            turn: None,
        };
        if !body.is_end_stream() {
            self.in_time(self.fill(body, &mut received)).await?;
        }
        Ok(received)
    }

    /// Passes over a body that nobody asked for, so that the connection can be used again. It is held to the same size.
    pub(crate) async fn skip(&self, body: Body) -> Result<(), Refusal> {
        if body.is_end_stream() {
            return Ok(());
        }
        self.in_time(async {
            let mut chunks = Chunks::of(body, self.size)?;
            while chunks.next().await?.is_some() {}
            Ok(())
        })
        .await
    }

    async fn fill(&self, body: Body, received: &mut Received) -> Result<(), Refusal> {
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        received.bytes = Buffer::with_capacity(expected.min(LARGE));
        let mut chunks = Chunks::of(body, self.size)?;
        while let Some(chunk) = chunks.next().await? {
            if received.turn.is_none() && received.bytes.as_ref().len() + chunk.len() > LARGE {
                let turn = Arc::clone(&self.large).acquire_owned().await;
                received.turn = Some(turn.map_err(|_| Refusal::new(503, "server is shutting down"))?);
            }
            received.bytes.extend(&chunk);
        }
        Ok(())
    }

    async fn in_time(&self, reading: impl Future<Output = Result<(), Refusal>>) -> Result<(), Refusal> {
        let late = |_| Refusal::new(408, "the body takes too long to arrive");
        timeout(self.time, reading).await.map_err(late)?
    }
}

/// The pieces of a body, as long as together they are not too large.
struct Chunks {
    body: Body,
    left: usize,
}

impl Chunks {
    fn of(body: Body, size: usize) -> Result<Self, Refusal> {
        match usize::try_from(body.size_hint().lower()) {
            Ok(announced) if announced <= size => Ok(Self { body, left: size }),
            _ => Err(too_large()),
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|_| Refusal::invalid("the body breaks off"))?;
            if let Ok(chunk) = frame.into_data() {
                self.left = self.left.checked_sub(chunk.len()).ok_or_else(too_large)?;
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }
}

fn too_large() -> Refusal {
    Refusal::new(413, "http: request body too large")
}

impl AsRef<[u8]> for Received {
    fn as_ref(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}
