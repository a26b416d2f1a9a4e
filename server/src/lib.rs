//! The server: configuration, wiring, serving, shutting down.
