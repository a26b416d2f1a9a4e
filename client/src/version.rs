//! Who we are, and which Vault we say we are.

/// The product's name.
pub const NAME: &str = "Strongroom";

/// The product's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The name that clients of Vault expect to read.
pub const VAULT_NAME: &str = "Vault";

/// The version of Vault whose API is spoken.
///
/// Clients parse it as a semantic version and switch features on by it: Terraform's provider ends
/// with a panic if it is none, and hvac takes a suffix `+ent` for Vault Enterprise.
pub const VAULT_VERSION: &str = "1.15.6";
