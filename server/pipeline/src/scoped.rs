//! A part of the store, as its owner sees it.

use async_trait::async_trait;
use logical::{Key, Opened, Page, Result, Row, Span, Storage, Store};
use std::sync::Arc;

/// Everything below a prefix. There is no way out of it: keys are joined, never parsed.
pub(crate) struct Scoped {
    store: Arc<dyn Store>,
    prefix: Key,
}

impl Scoped {
    pub(crate) fn new(store: Arc<dyn Store>, prefix: Key) -> Self {
        Self { store, prefix }
    }

    fn under(&self, key: &Key) -> Key {
        self.prefix.clone().join(key)
    }
}

#[async_trait]
impl Storage for Scoped {
    async fn get(&self, key: &Key) -> Result<Option<Opened>> {
        self.store.get(&self.under(key)).await
    }

    async fn range(&self, span: &Span, limit: usize) -> Result<Vec<Row>> {
        let span = Span {
            under: self.under(&span.under),
            ..span.clone()
        };
        self.store.range(&span, limit).await
    }

    async fn list(&self, prefix: &Key, page: &Page) -> Result<Vec<String>> {
        self.store.list(&self.under(prefix), page).await
    }
}
