//! The workshop: what CI runs, and what it checks.
fn main() {}
