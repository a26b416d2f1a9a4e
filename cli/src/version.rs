//! `version`: who we are. Called as `vault` we are Vault, because programs look for that.

use crate::command::{Action, Command};
use crate::failure::{Exit, Failure};
use crate::session::Session;

pub(crate) static VERSION: Command = Command {
    name: "version",
    synopsis: "Print the version",
    usage: "",
    about: "Prints the name and the version of this program.",
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let line = line(session.program);
    session.terminal.say(&line);
    Ok(Exit::Success)
}

/// The line by which hvac and vault-ruby recognise Vault and its version, or our own.
fn line(program: &str) -> String {
    let own = format!("{} v{}", client::NAME, client::VERSION);
    match program {
        "vault" => format!("{} v{} ({own})", client::VAULT_NAME, client::VAULT_VERSION),
        _ => format!(
            "{own} (speaks the API of {} v{})",
            client::VAULT_NAME,
            client::VAULT_VERSION
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn called_as_vault_it_says_so() {
        assert!(
            line("vault").starts_with("Vault v1.15.6 (Strongroom v"),
            "{}",
            line("vault")
        );
    }

    #[test]
    fn called_by_its_own_name_it_says_that() {
        assert!(
            line("strongroom").starts_with("Strongroom v"),
            "{}",
            line("strongroom")
        );
    }
}
