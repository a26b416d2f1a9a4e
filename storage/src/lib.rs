//! The door: opens the storage that the configuration names.
