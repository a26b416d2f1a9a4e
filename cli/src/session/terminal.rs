//! The three streams.

use std::io::{self, Read, Write};

use anstyle::{AnsiColor, Style};

use crate::invocation::Input;

/// Standard input, standard output and standard error.
pub(crate) struct Terminal<'a> {
    stdin: &'a mut dyn Input,
    stdout: &'a mut dyn Write,
    stderr: &'a mut dyn Write,
    colour: bool,
    stdout_is_terminal: bool,
    fault: Option<io::Error>,
}

impl<'a> Terminal<'a> {
    /// Takes the streams.
    pub(crate) fn new(
        stdin: &'a mut dyn Input,
        stdout: &'a mut dyn Write,
        stderr: &'a mut dyn Write,
    ) -> Self {
        Self {
            stdin,
            stdout,
            stderr,
            colour: false,
            stdout_is_terminal: false,
            fault: None,
        }
    }

    /// Allows colours in errors.
    pub(crate) fn coloured(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// Tells whether standard output is a terminal.
    pub(crate) fn printing_to_terminal(mut self, stdout_is_terminal: bool) -> Self {
        self.stdout_is_terminal = stdout_is_terminal;
        self
    }

    /// Prints a line.
    pub(crate) fn say(&mut self, line: &str) {
        self.print(&format!("{line}\n"));
    }

    /// Prints a text as it is.
    pub(crate) fn print(&mut self, text: &str) {
        let printed = self
            .stdout
            .write_all(text.as_bytes())
            .and_then(|()| self.stdout.flush());
        if let Err(error) = printed {
            self.fault.get_or_insert(error);
        }
    }

    /// Prints a value alone: without a line's end, unless somebody is looking.
    pub(crate) fn print_value(&mut self, text: &str) {
        self.print(text);
        if self.stdout_is_terminal && !text.ends_with('\n') {
            self.print("\n");
        }
    }

    /// Remarks something on standard error.
    pub(crate) fn warn(&mut self, line: &str) {
        self.remark(AnsiColor::Yellow, line);
    }

    /// Complains on standard error.
    pub(crate) fn complain(&mut self, line: &str) {
        self.remark(AnsiColor::Red, line);
    }

    /// Tells whether somebody can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.stdin.is_terminal()
    }

    /// Asks without showing what is typed.
    pub(crate) fn ask(&mut self, question: &str) -> io::Result<String> {
        self.stdin.ask(question)
    }

    /// Returns what went wrong with standard output. A reader that has seen enough is no fault.
    pub(crate) fn fault(&self) -> Option<&io::Error> {
        self.fault
            .as_ref()
            .filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }

    fn remark(&mut self, colour: AnsiColor, line: &str) {
        let style = if self.colour {
            colour.on_default()
        } else {
            Style::new()
        };
        // Where nobody can be told, nobody can be told that either.
        let _ = writeln!(self.stderr, "{style}{line}{style:#}");
    }
}

impl Read for Terminal<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stdin.read(buffer)
    }
}
