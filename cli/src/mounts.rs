//! What secrets engines and auth methods have in common: both are mounts, with the same settings.

pub(crate) mod details;
pub(crate) mod movement;
pub(crate) mod settings;
pub(crate) mod tuning;
pub(crate) mod wanted;
