//! The desk of one caller under load: a connection, chance, and the ids of all requests that were answered.

use std::io;
use std::sync::mpsc::Sender;

use harness::http::{Answer, Caller};
use serde_json::Value;
use storage_conformance::Dice;

pub(crate) struct Desk {
    caller: Caller,
    pub(crate) dice: Dice,
    /// Whoever counts answers, while there is somebody.
    pub(crate) counter: Option<Sender<()>>,
    /// Ids of answered requests, as far as the answers have one.
    pub(crate) answered: Vec<String>,
}

impl Desk {
    pub(crate) fn new(caller: Caller, seed: u64) -> Self {
        Self {
            caller,
            dice: Dice::new(seed),
            counter: None,
            answered: Vec::new(),
        }
    }

    /// Calls as root.
    pub(crate) fn call(&mut self, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        let answer = self.caller.call(method, path, body)?;
        self.note(&answer);
        Ok(answer)
    }

    /// Calls with another token, on a connection of its own.
    pub(crate) fn call_as(
        &mut self,
        token: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> io::Result<Answer> {
        let answer = self.caller.with_token(token).call(method, path, body)?;
        self.note(&answer);
        Ok(answer)
    }

    fn note(&mut self, answer: &Answer) {
        if let Some(id) = answer.body.pointer("/request_id").and_then(Value::as_str) {
            self.answered.push(id.to_owned());
        }
        if let Some(counter) = &self.counter {
            let _nobody_counts_any_more = counter.send(());
        }
    }
}

/// Fails unless an answer is a success; under load nothing is refused.
#[track_caller]
pub(crate) fn granted(answer: Answer) -> Answer {
    assert!(answer.is_success(), "refused under load: {answer:?}");
    answer
}
