//! The law of the classic: money that moves is never lost, wherever the store fails.

use crate::draft::{Draft, key};
use crate::faulty::{Fault, Faulty};
use crate::sweep::sweep;
use logical::{Backend, Error, ErrorKind, Result, Revision};
use std::sync::Arc;

/// Whatever operation fails, and however: a refused transfer did not happen, an acknowledged one did, and none is half.
pub async fn a_transfer_is_whole_wherever_it_fails(store: Arc<dyn Backend>) -> Result<()> {
    for fault in Fault::ALL {
        let struck = sweep(
            fault,
            async || store.clone(),
            async |faulty: Arc<Faulty>| {
                let judged = try_transfer(&faulty).await;
                assert!(judged.is_ok(), "{fault:?}: {judged:?}");
            },
        );
        assert_eq!(struck.await, 3, "{fault:?}: a transfer is two reads and a commit");
    }
    Ok(())
}

async fn try_transfer(faulty: &Faulty) -> Result<()> {
    let beneath = faulty.beneath();
    let start = Draft::new().put("from", "10").put("to", "0");
    start.commit(&*beneath).await?;
    let done = transfer(faulty).await.map_err(|error| error.kind());
    let (from, _) = balance(&*beneath, "from").await?;
    let (to, _) = balance(&*beneath, "to").await?;
    match done {
        Ok(()) => assert_eq!((from, to), (3, 7)),
        Err(ErrorKind::Unavailable) => assert_eq!((from, to), (10, 0)),
        Err(_) => assert_eq!(from + to, 10),
    }
    Ok(())
}

/// Moves seven.
async fn transfer(store: &dyn Backend) -> Result<()> {
    let (from, from_revision) = balance(store, "from").await?;
    let (to, to_revision) = balance(store, "to").await?;
    let draft = Draft::new()
        .expect_at("from", from_revision)
        .expect_at("to", to_revision)
        .put("from", &(from - 7).to_string())
        .put("to", &(to + 7).to_string());
    draft.commit(store).await?;
    Ok(())
}

async fn balance(store: &dyn Backend, path: &str) -> Result<(i64, Revision)> {
    let record = store.get(&key(path)).await?.ok_or_else(Error::not_found)?;
    let text = String::from_utf8_lossy(&record.value);
    Ok((text.parse().map_err(Error::internal)?, record.revision))
}
