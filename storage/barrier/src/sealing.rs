//! A batch, sealed.

use crate::barrier::Unsealed;
use crate::names::{self, Names};
use crate::path::Path;
use crate::{BarrierError, envelope, foundation};
use crypto::aead::NONCE;
use logical::{Batch, Key, Random, StoredBatch, StoredWrite, Write};
use std::collections::HashSet;

/// How many values a batch has to seal.
pub(crate) fn seals(batch: &Batch) -> u64 {
    let puts = batch
        .writes
        .iter()
        .filter(|(_, write)| matches!(write, Write::Put(_)));
    puts.count() as u64
}

/// The same batch with no key written twice: of several writes the last one counts.
pub(crate) fn last_writes(mut batch: Batch) -> Batch {
    let mut seen = HashSet::new();
    let mut writes: Vec<(Key, Write)> = Vec::with_capacity(batch.writes.len());
    for (key, write) in batch.writes.into_iter().rev() {
        if seen.insert(Path::of(&key).to_place()) {
            writes.push((key, write));
        }
    }
    writes.reverse();
    batch.writes = writes;
    batch
}

/// The same batch with names for what a range found sealed.
pub(crate) fn resolve(unsealed: &Unsealed, mut batch: Batch) -> Result<Batch, BarrierError> {
    let resolve = |key: &mut Key| -> Result<(), BarrierError> {
        *key = names::resolve(&unsealed.keyring.names, std::mem::take(key))?;
        Ok(())
    };
    batch.expect.iter_mut().try_for_each(|(key, _)| resolve(key))?;
    batch.writes.iter_mut().try_for_each(|(key, _)| resolve(key))?;
    Ok(batch)
}

/// Seals a batch; `None` if the data key must not seal so often.
pub(crate) fn seal(
    unsealed: &Unsealed,
    names: &Names,
    random: &dyn Random,
    batch: &Batch,
) -> Result<Option<StoredBatch>, BarrierError> {
    let keyring = &unsealed.keyring;
    let Some(term) = keyring.take(seals(batch)) else {
        return Ok(None);
    };
    let stored = |key: &Key| names.stored(&keyring.names, Path::of(key));
    let mut sealed = StoredBatch {
        fence: batch.fence,
        ..StoredBatch::default()
    };
    for (key, expect) in &batch.expect {
        sealed.expect.push((stored(key)?, *expect));
    }
    let mut nonces = Nonces::draw(random, batch.writes.len());
    for (key, write) in &batch.writes {
        if foundation::owns(Path::of(key)) {
            return Err(BarrierError::Own);
        }
        let place = stored(key)?;
        let write = match write {
            Write::Delete => StoredWrite::Delete,
            Write::Put(value) => {
                let nonce = nonces.next();
                StoredWrite::Put(envelope::seal(
                    &term.aead,
                    term.number,
                    &nonce,
                    &place,
                    value.expose(),
                ))
            }
        };
        sealed.writes.push((place, write));
    }
    Ok(Some(sealed))
}

/// Nonces for a whole batch, drawn at once: each call of the system costs as much as sealing a record.
struct Nonces(std::vec::IntoIter<[u8; NONCE]>);

impl Nonces {
    fn draw(random: &dyn Random, count: usize) -> Self {
        let mut nonces = vec![[0; NONCE]; count];
        random.fill(nonces.as_flattened_mut());
        Self(nonces.into_iter())
    }

    fn next(&mut self) -> [u8; NONCE] {
        self.0.next().expect("a nonce was drawn for each write")
    }
}
