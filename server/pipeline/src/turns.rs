//! One at a time: of several tasks that want to end one lease, one does, and the others see what it did.
//!
//! A prefix is revoked while its mount goes, while its token is revoked, while it expires: each of them would send the
//! same statements to the same database, where they fail each other.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Who is working on what. Holds as many entries as there are turns taken or waited for.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<String, Weak<Turn<()>>>>);

impl Turns {
    /// Waits until nobody else works on a thing. Whoever has waited looks anew at what is left to do.
    pub(crate) async fn take(&self, name: String) -> OwnedMutexGuard<()> {
        let turn = self.turn(name);
        turn.lock_owned().await
    }

    fn turn(&self, name: String) -> Arc<Turn<()>> {
        let mut turns = self.0.lock();
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&name).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(Turn::new(()));
        turns.insert(name, Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn take(turns: &Turns, name: &str) -> Option<OwnedMutexGuard<()>> {
        turns.take(name.to_owned()).now_or_never()
    }

    #[tokio::test]
    async fn one_waits_for_the_other_and_not_for_a_third() {
        let turns = Turns::default();
        let first = take(&turns, "a");
        assert!(first.is_some());
        assert!(take(&turns, "a").is_none());
        assert!(take(&turns, "b").is_some());
        drop(first);
        assert!(take(&turns, "a").is_some());
    }

    #[tokio::test]
    async fn nothing_is_remembered_of_turns_that_are_over() {
        let turns = Turns::default();
        for number in 0..100 {
            drop(take(&turns, &number.to_string()));
        }
        assert!(turns.0.lock().len() <= 1);
    }
}
