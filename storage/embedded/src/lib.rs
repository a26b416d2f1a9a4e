//! Bytes at rest in one directory: SQLite with one writer.
