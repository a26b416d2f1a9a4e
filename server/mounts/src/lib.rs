//! What is mounted where, and which plugin answers a path.
