//! The key/value secrets engine, versions 1 and 2.
