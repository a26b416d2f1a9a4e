//! sys/*, identity/* and auth/token/*: ordinary path tables over the rooms.
