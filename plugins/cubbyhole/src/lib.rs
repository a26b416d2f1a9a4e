//! The private store of each token.
