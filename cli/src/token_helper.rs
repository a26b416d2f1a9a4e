//! Where a login's token is kept: a file that only the user can read, or a program of the user's choice.

mod file;
mod program;
mod settings;

use std::io;
use std::path::{Path, PathBuf};

use client::Token;

use crate::env::Environment;
use crate::failure::Failure;
use crate::files;

/// The file in the user's home folder. Vault's command line has the same, so each finds the other's token.
const FILE: &str = ".vault-token";

/// Keeps a token where the command line of the user with this home folder finds it: a dev server does so.
pub fn store_token(home: &(impl AsRef<Path> + ?Sized), token: &str) -> io::Result<()> {
    file::write(&home.as_ref().join(FILE), token)
}

/// Keeps the token between commands.
pub(crate) enum TokenHelper {
    /// In `~/.vault-token`.
    File(PathBuf),
    /// In whatever this program keeps it in; it is called with `get`, `store` or `erase`.
    Program(PathBuf),
    /// Nowhere: there is no home folder. Commands that need no token still work, in a container's probe, say.
    Nowhere,
}

impl TokenHelper {
    /// Finds the helper that the user's settings name; without any it is the file.
    pub(crate) fn of(env: &Environment) -> Result<Self, Failure> {
        let named = settings::token_helper(env);
        let named =
            named.map_err(|reason| Failure::Setup(format!("failed to get token helper: {reason}")))?;
        if let Some(program) = named {
            return Ok(Self::Program(program));
        }
        Ok(env
            .home()
            .map_or(Self::Nowhere, |home| Self::File(home.join(FILE))))
    }

    /// Returns the token that is kept.
    pub(crate) fn get(&self) -> Result<Option<Token>, Failure> {
        let kept = match self {
            Self::File(path) => file::read(path),
            Self::Program(path) => program::get(path),
            Self::Nowhere => Ok(String::new()),
        };
        let kept = kept
            .map_err(|reason| Failure::Setup(format!("failed to get token from token helper: {reason}")))?;
        Ok(Token::parse(&kept))
    }

    /// Keeps a token in place of the one before.
    pub(crate) fn store(&self, token: &Token) -> Result<(), Failure> {
        let stored = match self {
            Self::File(path) => file::write(path, token.expose())
                .map_err(|error| format!("write {}: {}", path.display(), files::reason(&error))),
            Self::Program(path) => program::store(path, token.expose()),
            Self::Nowhere => Err("HOME is not set, and no token helper is named".to_owned()),
        };
        stored.map_err(|reason| Failure::Setup(format!("Error storing token: {reason}")))
    }
}
