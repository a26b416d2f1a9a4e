//! The door: every secrets engine and auth method, one line each.
