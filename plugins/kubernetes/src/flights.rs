//! Equal questions that are asked at the same moment are asked once.

use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use crate::review::{ReviewError, Reviewed};

/// What all who asked get.
pub(crate) type Landed = Result<Arc<Reviewed>, Arc<ReviewError>>;

type Flight = BoxFuture<'static, Landed>;

/// The reviews that are under way, by a hash of what is asked. A review that is over is forgotten: whoever comes later
/// asks anew, because an account may be gone by then.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<[u8; 32], WeakShared<Flight>>>);

impl Flights {
    /// Waits for the answer to a question, together with whoever asks the same just now.
    pub(crate) async fn join(
        &self,
        question: [u8; 32],
        ask: impl Future<Output = Landed> + Send + 'static,
    ) -> Landed {
        self.board(question, ask).await
    }

    fn board(
        &self,
        question: [u8; 32],
        ask: impl Future<Output = Landed> + Send + 'static,
    ) -> Shared<Flight> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let under_way =
            |flight: &WeakShared<Flight>| flight.upgrade().filter(|flight| flight.peek().is_none());
        if let Some(flight) = flights.get(&question).and_then(under_way) {
            return flight;
        }
        flights.retain(|_, flight| under_way(flight).is_some());
        let flight = ask.boxed().shared();
        flights.extend(flight.downgrade().map(|weak| (question, weak)));
        flight
    }
}
