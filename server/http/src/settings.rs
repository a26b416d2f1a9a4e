//! What an operator or the wiring sets.

use arc_swap::ArcSwapOption;
use logical::{Clock, Random};
use std::sync::Arc;
use std::time::Duration;

use crate::cross_origin::CrossOrigin;
use crate::forwarded::Forwarded;
use crate::response_headers::ResponseHeaders;

/// Largest body, as in Vault.
const BODY_MAX: usize = 32 * 1024 * 1024;

/// How requests are read and answers are written, on one listener.
pub struct HttpSettings {
    /// When a request arrived.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of requests come from.
    pub random: Arc<dyn Random>,
    /// Largest body that is taken, in bytes: `max_request_size`.
    pub body_max: usize,
    /// How long a client may take to send a body.
    pub body_time: Duration,
    /// How many bodies above a quarter of a megabyte are held at once; further ones wait. Bounds the memory that
    /// strangers can fill.
    pub large_bodies: usize,
    /// What holders of key shares may do without a token.
    pub keyholders: Keyholders,
    /// Which proxies may say on whose behalf they ask.
    pub forwarded: Option<Forwarded>,
    /// Headers that an operator adds: `custom_response_headers`.
    pub response_headers: ResponseHeaders,
    /// Which web pages of others may ask. Whoever serves `sys/config/cors` stores it here; `None` is no rule.
    pub cross_origin: Arc<ArcSwapOption<CrossOrigin>>,
}

/// What holders of key shares may do without a token. Nothing, unless an operator says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keyholders {
    /// Make new key shares: `sys/rekey`.
    pub rekey: bool,
    /// Make a root token: `sys/generate-root`.
    pub generate_root: bool,
}

impl HttpSettings {
    /// The settings of a listener that says nothing else.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            clock,
            random,
            body_max: BODY_MAX,
            body_time: Duration::from_secs(60),
            large_bodies: 8,
            keyholders: Keyholders::default(),
            forwarded: None,
            response_headers: ResponseHeaders::default(),
            cross_origin: Arc::new(ArcSwapOption::empty()),
        }
    }
}
