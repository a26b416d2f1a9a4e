//! One call of the program, with everything that it touches.

use std::io::{self, Read, Write};
use std::time::Duration;

use crate::env::Environment;
use crate::{commands, dispatch};

/// One call of the program.
pub struct Invocation<'a> {
    /// The name that the program was called by; help and hints repeat it.
    pub program: &'a str,
    /// The arguments behind it.
    pub args: Vec<String>,
    /// The environment.
    pub env: &'a Environment,
    /// Standard input.
    pub stdin: &'a mut dyn Input,
    /// Standard output.
    pub stdout: &'a mut dyn Write,
    /// Standard error.
    pub stderr: &'a mut dyn Write,
    /// Whether standard output is a terminal, where a single field gets a line's end.
    pub stdout_is_terminal: bool,
    /// Whether errors may be coloured.
    pub colour: bool,
    /// Waits, between attempts of a request and while the server works.
    pub pause: fn(Duration),
    /// Fills bytes with randomness, for one-time passwords.
    pub random: fn(&mut [u8]) -> io::Result<()>,
}

impl Invocation<'_> {
    /// Runs the command and returns the exit status.
    pub fn run(self) -> i32 {
        dispatch::run(self, &commands::ALL)
    }
}

/// Standard input, or what a test puts in its place.
pub trait Input: Read {
    /// Tells whether somebody can be asked.
    fn is_terminal(&self) -> bool;

    /// Asks without showing what is typed.
    fn ask(&mut self, question: &str) -> io::Result<String>;
}

impl Input for &[u8] {
    fn is_terminal(&self) -> bool {
        false
    }

    fn ask(&mut self, _question: &str) -> io::Result<String> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "standard input is not a terminal",
        ))
    }
}
