//! The room: from a token's text to what is known of it.

use logical::secret::SecretText;
use logical::{Batch, Error, Id, Key, Result, Revision, Row, Segment, Span, Storage, Time};
use parking_lot::RwLock;
use quick_cache::sync::Cache;
use std::sync::Arc;

use crate::text::{self, Place};
use crate::{Token, TokenKeys, batch_token};

/// Tokens that are kept decoded. The barrier's cache holds the bytes of many more.
const DECODED_MAX: usize = 16_384;
/// No tree of tokens is deeper; a deeper one is a loop, and dead.
const DEPTH_MAX: usize = 64;

/// A token that was recognised.
#[derive(Clone)]
pub struct Known {
    /// Its accessor; a batch token has none.
    pub accessor: Option<Id>,
    /// What is known of it.
    pub token: Arc<Token>,
    /// The commit that wrote its row last; whoever changes it expects this.
    pub revision: Revision,
}

/// Every token.
pub struct Tokens {
    storage: Arc<dyn Storage>,
    keys: RwLock<Option<Arc<TokenKeys>>>,
    decoded: Cache<Id, (Revision, Arc<Token>)>,
}

impl Tokens {
    /// A room over the root view. It recognises nobody before [`Tokens::open`].
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self {
            storage,
            keys: RwLock::new(None),
            decoded: Cache::new(DECODED_MAX),
        }
    }

    /// Takes its keys, after unsealing.
    pub fn open(&self, keys: TokenKeys) {
        *self.keys.write() = Some(Arc::new(keys));
    }

    /// Forgets keys and tokens, at sealing.
    pub fn close(&self) {
        *self.keys.write() = None;
        self.decoded.clear();
    }

    pub(crate) fn keys(&self) -> Result<Arc<TokenKeys>> {
        self.keys.read().clone().ok_or_else(Error::sealed)
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        self.storage.as_ref()
    }

    /// Recognises a token that lives; `None` for everything else. An unknown token costs what a known one costs.
    pub async fn identify(&self, text: &SecretText, now: Time) -> Result<Option<Known>> {
        let Some(known) = self.find(text).await? else {
            return Ok(None);
        };
        let lives = known.token.lives_at(now) && self.parents_live(&known.token, now).await?;
        Ok(lives.then_some(known))
    }

    /// Recognises a token whether it lives or not, as long as its row is there.
    pub async fn find(&self, text: &SecretText) -> Result<Option<Known>> {
        let keys = self.keys()?;
        let hash = keys.hash(text);
        let accessor = match text::place(text.expose()) {
            Place::Claims => {
                let token = batch_token::open(text.expose(), &keys);
                let known = |token| Known {
                    accessor: None,
                    token: Arc::new(token),
                    revision: Revision::default(),
                };
                return Ok(token.map(known));
            }
            Place::Accessor(accessor) => accessor,
            Place::Chosen => match self.storage.get(&text::chosen_row(hash)).await? {
                Some(row) => row.json()?,
                None => return Ok(None),
            },
        };
        let known = self.by_accessor(accessor).await?;
        Ok(known.filter(|known| {
            known
                .token
                .hash
                .is_some_and(|stored| crypto::equal(&stored, &hash))
        }))
    }

    /// What is known of the token with an accessor, dead or alive.
    pub async fn by_accessor(&self, accessor: Id) -> Result<Option<Known>> {
        let Some(row) = self.storage.get(&Self::row(accessor)).await? else {
            return Ok(None);
        };
        let known = |token| Known {
            accessor: Some(accessor),
            token,
            revision: row.revision,
        };
        if let Some((revision, token)) = self.decoded.get(&accessor)
            && revision == row.revision
        {
            return Ok(Some(known(token)));
        }
        let token: Arc<Token> = Arc::new(row.json()?);
        self.decoded.insert(accessor, (row.revision, Arc::clone(&token)));
        Ok(Some(known(token)))
    }

    /// As [`Tokens::by_accessor`], for tokens that live.
    pub async fn living(&self, accessor: Id, now: Time) -> Result<Option<Known>> {
        let Some(known) = self.by_accessor(accessor).await? else {
            return Ok(None);
        };
        let lives = known.token.lives_at(now) && self.parents_live(&known.token, now).await?;
        Ok(lives.then_some(known))
    }

    /// The accessors of all tokens behind one, in the order in which they were made.
    pub async fn accessors(&self, after: Option<Id>, limit: usize) -> Result<Vec<Id>> {
        let span = Span::under(Key::of("token"));
        let span = if let Some(after) = after {
            span.after(Segment::Id(after))
        } else {
            span
        };
        let rows: Vec<Row> = self.storage.range(&span, limit).await?;
        Ok(rows.iter().filter_map(|row| row.id(0)).collect())
    }

    /// Takes one use of a limited token: a batch that expects the row as it was seen, so that of many at once one wins.
    pub fn spend(&self, known: &Known) -> Result<Option<(Batch, Known)>> {
        let (Some(accessor), Some(left)) = (known.accessor, known.token.uses_left) else {
            return Ok(None);
        };
        let token = Token {
            uses_left: Some(left.saturating_sub(1)),
            ..(*known.token).clone()
        };
        let mut batch = Batch::new();
        batch.expect(Self::row(accessor), Some(known.revision));
        batch.put_json(Self::row(accessor), &token)?;
        Ok(Some((
            batch,
            Known {
                token: Arc::new(token),
                ..known.clone()
            },
        )))
    }

    /// A batch that replaces what is known of a token, expecting it as it was seen.
    pub fn rewrite(&self, known: &Known, token: &Token) -> Result<Batch> {
        let accessor = known
            .accessor
            .ok_or_else(|| Error::invalid("batch tokens cannot be changed"))?;
        let mut batch = Batch::new();
        batch.expect(Self::row(accessor), Some(known.revision));
        batch.put_json(Self::row(accessor), token)?;
        Ok(batch)
    }

    /// The key of a token's row.
    pub fn row(accessor: Id) -> Key {
        Key::of("token").id(accessor)
    }

    async fn parents_live(&self, token: &Token, now: Time) -> Result<bool> {
        let mut parent = token.parent;
        for _ in 0..DEPTH_MAX {
            let Some(accessor) = parent else { return Ok(true) };
            match self.by_accessor(accessor).await? {
                Some(known) if known.token.lives_at(now) => parent = known.token.parent,
                _ => return Ok(false),
            }
        }
        Ok(false)
    }
}
