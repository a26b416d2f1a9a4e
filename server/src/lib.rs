//! The server: configuration, wiring, serving, shutting down. `main` adds the command line.
//!
//! This door alone knows every room and introduces them to each other. It decides nothing about requests.
//!
//! Start with `run.rs`, then `wiring.rs`, then `strongbox.rs`.

mod clock;
mod config;
mod dev;
mod devices;
mod flags;
mod front;
mod generate_root;
mod holders;
mod host;
mod initialize;
mod listeners;
mod logging;
mod members;
mod opening;
mod rekey;
mod rotation;
mod run;
mod settings;
mod strongbox;
mod wiring;

pub use clock::SystemClock;
pub use config::{Config, ConfigError, DeclaredDevice, ListenerConfig, StorageConfig};
pub use dev::DevSettings;
pub use front::Front;
pub use run::server;
pub use strongbox::Strongbox;
pub use wiring::{Building, build};
