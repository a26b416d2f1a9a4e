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
    let version = ["version".to_owned()];
    let args = if asks_for_version(args) { &version } else { args };
    let wants_help = asks_for_help(args);
    let Some(call) = Call::find(session.program, args, commands) else {
        return overview(session, commands, wants_help);
    };
    match call.command.action {
        Action::Run(run) if !wants_help => match prepare(session, &call, args).and_then(|()| run(session)) {
            Ok(exit) => checked(session, exit),
            Err(failure) => failed(session, failure),
        },
        _ => {
            session.terminal.print(&help::help(&call.path, call.command));
            if wants_help { Exit::Success } else { Exit::Misuse }
        }
    }
}

/// A command as it was called.
struct Call<'a> {
    command: &'static Command,
    /// The words that called it, the program's name first.
    path: Vec<&'a str>,
    /// What stood behind them.
    rest: &'a [String],
}

impl<'a> Call<'a> {
    /// Finds the command, group by group; `None` if not even the first word is one.
    fn find(program: &'a str, args: &'a [String], commands: &Commands) -> Option<Self> {
        let (first, rest) = args.split_first()?;
        let command = commands.all().find(|command| command.name == first)?;
        let mut call = Self {
            command,
            path: vec![program, command.name],
            rest,
        };
        while let Some((word, rest)) = call.rest.split_first() {
            let Some(member) = call.command.members().iter().find(|member| member.name == word) else {
                break;
            };
            call.command = member;
            call.path.push(member.name);
            call.rest = rest;
        }
        Some(call)
    }
}

/// Reads format, flags and arguments into the session.
fn prepare(session: &mut Session<'_>, call: &Call<'_>, args: &[String]) -> Result<(), Failure> {
    session.format = format(session, args)?;
    (session.flags, session.arguments) =
        flags::parse(call.command.flags(), call.rest).map_err(Failure::misuse)?;
    if session.format == Format::Raw && !call.command.prints_raw {
        return Err(Failure::misuse(
            "This command does not support the -format=raw option.",
        ));
    }
    call.command.takes.check(session.arguments.len())?;
    warn_of_late_flags(session);
    Ok(())
}

fn format(session: &Session<'_>, args: &[String]) -> Result<Format, Failure> {
    let requested = Format::requested(args).filter(|name| !name.is_empty());
    let name = requested
        .or_else(|| session.env.get(shared::FORMAT.variable))
        .unwrap_or_default();
    Format::parse(name)
        .ok_or_else(|| Failure::misuse(format!("Invalid output format: {}", name.to_lowercase())))
}

fn warn_of_late_flags(session: &mut Session<'_>) {
    let is_flag = |arg: &&String| arg.len() > 1 && arg.starts_with('-');
    let late: Vec<String> = session.arguments.iter().filter(is_flag).cloned().collect();
    if !late.is_empty() && session.format == Format::Table {
        session.terminal.warn(&format!(
            "Command flags must be provided before positional arguments. \
             The following arguments will not be parsed as flags: [{}]",
            late.join(" ")
        ));
    }
}

/// A command that has ended. One that should have shown a request, and has sent none, has failed.
fn checked(session: &mut Session<'_>, exit: Exit) -> Exit {
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
    checked(session, failure.exit())
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

fn asks_for_help(args: &[String]) -> bool {
    let mut flags = args.iter().take_while(|arg| *arg != "--");
    flags.any(|arg| matches!(arg.as_str(), "-h" | "-help" | "--help"))
}

fn asks_for_version(args: &[String]) -> bool {
    matches!(args, [arg] if matches!(arg.as_str(), "-v" | "-version" | "--version"))
}
