//! From the arguments to the command that they call, and from its end to the exit status.

use crate::command::{Action, Command};
use crate::dry_run;
use crate::failure::{Exit, Failure};
use crate::flags::{self, shared};
use crate::help;
use crate::invocation::Invocation;
use crate::output::Format;
use crate::session::{Outside, Session, Terminal};

/// The commands of the program: those that most people need, and the others.
pub(crate) struct Commands {
    /// Listed first.
    pub(crate) common: &'static [&'static Command],
    /// Listed after them.
    pub(crate) others: &'static [&'static Command],
}

impl Commands {
    fn all(&self) -> impl Iterator<Item = &'static Command> {
        self.common.iter().chain(self.others).copied()
    }
}

/// Runs the command that an invocation calls and returns the exit status.
pub(crate) fn run(invocation: Invocation<'_>, commands: &Commands) -> i32 {
    let Invocation {
        program,
        args,
        env,
        pause,
        random,
        ..
    } = invocation;
    let terminal = Terminal::new(invocation.stdin, invocation.stdout, invocation.stderr)
        .coloured(invocation.colour)
        .printing_to_terminal(invocation.stdout_is_terminal);
    let mut session = Session::new(program, env, terminal, Outside { pause, random });
    let exit = called(&mut session, &args, commands);
    if let Some(error) = session.terminal.fault() {
        let complaint = format!("Error writing to standard output: {error}");
        session.terminal.complain(&complaint);
        return Exit::Misuse.code();
    }
    exit.code()
}

fn called(session: &mut Session<'_>, args: &[String], commands: &Commands) -> Exit {
    let args = if asks_for_version(args) {
        &["version".to_owned()]
    } else {
        args
    };
    let before_dashes = || args.iter().take_while(|arg| *arg != "--");
    let asks_for_help = before_dashes().any(|arg| matches!(arg.as_str(), "-h" | "-help" | "--help"));
    let words: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .take_while(|arg| !arg.starts_with('-'))
        .collect();
    let Some(first) = words
        .first()
        .and_then(|word| commands.all().find(|command| command.name == *word))
    else {
        return overview(session, commands, asks_for_help);
    };
    let (path, command) = descend(session.program, first, &words);
    let rest = args.get(path.len() - 1..).unwrap_or_default();
    match command.action {
        _ if asks_for_help => {
            session.terminal.print(&help::help(&path, command));
            Exit::Success
        }
        Action::Group(_) => {
            session.terminal.print(&help::help(&path, command));
            Exit::Misuse
        }
        Action::Run(action) => match prepared(session, command, args, rest).and_then(|()| action(session)) {
            Ok(exit) => ended(session, exit),
            Err(failure) => failed(session, failure),
        },
    }
}

/// The command that the words call, and the words that were needed for it, the program's name first.
fn descend<'a>(
    program: &'a str,
    first: &'static Command,
    words: &[&'a str],
) -> (Vec<&'a str>, &'static Command) {
    let (mut path, mut command) = (vec![program, first.name], first);
    for word in words.iter().skip(1) {
        let Some(member) = command.members().iter().find(|member| member.name == *word) else {
            break;
        };
        path.push(member.name);
        command = member;
    }
    (path, command)
}

/// Reads flags and arguments into the session.
fn prepared(
    session: &mut Session<'_>,
    command: &'static Command,
    args: &[String],
    rest: &[String],
) -> Result<(), Failure> {
    let requested = Format::requested(args).filter(|name| !name.is_empty());
    let name = requested
        .or_else(|| session.env.get(shared::FORMAT.variable))
        .unwrap_or_default();
    session.format = Format::parse(name)
        .ok_or_else(|| Failure::misuse(format!("Invalid output format: {}", name.to_lowercase())))?;
    let (flags, arguments) = flags::parse(command.flags(), rest).map_err(Failure::misuse)?;
    if session.format == Format::Raw && !command.prints_raw {
        return Err(Failure::misuse(
            "This command does not support the -format=raw option.",
        ));
    }
    let late: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|arg| arg.len() > 1 && arg.starts_with('-'))
        .collect();
    let checked = command.takes.check(arguments.len());
    if !late.is_empty() && checked.is_ok() && session.format == Format::Table {
        session.terminal.warn(&format!(
            "Command flags must be provided before positional arguments. The following arguments will not be parsed as flags: [{}]",
            late.join(" ")
        ));
    }
    (session.flags, session.arguments) = (flags, arguments);
    checked
}

/// A command that has ended. One that should have shown a request, and has sent none, has failed.
fn ended(session: &mut Session<'_>, exit: Exit) -> Exit {
    match dry_run::missed(&session.flags) {
        Some(complaint) => {
            session.terminal.complain(complaint);
            Exit::Misuse
        }
        None => exit,
    }
}

fn failed(session: &mut Session<'_>, failure: Failure) -> Exit {
    if let Failure::Described(described) = failure {
        let text = dry_run::shown(session, &described);
        session.terminal.say(&text);
        return Exit::Success;
    }
    session.terminal.complain(&failure.text());
    ended(session, failure.exit())
}

fn overview(session: &mut Session<'_>, commands: &Commands, asks_for_help: bool) -> Exit {
    let text = help::overview(session.program, commands.common, commands.others);
    session.terminal.print(&text);
    if asks_for_help {
        Exit::Success
    } else {
        Exit::Unknown
    }
}

fn asks_for_version(args: &[String]) -> bool {
    matches!(args, [arg] if matches!(arg.as_str(), "-v" | "-version" | "--version"))
}
