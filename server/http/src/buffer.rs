//! A buffer for what may hold secrets.

use bytes::Bytes;
use std::io;
use zeroize::Zeroizing;

/// Bytes that are wiped when they are dropped, and when they move because they grew.
///
/// Wiped is what this crate owns. hyper copies small bodies into the buffer of their connection, and TLS and the kernel
/// have copies of their own; these are overwritten by what comes next, and nobody wipes them.
#[derive(Default)]
pub(crate) struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    /// An empty one that takes so many bytes before it has to move.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            // Not `reserve`, which would free the old place as it is.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.0.capacity())));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// The bytes, to be sent.
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_grows() {
        let mut buffer = Buffer::with_capacity(3);
        for _ in 0..100 {
            buffer.extend(b"abcd");
        }
        assert_eq!(buffer.into_bytes(), "abcd".repeat(100));
    }
}
