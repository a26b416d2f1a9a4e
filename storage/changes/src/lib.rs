//! Tells whoever watches a store which keys changed.
//!
//! A backend whose commits all happen in this process publishes each of them here, in order and before it is
//! acknowledged. Only the changes of the recent past are kept: whoever asks for older ones, or falls too far behind, is
//! told to read everything again, and never gets a stream with a hole in it.
//!
//! What is not here: values, and anything on disk.

mod changes;

pub use changes::Changes;
