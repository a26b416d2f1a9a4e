//! Seals every value and every name before it reaches a backend.
