//! Fails a piece of work at every single operation.

use crate::faulty::{Fault, Faulty};
use logical::Backend;
use std::sync::Arc;

/// Work of more operations than this never ends.
const OPERATIONS_MAX: u64 = 10_000;

/// Does the work again and again, the n-th time with its n-th operation failing, until a run reaches no fault.
///
/// The work gets a faulty store around a fresh one from `open`, and judges for itself: what may have happened is in
/// [`Faulty::beneath`]. Answers how many runs struck, so that a test can say that some did.
///
/// # Panics
/// If the work does not come to an end.
pub async fn sweep(
    fault: Fault,
    open: impl AsyncFn() -> Arc<dyn Backend>,
    work: impl AsyncFn(Arc<Faulty>),
) -> u64 {
    for fails_at in 0..OPERATIONS_MAX {
        let faulty = Arc::new(Faulty::new(open().await, fault, fails_at));
        work(faulty.clone()).await;
        if !faulty.has_struck() {
            return fails_at;
        }
    }
    unreachable!("the work makes more than {OPERATIONS_MAX} operations")
}
