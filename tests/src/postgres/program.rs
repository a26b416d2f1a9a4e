//! Where PostgreSQL's programs are, and as whom they run: they refuse to run as root.

use std::env;
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Users that may own a cluster when we are root, in the order of preference.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// PostgreSQL's programs and the user that runs them.
#[derive(Debug)]
pub(super) struct Programs {
    bin: PathBuf,
    user: Option<User>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct User {
    uid: u32,
    gid: u32,
}

impl Programs {
    pub(super) fn find() -> Result<Self> {
        let bin = folders()
            .into_iter()
            .find(|folder| folder.join("initdb").is_file())
            .context("find initdb: PostgreSQL is not installed; `cargo xtask setup` installs it")?;
        let user = if rustix::process::geteuid().is_root() {
            let users = fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
            Some(
                unprivileged(&users)
                    .context("find a user for PostgreSQL: there is neither postgres nor nobody")?,
            )
        } else {
            None
        };
        Ok(Self { bin, user })
    }

    /// Prepares a program to run in `dir` as the user that owns the cluster.
    pub(super) fn command(&self, program: &str, dir: &Path) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir(dir);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// Makes the cluster's user the owner of a path.
    pub(super) fn give(&self, path: &Path) -> Result<()> {
        match self.user {
            Some(user) => chown(path, Some(user.uid), Some(user.gid))
                .with_context(|| format!("give {} away", path.display())),
            None => Ok(()),
        }
    }
}

/// Debian keeps the server's programs out of the search path, one folder for each version.
fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort();
    env::split_paths(&path).chain(debian.into_iter().rev()).collect()
}

fn unprivileged(passwd: &str) -> Option<User> {
    UNPRIVILEGED.iter().find_map(|name| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(User {
            uid: fields.next()?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(passwd: &str, expected: Option<(u32, u32)>) {
        assert_eq!(unprivileged(passwd), expected.map(|(uid, gid)| User { uid, gid }));
    }

    #[test]
    fn the_user_is_postgres_or_else_nobody_and_never_root() {
        let root = "root:x:0:0::/root:/bin/sh\n";
        let nobody = "nobody:x:65534:65533::/:/bin/false\n";
        let postgres = "postgres:x:105:110:,,,:/var/lib/postgresql:/bin/bash\n";
        check(&format!("{root}{nobody}{postgres}"), Some((105, 110)));
        check(&format!("{root}{nobody}"), Some((65534, 65533)));
        check(root, None);
    }
}
