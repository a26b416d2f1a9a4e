//! A maker of tokens, each with one that hangs on it. Whoever revokes the one has revoked both.

use std::io;

use serde_json::{Value, json};

use super::Client;
use crate::desk::{Desk, granted};

/// Older ones are no longer looked at.
const REMEMBERED: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Alive,
    /// A revocation was asked for, and nobody knows.
    Unknown,
    Revoked,
}

struct Family {
    parent: String,
    child: Option<String>,
    fate: Fate,
}

#[derive(Default)]
pub(super) struct Tokens {
    families: Vec<Family>,
}

impl Client for Tokens {
    fn act(&mut self, desk: &mut Desk) -> io::Result<()> {
        let alive = self
            .families
            .iter_mut()
            .filter(|family| family.fate == Fate::Alive);
        let mut alive: Vec<&mut Family> = alive.collect();
        if alive.is_empty() || desk.dice.once_in(3) {
            self.families.push(Family {
                parent: create(desk, None)?,
                child: None,
                fate: Fate::Alive,
            });
            return Ok(());
        }
        let family = alive.swap_remove(desk.dice.below(alive.len()));
        match (desk.dice.below(4), &family.child) {
            (0, _) => family.revoke(desk),
            (1, None) => {
                family.child = Some(create(desk, Some(&family.parent))?);
                Ok(())
            }
            _ => family.check(desk),
        }
    }

    fn check(&mut self, desk: &mut Desk) -> io::Result<()> {
        let old = self.families.len().saturating_sub(REMEMBERED);
        self.families.drain(..old);
        self.families.iter_mut().try_for_each(|family| family.check(desk))
    }
}

impl Family {
    fn revoke(&mut self, desk: &mut Desk) -> io::Result<()> {
        self.fate = Fate::Unknown;
        granted(desk.call("POST", "auth/token/revoke", &json!({ "token": self.parent }))?);
        self.fate = Fate::Revoked;
        Ok(())
    }

    fn check(&mut self, desk: &mut Desk) -> io::Result<()> {
        for token in [Some(&self.parent), self.child.as_ref()].into_iter().flatten() {
            let answer = desk.call_as(token, "GET", "auth/token/lookup-self", &Value::Null)?;
            let found = match answer.status {
                200 => Fate::Alive,
                403 => Fate::Revoked,
                _ => panic!("neither alive nor revoked: {answer:?}"),
            };
            if self.fate == Fate::Unknown {
                self.fate = found;
            }
            let whose = if *token == self.parent { "parent" } else { "child" };
            assert_eq!(found, self.fate, "the {whose} of a family");
        }
        Ok(())
    }
}

fn create(desk: &mut Desk, parent: Option<&str>) -> io::Result<String> {
    let (path, body) = (
        "auth/token/create",
        json!({ "policies": ["family"], "ttl": "1h" }),
    );
    let answer = match parent {
        Some(parent) => desk.call_as(parent, "POST", path, &body),
        None => desk.call("POST", path, &body),
    };
    Ok(granted(answer?).text("/auth/client_token"))
}
