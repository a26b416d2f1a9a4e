//! Help, written from the definitions of the commands.

mod paragraph;

use crate::command::{Action, Command, Section};
use crate::flags::Flag;
pub(crate) use paragraph::wrapped;

/// The help of a command; `path` are the words that call it, the program's name first.
pub(crate) fn help(path: &[&str], command: &Command) -> String {
    let program = path.first().copied().unwrap_or_default();
    let mut text = format!("Usage: {} {}\n", path.join(" "), command.usage);
    for paragraph in command
        .about
        .trim()
        .split("\n\n")
        .filter(|paragraph| !paragraph.is_empty())
    {
        text.push('\n');
        text.push_str(&about(paragraph, program));
    }
    match command.action {
        Action::Group(members) => text.push_str(&listing("Subcommands", members, "    ")),
        Action::Run(_) => command
            .sections
            .iter()
            .for_each(|section| text.push_str(&options(section))),
    }
    text
}

/// The help of the program: its commands, the common ones first.
pub(crate) fn overview(program: &str, common: &[&Command], others: &[&Command]) -> String {
    format!(
        "Usage: {program} <command> [args]\n{}{}",
        listing("Common commands", common, "    "),
        listing("Other commands", others, "    ")
    )
}

/// A paragraph, or an example with its margin.
fn about(paragraph: &str, program: &str) -> String {
    let example = paragraph.trim_start_matches('\n').starts_with(' ');
    let text = paragraph.replace("$ vault", &format!("$ {program}"));
    if !example {
        return wrapped(&text.split_whitespace().collect::<Vec<_>>().join(" "), 2);
    }
    text.lines()
        .map(|line| format!("      {}\n", line.trim()))
        .collect()
}

fn listing(title: &str, commands: &[&Command], margin: &str) -> String {
    let width = commands
        .iter()
        .map(|command| command.name.len())
        .max()
        .unwrap_or_default();
    let mut text = format!("\n{title}:\n");
    for command in commands {
        text.push_str(&format!(
            "{margin}{:width$}    {}\n",
            command.name, command.synopsis
        ));
    }
    text
}

fn options(section: &Section) -> String {
    let mut flags = section.flags.to_vec();
    flags.sort_by_key(|flag| flag.name);
    let mut text = format!("\n{}:\n", section.title);
    for flag in flags {
        text.push_str(&option(flag));
    }
    text
}

fn option(flag: &Flag) -> String {
    let names = std::iter::once(&flag.name).chain(flag.aliases);
    let names: Vec<String> = names
        .map(|name| format!("-{name}{}", flag.kind.placeholder()))
        .collect();
    let mut help = flag.help.to_owned();
    if !flag.default.is_empty() {
        help.push_str(&format!(" The default is {}.", flag.default));
    }
    if !flag.variable.is_empty() {
        help.push_str(&format!(
            " This can also be given as the variable VAULT_{}.",
            flag.variable
        ));
    }
    format!("\n  {}\n{}", names.join(", "), wrapped(&help, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    static CAS: Flag = Flag::integer("cas", "Write only if the current version is this one.").default("-1");
    static PUT: Command = Command {
        name: "put",
        synopsis: "Write",
        usage: "[options] KEY",
        about: "Writes.\n\n    $ vault kv put x",
        sections: &[Section::own(&[&CAS])],
        ..Command::LEAF
    };

    static KV: Command = Command {
        about: "Keys and values.",
        action: Action::Group(&[&PUT]),
        ..Command::GROUP
    };

    #[test]
    fn a_group_lists_its_members() {
        let expected = "Usage: vault kv <subcommand> [options] [args]\n\n  Keys and values.\n\nSubcommands:\n    put    Write\n";
        assert_eq!(help(&["vault", "kv"], &KV), expected);
    }

    #[test]
    fn examples_call_the_program_by_the_name_it_was_called() {
        assert!(about("    $ vault kv put x", "strongroom").starts_with("      $ strongroom kv put x\n"));
    }

    #[test]
    fn a_flag_says_what_it_holds_when_it_is_not_given() {
        let expected =
            "\n  -cas=<int>\n      Write only if the current version is this one. The default is -1.\n";
        assert_eq!(option(&CAS), expected);
    }
}
