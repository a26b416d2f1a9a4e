//! Text to ACL to decision. Pure: no async, no storage.
