//! Leases: registered, renewed, revoked, expired.
