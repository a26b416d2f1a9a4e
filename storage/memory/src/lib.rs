//! Bytes at rest in memory: for tests, and for the dev server.
