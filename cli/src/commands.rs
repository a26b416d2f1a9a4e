//! All commands, in the order in which the help lists them.

use crate::dispatch::Commands;
use crate::{
    audit, auth, delete, kv, lease, list, login, namespace, operator, patch, path_help, plugin, policy,
    print, read, scan, secrets, server, status, token, unwrap, version, write,
};

/// All commands. `server` is here for its name in the overview: the program itself answers to it.
pub(crate) static ALL: Commands = Commands {
    common: &[
        &read::READ,
        &write::WRITE,
        &delete::DELETE,
        &list::LIST,
        &login::LOGIN,
        &status::STATUS,
        &server::SERVER,
        &unwrap::UNWRAP,
    ],
    others: &[
        &audit::AUDIT,
        &auth::AUTH,
        &kv::KV,
        &lease::LEASE,
        &namespace::NAMESPACE,
        &operator::OPERATOR,
        &patch::PATCH,
        &path_help::PATH_HELP,
        &plugin::PLUGIN,
        &policy::POLICY,
        &print::PRINT,
        &scan::SCAN,
        &secrets::SECRETS,
        &token::TOKEN,
        &version::VERSION,
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Action, Command};

    fn each(command: &'static Command, check: &mut dyn FnMut(&'static Command)) {
        check(command);
        command.members().iter().for_each(|member| each(member, check));
    }

    fn every_command(check: &mut dyn FnMut(&'static Command)) {
        ALL.common
            .iter()
            .chain(ALL.others)
            .for_each(|command| each(command, check));
    }

    #[test]
    fn no_command_has_two_flags_of_one_name() {
        every_command(&mut |command| {
            let mut names: Vec<&str> = command
                .flags()
                .flat_map(|flag| flag.aliases.iter().chain([&flag.name]))
                .copied()
                .collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(all, names.len(), "{}", command.name);
        });
    }

    #[test]
    fn every_command_says_what_it_is_for() {
        every_command(&mut |command| {
            assert!(
                !command.name.is_empty() && !command.synopsis.is_empty() && !command.about.is_empty(),
                "{}",
                command.name
            );
            if let Action::Group(members) = command.action {
                assert!(!members.is_empty(), "{}", command.name);
            }
        });
    }

    #[test]
    fn defaults_can_be_held_by_their_flags() {
        every_command(&mut |command| {
            for flag in command.flags().filter(|flag| !flag.default.is_empty()) {
                assert!(
                    flag.kind.accept(flag.default).is_ok(),
                    "{} -{}",
                    command.name,
                    flag.name
                );
            }
        });
    }
}
