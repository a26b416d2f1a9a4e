//! Tokens: made, looked up, renewed, revoked.
