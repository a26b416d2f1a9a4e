//! From a `storage` stanza to a backend.

use logical::Backend;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use storage_embedded::Embedded;
use storage_memory::Memory;

/// Why the configured storage cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no storage of this kind.
    #[error(
        "open the storage: there is no kind {0:?}; there are \"embedded\" (also as \"file\" and \"raft\") and \"inmem\""
    )]
    UnknownKind(String),
    /// The stanza does not say where.
    #[error("open the storage: a {kind:?} storage needs a `path`, the directory that it lives in")]
    NoPath {
        /// Which kind.
        kind: String,
    },
    /// The embedded store does not open.
    #[error(transparent)]
    Embedded(#[from] storage_embedded::OpenError),
}

/// Opens a storage of a kind, as a `storage "kind" { … }` stanza says it.
///
/// A configuration of Vault that says `file` or `raft` starts the embedded store at its `path`; other settings of the
/// stanza are of no meaning here. What is in a directory of Vault's own is never touched: the store has a file of its
/// own name in it.
pub fn open(kind: &str, options: &BTreeMap<String, String>) -> Result<Arc<dyn Backend>, OpenError> {
    match kind {
        "inmem" => Ok(Arc::new(Memory::new())),
        "embedded" | "file" | "raft" => {
            let path = options.get("path").filter(|path| !path.is_empty());
            let path = path.ok_or_else(|| OpenError::NoPath {
                kind: kind.to_owned(),
            })?;
            Ok(Arc::new(Embedded::open(Path::new(path))?))
        }
        _ => Err(OpenError::UnknownKind(kind.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: &str, options: &[(&str, &str)]) -> String {
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        open(kind, &options.collect())
            .err()
            .expect("a refusal")
            .to_string()
    }

    #[test]
    fn the_kinds_of_vault_start_the_embedded_store() {
        for kind in ["embedded", "file", "raft"] {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("data");
            let options = BTreeMap::from([
                ("path".to_owned(), path.display().to_string()),
                ("node_id".to_owned(), "one".to_owned()),
            ]);
            drop(open(kind, &options).unwrap());
            assert!(path.join("strongroom.db").exists(), "{kind}");
        }
        open("inmem", &BTreeMap::new()).unwrap();
    }

    #[test]
    fn a_kind_that_is_not_there_is_answered_with_those_that_are() {
        let text = refusal("consul", &[("path", "vault/")]);
        for word in ["consul", "embedded", "file", "raft", "inmem"] {
            assert!(text.contains(&format!("{word:?}")), "{text}");
        }
    }

    #[test]
    fn a_store_without_a_place_asks_for_one() {
        for options in [&[][..], &[("path", "")]] {
            assert!(refusal("file", options).contains("needs a `path`"));
        }
    }
}
