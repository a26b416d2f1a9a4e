//! Black-box tests and their harness.
