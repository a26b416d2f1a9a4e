//! A writer of KV version 2, with keys of its own.

use std::io;

use harness::http::Answer;
use serde_json::{Value, json};

use super::Client;
use crate::desk::{Desk, granted};

const KEYS: usize = 8;

/// What a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    Value(u64),
}

/// What is known of a key: what was acknowledged last, and what was asked for since, with nobody knowing.
struct Secret {
    path: String,
    acknowledged: State,
    asked: Option<State>,
}

pub(super) struct Secrets {
    secrets: Vec<Secret>,
    written: u64,
}

impl Secrets {
    pub(super) fn new(writer: usize) -> Self {
        let secret = |key| Secret {
            path: format!("writer-{writer}/key-{key}"),
            acknowledged: State::Absent,
            asked: None,
        };
        Self {
            secrets: (0..KEYS).map(secret).collect(),
            written: 0,
        }
    }
}

impl Client for Secrets {
    fn act(&mut self, desk: &mut Desk) -> io::Result<()> {
        let secret = &mut self.secrets[desk.dice.below(KEYS)];
        match desk.dice.below(10) {
            0 => secret.change(desk, ("DELETE", "secret/metadata"), State::Absent),
            1 => secret.change(desk, ("DELETE", "secret/data"), State::Absent),
            2..4 => secret.check(desk),
            _ => {
                self.written += 1;
                secret.change(desk, ("POST", "secret/data"), State::Value(self.written))
            }
        }
    }

    fn check(&mut self, desk: &mut Desk) -> io::Result<()> {
        self.secrets.iter_mut().try_for_each(|secret| secret.check(desk))
    }
}

impl Secret {
    fn change(&mut self, desk: &mut Desk, (method, below): (&str, &str), to: State) -> io::Result<()> {
        let body = match to {
            State::Absent => Value::Null,
            State::Value(number) => json!({ "data": { "number": number, "padding": "x".repeat(200) } }),
        };
        self.asked = Some(to);
        granted(desk.call(method, &format!("{below}/{}", self.path), &body)?);
        (self.acknowledged, self.asked) = (to, None);
        Ok(())
    }

    fn check(&mut self, desk: &mut Desk) -> io::Result<()> {
        let answer = desk.call("GET", &format!("secret/data/{}", self.path), &Value::Null)?;
        let found = state(&answer);
        assert!(
            found == self.acknowledged || Some(found) == self.asked,
            "{}: {:?} was acknowledged, {:?} asked for, and there is {answer:?}",
            self.path,
            self.acknowledged,
            self.asked
        );
        (self.acknowledged, self.asked) = (found, None);
        Ok(())
    }
}

fn state(answer: &Answer) -> State {
    let number = answer.body.pointer("/data/data/number").and_then(Value::as_u64);
    match (answer.status, number) {
        (404, None) => State::Absent,
        (200, Some(number)) => State::Value(number),
        _ => panic!("neither a value nor none: {answer:?}"),
    }
}
