//! A server of a test's own, and what tests ask of it.

mod answer;
mod clock;
mod log;
mod server;
mod stage;
mod trail;

pub(crate) use answer::Answer;
pub(crate) use clock::ManualClock;
pub(crate) use log::{CANARY, Log, canary};
pub(crate) use server::{TestServer, files};
pub(crate) use stage::Stage;
pub(crate) use trail::{Broken, Trail};
