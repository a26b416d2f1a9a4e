//! One call of the command line, and what came of it.

use cli::{Environment, Invocation};

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// A call that is being put together.
pub(crate) struct Call {
    env: Vec<(String, String)>,
    stdin: String,
    program: &'static str,
    terminal: bool,
}

/// A call of `vault`, with an address and a token.
pub(crate) fn vault(address: &str) -> Call {
    let call = Call {
        env: Vec::new(),
        stdin: String::new(),
        program: "vault",
        terminal: false,
    };
    call.env("VAULT_ADDR", address).env("VAULT_TOKEN", "the-token")
}

impl Call {
    /// Sets a variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(other, _)| other != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says what comes from standard input.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdin);
        self
    }

    /// Calls the program by its own name.
    pub(crate) fn by_own_name(mut self) -> Self {
        self.program = "strongroom";
        self
    }

    /// Prints to a terminal.
    pub(crate) fn on_a_terminal(mut self) -> Self {
        self.terminal = true;
        self
    }

    /// Runs the command.
    pub(crate) fn run(self, args: &[&str]) -> Ran {
        let (mut stdout, mut stderr, mut stdin) = (Vec::new(), Vec::new(), self.stdin.as_bytes());
        let env: Environment = self.env.into_iter().collect();
        let status = Invocation {
            program: self.program,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            env: &env,
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            stdout_is_terminal: self.terminal,
            colour: false,
            pause: |_| {},
            random: |bytes| {
                bytes.fill(1);
                Ok(())
            },
        }
        .run();
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            status,
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }
}
