//! Entities and aliases: who stands behind a login.
