//! Random bytes from the operating system.

use logical::Random;
use ring::rand::SecureRandom;

/// The operating system's source of random bytes.
#[derive(Clone)]
pub struct SystemRandom(ring::rand::SystemRandom);

impl SystemRandom {
    /// The source; there is only one.
    pub fn new() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Default for SystemRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // A server that cannot draw random bytes may not go on: whatever it sealed would be sealed badly.
        self.0
            .fill(bytes)
            .expect("the operating system gives random bytes");
    }
}
