//! The end of a token: one commit makes it dead, the rest is swept afterwards.

use logical::{Batch, Id, Result, Row, Span};

use crate::Child;
use crate::text;
use crate::tokens::{Known, Tokens};

impl Tokens {
    /// A batch that ends a token. Once it is durable the token and everything below it is dead, because whoever is
    /// recognised must have living parents; [`Tokens::children`] says what is left to sweep.
    pub fn bury(&self, accessor: Id, known: &Known) -> Batch {
        let mut batch = Batch::new();
        batch.delete(Self::row(accessor));
        if let Some(hash) = known.token.hash.filter(|_| known.token.chosen) {
            batch.delete(text::chosen_row(hash));
        }
        if let Some(parent) = known.token.parent {
            batch.delete(Child::Token(accessor).key(parent));
        }
        batch
    }

    /// What hangs on a token, at most `limit` of it: children first, then leases with their ids.
    pub async fn children(&self, accessor: Id, limit: usize) -> Result<Vec<(Child, Option<String>)>> {
        let rows: Vec<Row> = self
            .storage()
            .range(&Span::under(Child::rows(accessor)), limit)
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            match (row.number(0), row.id(1)) {
                (Some(0), Some(id)) => found.push((Child::Token(id), None)),
                (Some(_), Some(id)) => found.push((Child::Lease(id), Some(row.record.json()?))),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A batch that makes a token an orphan: it lives on when its parent goes.
    pub fn orphan(&self, accessor: Id, known: &Known) -> Result<Batch> {
        let token = crate::Token {
            parent: None,
            ..(*known.token).clone()
        };
        let mut batch = self.rewrite(known, &token)?;
        if let Some(parent) = known.token.parent {
            batch.delete(Child::Token(accessor).key(parent));
        }
        Ok(batch)
    }
}
