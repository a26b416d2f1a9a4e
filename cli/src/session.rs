//! What a command works with: its flags and arguments, the server, the terminal.

mod connect;
mod show;
mod terminal;

use std::cell::OnceCell;
use std::io::{self, Read as _};
use std::time::Duration;

use client::{Answer, Client, Credential, Prepared, Request, Secret, Token};

use crate::env::Environment;
use crate::failure::Failure;
use crate::flags::{Flag, Parsed, shared};
use crate::golang::parse_bool;
use crate::output::Format;
use crate::token_helper::TokenHelper;
use crate::values;
pub(crate) use show::Listing;
pub(crate) use terminal::Terminal;

/// One run of one command.
pub(crate) struct Session<'a> {
    /// The name that the program was called by.
    pub(crate) program: &'a str,
    /// The environment.
    pub(crate) env: &'a Environment,
    /// The flags.
    pub(crate) flags: Parsed,
    /// The arguments.
    pub(crate) arguments: Vec<String>,
    /// The format of the output.
    pub(crate) format: Format,
    /// The terminal.
    pub(crate) terminal: Terminal<'a>,
    outside: Outside,
    client: OnceCell<Client>,
    token: OnceCell<Option<Token>>,
}

/// What comes from outside of the program besides the streams: time that passes, and randomness.
#[derive(Clone, Copy)]
pub(crate) struct Outside {
    /// Waits.
    pub(crate) pause: fn(Duration),
    /// Fills bytes with randomness.
    pub(crate) random: fn(&mut [u8]) -> io::Result<()>,
}

/// A request that was to be shown instead of sent.
pub(crate) struct Described {
    /// The request.
    pub(crate) request: Request,
    /// What would have gone out.
    pub(crate) prepared: Prepared,
}

impl<'a> Session<'a> {
    /// Starts a session.
    pub(crate) fn new(
        program: &'a str,
        env: &'a Environment,
        terminal: Terminal<'a>,
        outside: Outside,
    ) -> Self {
        Self {
            program,
            env,
            flags: Parsed::default(),
            arguments: Vec::new(),
            format: Format::Table,
            terminal,
            outside,
            client: OnceCell::new(),
            token: OnceCell::new(),
        }
    }

    /// Returns an argument; nothing if there are fewer.
    pub(crate) fn argument(&self, number: usize) -> String {
        self.arguments.get(number).cloned().unwrap_or_default()
    }

    /// Returns the arguments from the one of this number on.
    pub(crate) fn arguments_from(&self, number: usize) -> Vec<String> {
        self.arguments.iter().skip(number).cloned().collect()
    }

    /// Reads the arguments from the one of this number on as data.
    pub(crate) fn data_from(
        &mut self,
        number: usize,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
        let arguments = self.arguments_from(number);
        values::parse(&arguments, &mut self.terminal)
            .map_err(|reason| Failure::misuse(format!("Failed to parse K=V data: {reason}")))
    }

    /// Reads all of standard input as text.
    pub(crate) fn read_input(&mut self) -> Result<String, Failure> {
        let mut text = String::new();
        let read = self.terminal.read_to_string(&mut text);
        read.map_err(|error| Failure::misuse(format!("Failed to read from stdin: {error}")))?;
        Ok(text)
    }

    /// Tells whether a switch is on, by flag or by its variable.
    pub(crate) fn switch(&self, flag: &Flag) -> bool {
        match self.flags.is_given(flag) {
            true => self.flags.switch(flag),
            false => self
                .env
                .get(flag.variable)
                .is_some_and(|value| parse_bool(value) == Ok(true)),
        }
    }

    /// Tells whether requests are shown instead of sent.
    pub(crate) fn only_describes(&self) -> bool {
        self.flags.switch(&shared::OUTPUT_CURL_STRING) || self.flags.switch(&shared::OUTPUT_POLICY)
    }

    /// Returns the user's token: the variable's, or the one that a login kept.
    pub(crate) fn token(&self) -> Result<Option<Token>, Failure> {
        if let Some(token) = self.token.get() {
            return Ok(token.clone());
        }
        let found = match self.env.get("TOKEN").and_then(Token::parse) {
            Some(token) => Some(token),
            None => TokenHelper::of(self.env)?.get()?,
        };
        Ok(self.token.get_or_init(|| found).clone())
    }

    /// Waits.
    pub(crate) fn pause(&self, duration: Duration) {
        (self.outside.pause)(duration);
    }

    /// Returns random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        (self.outside.random)(&mut bytes)
            .map_err(|error| Failure::misuse(format!("Error reading random bytes: {error}")))?;
        Ok(bytes)
    }

    /// Sends a request, or shows it if that is what was asked for.
    pub(crate) fn send(&self, request: Request) -> Result<Answer, Failure> {
        if !self.only_describes() {
            return self.ask(request);
        }
        let request = self.with_token(request)?;
        let prepared = self.client()?.prepare(&request);
        Err(Failure::Described(Box::new(Described { request, prepared })))
    }

    /// Sends a request whose answer the command needs before it knows what to do.
    pub(crate) fn ask(&self, request: Request) -> Result<Answer, Failure> {
        let request = self.with_token(request)?;
        Ok(self.client()?.send(&request)?)
    }

    /// Sends a request whose answer may be that there is nothing.
    pub(crate) fn find(&self, request: Request) -> Result<Option<Secret>, Failure> {
        match self.send(request) {
            Ok(answer) => Ok(Secret::parse(&answer)),
            Err(Failure::Request { error, .. }) => Ok(Secret::optional(Err(error))?),
            Err(failure) => Err(failure),
        }
    }

    /// Puts the user's token into a request that does not bring its own.
    fn with_token(&self, request: Request) -> Result<Request, Failure> {
        if !matches!(request.credential, Credential::Client) {
            return Ok(request);
        }
        // Vault's client finds fault with the environment before it looks for a token.
        self.client()?;
        Ok(match self.token()? {
            Some(token) => request.credential(Credential::Token(token)),
            None => request.credential(Credential::Nobody),
        })
    }

    fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = connect::client(self.env, &self.flags, self.outside.pause)?;
        Ok(self.client.get_or_init(|| client))
    }
}
