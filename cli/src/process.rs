//! The process: its streams, its environment, its clock.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::time::Duration;

use crate::env::Environment;
use crate::invocation::{Input, Invocation};

/// Runs the command line of this process and returns the exit status.
///
/// `args` are the arguments without the program's name; `program` is the name it was called by.
pub fn run(args: Vec<String>, program: &str) -> i32 {
    let env = Environment::of_the_process();
    let plain = ["NO_COLOR", "VAULT_CLI_NO_COLOR", "BAO_CLI_NO_COLOR"]
        .iter()
        .any(|name| env.plain(name).is_some());
    Invocation {
        program,
        args,
        env: &env,
        stdin: &mut Keyboard,
        stdout: &mut io::stdout(),
        stderr: &mut io::stderr(),
        stdout_is_terminal: io::stdout().is_terminal(),
        colour: !plain && io::stderr().is_terminal(),
        pause,
        random,
    }
    .run()
}

#[expect(
    clippy::disallowed_methods,
    reason = "no runtime to block: the command line does one thing after another"
)]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

fn random(bytes: &mut [u8]) -> io::Result<()> {
    File::open("/dev/urandom")?.read_exact(bytes)
}

struct Keyboard;

impl Read for Keyboard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(buffer)
    }
}

impl Input for Keyboard {
    fn is_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn ask(&mut self, question: &str) -> io::Result<String> {
        rpassword::prompt_password(question)
    }
}
