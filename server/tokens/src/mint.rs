//! A new token: its text, its rows.

use logical::secret::SecretText;
use logical::{Batch, Error, Id, Key, Random, Result, Time, TokenType};
use std::sync::Arc;

use crate::text;
use crate::tokens::Tokens;
use crate::{Child, Token, batch_token};

/// A token that is to be made. `token.hash`, `chosen` and `lease` are filled in here.
pub struct Birth {
    /// What is known of it.
    pub token: Token,
    /// A text that the maker chose.
    pub text: Option<SecretText>,
}

/// A token that was made. It exists once the batch is durable.
pub struct Born {
    /// The token itself.
    pub text: SecretText,
    /// Its accessor; a batch token has none.
    pub accessor: Option<Id>,
    /// What is known of it.
    pub token: Arc<Token>,
    /// Its rows.
    pub batch: Batch,
}

impl Tokens {
    /// Makes a token.
    ///
    /// # Errors
    /// `Invalid` if the chosen text is a token already.
    pub async fn mint(&self, birth: Birth, now: Time, random: &dyn Random) -> Result<Born> {
        let born = self.mint_first(birth, now, random)?;
        if let Some(hash) = born.token.hash.filter(|_| born.token.chosen)
            && self.storage().get(&text::chosen_row(hash)).await?.is_some()
        {
            return Err(Error::invalid("cannot create a token with a duplicate ID"));
        }
        Ok(born)
    }

    /// Makes the first token of a store that is not readable yet. Its batch expects what [`Tokens::mint`] looks up.
    pub fn mint_first(&self, birth: Birth, now: Time, random: &dyn Random) -> Result<Born> {
        let keys = self.keys()?;
        let Birth { mut token, text } = birth;
        if token.kind == TokenType::Batch {
            let text = batch_token::seal(&token, &keys, random)?;
            return Ok(Born {
                text,
                accessor: None,
                token: Arc::new(token),
                batch: Batch::new(),
            });
        }
        let accessor = Id::new(now, random);
        token.chosen = text.is_some() || (token.is_root() && token.expires.is_none());
        let text = match text {
            Some(text) => text,
            None if token.chosen => text::root(random),
            None => text::service(accessor, random),
        };
        let hash = keys.hash(&text);
        token.hash = Some(hash);
        token.lease = token.expires.map(|_| crypto::hmac_sha256(&hash, &[b"lease"]));
        let mut batch = Batch::new();
        if token.chosen {
            let row = text::chosen_row(hash);
            batch.expect(row.clone(), None).put_json(row, &accessor)?;
        }
        batch.put_json(Self::row(accessor), &token)?;
        if let Some(parent) = token.parent {
            batch.mark(Child::Token(accessor).key(parent));
        }
        Ok(Born {
            text,
            accessor: Some(accessor),
            token: Arc::new(token),
            batch,
        })
    }

    /// Adds to a batch that a lease hangs on a token.
    pub fn hang_lease(batch: &mut Batch, parent: Id, lease: Id, lease_id: &str) -> Result<()> {
        batch
            .put_json(Child::Lease(lease).key(parent), lease_id)
            .map(|_| ())
    }

    /// The key of the row that says that a lease hangs on a token.
    pub fn lease_row(parent: Id, lease: Id) -> Key {
        Child::Lease(lease).key(parent)
    }
}
