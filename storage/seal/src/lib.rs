//! Turns what the operator holds into the unseal key.
