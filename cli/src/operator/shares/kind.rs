//! The two ways to new shares: the old paths without a token, and the younger ones with one.

use client::Request;

/// Which shares, and by which way.
pub(super) struct Kind {
    below: &'static str,
    /// What it is called in errors.
    pub(super) noun: &'static str,
    /// What it is called when it is given up.
    pub(super) gerund: &'static str,
    /// The request that starts it.
    pub(super) start: fn(&str) -> Request,
}

impl Kind {
    /// By the old paths.
    pub(super) fn rekeying(target: &str) -> Option<Self> {
        let below = match target {
            "barrier" => "sys/rekey",
            "recovery" => "sys/rekey-recovery-key",
            _ => return None,
        };
        Some(Self {
            below,
            noun: "rekey",
            gerund: "rekeying",
            start: Request::put,
        })
    }

    /// By the younger paths.
    pub(super) fn rotation(target: &str) -> Option<Self> {
        let below = match target {
            "barrier" => "sys/rotate/root",
            "recovery" => "sys/rotate/recovery",
            _ => return None,
        };
        Some(Self {
            below,
            noun: "rotation",
            gerund: "rotation",
            start: Request::post,
        })
    }

    /// The API's path of one of its parts.
    pub(super) fn path(&self, part: &str) -> String {
        format!("{}/{part}", self.below)
    }

    /// What to say while nothing has been started.
    pub(super) fn hint(&self, program: &str) -> String {
        let command = if self.noun == "rekey" {
            "rekey"
        } else {
            "rotate-keys"
        };
        format!(
            "No {} is in progress. Start it by running \"{program} operator {command} -init\".",
            self.noun
        )
    }
}
