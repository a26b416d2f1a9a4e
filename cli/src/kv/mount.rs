//! Where a secret is: on which mount, below which path, and whether the mount keeps versions.

use client::{Request, Wrapping};
use serde_json::Value;

use crate::failure::Failure;
use crate::flags::Flag;
use crate::paths;
use crate::session::Session;

/// The mount's path, given apart from the secret's.
pub(super) static MOUNT: Flag = Flag::text(
    "mount",
    "Path of the mount. Without it the argument's beginning is the mount's path, as in secret/app.",
);

/// Where a secret is.
pub(super) struct Location {
    mount: String,
    path: String,
    /// Whether the mount keeps versions.
    pub(super) versioned: bool,
}

impl Location {
    /// Asks the server which mount the first argument is on.
    ///
    /// That needs no right of its own: some right below the mount is enough.
    pub(super) fn of_argument(session: &Session<'_>) -> Result<Self, Failure> {
        let path = paths::bare(&session.argument(0));
        let given = paths::bare(session.flags.text(&MOUNT));
        let asked = if given.is_empty() { &path } else { &given };
        let request = Request::get(&format!("sys/internal/ui/mounts/{asked}")).wrapping(Wrapping::Never);
        let found = match session.ask(request) {
            Ok(answer) => answer.data().cloned().unwrap_or_default(),
            // Servers older than that path know no versions either.
            Err(failure) if failure.status() == Some(404) => Value::Null,
            Err(failure) => return Err(failure),
        };
        let version = found.pointer("/options/version").and_then(Value::as_str);
        let mount = if given.is_empty() {
            text(&found, "path")
        } else {
            given
        };
        Ok(Self::new(&mount, &path, version == Some("2")))
    }

    fn new(mount: &str, path: &str, versioned: bool) -> Self {
        let mount = paths::bare(mount);
        let path = match path.strip_prefix(&mount) {
            Some("") => "",
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        };
        Self {
            mount,
            path: paths::bare(path),
            versioned,
        }
    }

    /// Returns the API's path for the secret: `kind` is `data`, `metadata` and so on, of a mount that keeps versions.
    pub(super) fn path(&self, kind: &str) -> String {
        let kind = if self.versioned { kind } else { "" };
        let segments = [self.mount.as_str(), kind, self.path.as_str()];
        segments
            .into_iter()
            .filter(|segment| !segment.is_empty())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// Refuses mounts that keep no versions.
    pub(super) fn must_keep_versions(
        &self,
        refusal: fn(String) -> Failure,
        what: &str,
    ) -> Result<(), Failure> {
        if self.versioned {
            Ok(())
        } else {
            Err(refusal(what.to_owned()))
        }
    }
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mount: &str, path: &str, versioned: bool, expected: &str) {
        assert_eq!(Location::new(mount, path, versioned).path("data"), expected);
    }

    #[test]
    fn the_mount_may_be_part_of_the_path_or_not() {
        check("secret/", "secret/a/b", true, "secret/data/a/b");
        check("secret", "a/b", true, "secret/data/a/b");
        check("team/kv/", "team/kv/data/c", true, "team/kv/data/data/c");
        check("secret/", "secret", true, "secret/data");
        check("secret", "secrets/a", true, "secret/data/secrets/a");
    }

    #[test]
    fn without_versions_the_path_stays_as_it_is() {
        check("old/", "old/a", false, "old/a");
        check("old", "a", false, "old/a");
        check("", "anything/at/all", false, "anything/at/all");
    }
}
