//! The only crate that names a cipher, hash or signature crate.
