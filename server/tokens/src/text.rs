//! The text of tokens: how it is made, and where the row of one is found.

use crypto::SecretKey;
use logical::secret::SecretText;
use logical::{Id, Key, Random, random_text};

const SERVICE: &str = "hvs.";
const BATCH: &str = "hvb.";
/// Characters of an accessor.
const ACCESSOR: usize = 24;
/// Random characters behind the accessor: 143 bits.
const RANDOM: usize = 24;

/// Characters of a root token, as in Vault: whoever makes a one-time password for one needs to know.
pub const ROOT_LENGTH: usize = SERVICE.len() + RANDOM;

/// The keys of this room, derived by the barrier. Gone at sealing.
pub struct TokenKeys {
    /// Of the hashes of tokens.
    pub hash: SecretKey,
    /// Of batch tokens.
    pub batch: SecretKey,
}

/// Where the row of a token is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The text names its accessor.
    Accessor(Id),
    /// The text was chosen, or is a root token's: by its hash.
    Chosen,
    /// The text is sealed claims: there is no row.
    Claims,
}

impl TokenKeys {
    /// The keyed hash of a token's text.
    pub fn hash(&self, text: &SecretText) -> [u8; 32] {
        crypto::hmac_sha256(self.hash.expose(), &[text.expose().as_bytes()])
    }
}

/// A new service token for an accessor.
pub(crate) fn service(accessor: Id, random: &dyn Random) -> SecretText {
    SecretText::new(format!("{SERVICE}{accessor}{}", random_text(random, RANDOM)))
}

/// A new root token: 28 characters, as Vault's, so that they fit in forms made for those.
pub(crate) fn root(random: &dyn Random) -> SecretText {
    SecretText::new(format!("{SERVICE}{}", random_text(random, RANDOM)))
}

/// The text of sealed claims.
pub(crate) fn claims(sealed: &str) -> SecretText {
    SecretText::new(format!("{BATCH}{sealed}"))
}

/// The sealed claims in a batch token.
pub(crate) fn sealed_claims(text: &str) -> Option<&str> {
    text.strip_prefix(BATCH)
}

pub(crate) fn place(text: &str) -> Place {
    if text.starts_with(BATCH) {
        return Place::Claims;
    }
    let named = text
        .strip_prefix(SERVICE)
        .filter(|rest| rest.len() == ACCESSOR + RANDOM);
    let accessor = named
        .and_then(|rest| rest.get(..ACCESSOR))
        .and_then(|accessor| accessor.parse().ok());
    accessor.map_or(Place::Chosen, Place::Accessor)
}

/// The key of the row that leads from a hash to an accessor.
pub(crate) fn chosen_row(hash: [u8; 32]) -> Key {
    Key::of("chosen").digest(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, found: &Place) {
        assert_eq!(&place(text), found, "{text}");
    }

    #[test]
    fn the_text_says_where_the_row_is() {
        let accessor = "0UrR3BYdqPCmWv1E4sXKTzLh";
        check(
            &format!("hvs.{accessor}{}", "x".repeat(24)),
            &Place::Accessor(accessor.parse().unwrap()),
        );
        check("hvs.abcdefghijklmnopqrstuvwx", &Place::Chosen);
        check("root", &Place::Chosen);
        check("hvb.AAAA", &Place::Claims);
        check(&format!("hvs.{}", "é".repeat(24)), &Place::Chosen);
    }
}
