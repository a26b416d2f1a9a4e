//! A rotation of the administrator's password that has begun: the new password, written down before it is set.

use crate::input::{self, Stored};
use logical::secret::SecretText;
use logical::{Cx, Id, Key, Result, Time};
use serde::{Deserialize, Serialize};

/// While it is there, the configured password works or this one does. Both are tried.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rotation {
    /// Names the sessions in which the password is set.
    pub(crate) id: Id,
    /// When whoever rotates has certainly given up.
    pub(crate) deadline: Time,
    /// The process that rotates.
    pub(crate) process: Id,
    password: String,
}

impl Rotation {
    /// One that is about to begin.
    pub(crate) fn new(id: Id, deadline: Time, process: Id, password: &SecretText) -> Self {
        Self {
            id,
            deadline,
            process,
            password: password.expose().to_owned(),
        }
    }

    /// The place of a connection's rotation.
    pub(crate) fn key(config: &str) -> Key {
        Key::of("rotation").name(config)
    }

    /// Finds the rotation of a connection.
    pub(crate) async fn find(cx: &Cx, config: &str) -> Result<Option<Stored<Self>>> {
        input::find(cx, &Self::key(config)).await
    }

    /// The new password.
    pub(crate) fn password(&self) -> SecretText {
        SecretText::from(self.password.as_str())
    }
}

impl Drop for Rotation {
    fn drop(&mut self) {
        // The text is wiped with the secret that takes it over.
        drop(SecretText::new(std::mem::take(&mut self.password)));
    }
}
