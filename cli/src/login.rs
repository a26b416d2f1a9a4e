//! `login`: a token for whoever can show who they are.

mod by_certificate;
mod by_kubernetes;
mod by_name;
mod by_token;
mod method;

use client::{Secret, Token};
use serde_json::{Map, Value};

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FIELD, FIELDS, HTTP};
use crate::output::Format;
use crate::paths;
use crate::session::Session;
use crate::token_helper::TokenHelper;
use crate::unwrap;
use crate::values;
use method::Method;

pub(crate) static LOGIN: Command = Command {
    name: "login",
    synopsis: "Log in and keep the token",
    usage: "[options] [AUTH key=value ...]",
    about: "
Logs in and keeps the token, so that later commands use it. By default it takes a token; with -method it shows the
server something else.

    $ vault login
    $ vault login -method=userpass username=ann
    $ vault login -method=kubernetes role=api
",
    sections: &[HTTP, FIELDS, Section::own(&[&METHOD, &NO_PRINT, &NO_STORE, &PATH, &TOKEN_ONLY])],
    takes: Takes::anything(),
    action: Action::Run(run),
    ..Command::LEAF
};

static METHOD: Flag = Flag::text("method", "How to log in.").default("token");
static NO_PRINT: Flag = Flag::switch("no-print", "Print nothing. The token is kept all the same.");
static NO_STORE: Flag = Flag::switch("no-store", "Do not keep the token.");
static PATH: Flag = Flag::text(
    "path",
    "Path of the auth method. Without the flag it is the method's name.",
);
static TOKEN_ONLY: Flag = Flag::switch("token-only", "Print only the token, and do not keep it.");

const LOGGED_IN: &str = "Success! You are now authenticated. The token information displayed below is
already stored in the token helper. You do NOT need to run \"vault login\" again.
Future Vault requests will automatically use this token.\n";

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let keeping = Keeping::of(session)?;
    let name = paths::bare(session.flags.text(&METHOD));
    let method = method::find(&name).ok_or_else(|| unknown(session.program, &name))?;
    let config = config(session, method)?;
    let secret = (method.log_in)(session, &config).context(|| "Error authenticating".to_owned())?;
    match (&secret.wrap_info, keeping) {
        (Some(wrapping), Keeping::PrintOnly) => print_token(session, &wrapping.token.clone()),
        (Some(_), Keeping::No) => session.show_whole(&secret),
        _ => {
            let secret = unwrapped(session, secret)?;
            logged_in(session, &secret, keeping)
        }
    }
}

/// What becomes of the token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// Later commands use it.
    Yes,
    /// It is shown with the rest of the answer.
    No,
    /// It is shown alone.
    PrintOnly,
}

impl Keeping {
    fn of(session: &Session<'_>) -> Result<Self, Failure> {
        let [only, no_store, no_print] =
            [&TOKEN_ONLY, &NO_STORE, &NO_PRINT].map(|flag| session.flags.switch(flag));
        match (only, no_store) {
            (false, false) => Ok(Self::Yes),
            _ if no_print => Err(Failure::misuse("-no-store and -no-print cannot be used together")),
            (true, _) => Ok(Self::PrintOnly),
            (false, true) => Ok(Self::No),
        }
    }
}

/// Keeps and shows what a login has brought.
fn logged_in(session: &mut Session<'_>, secret: &Secret, keeping: Keeping) -> Result<Exit, Failure> {
    let auth = secret.auth.clone().ok_or_else(|| {
        Failure::refused(
            "The server answered the login without a token. Does the path belong to an auth method?",
        )
    })?;
    if let Some(requirement) = auth
        .mfa_requirement
        .as_ref()
        .filter(|requirement| !requirement.is_null())
    {
        return Err(second_factor(requirement));
    }
    match keeping {
        Keeping::PrintOnly => return print_token(session, &auth.client_token),
        Keeping::No => warn_of_loss(session),
        Keeping::Yes => keep(session, &auth.client_token)?,
    }
    let field = session.flags.text(&FIELD).to_owned();
    if session.flags.switch(&NO_PRINT) {
        return Ok(Exit::Success);
    }
    if !field.is_empty() {
        return session.show_field(secret, &field);
    }
    if session.format == Format::Table {
        let text = LOGGED_IN.replace("\"vault ", &format!("\"{} ", session.program));
        session.terminal.say(&text);
    }
    session.show_whole(secret)
}

/// The help of a method, if there is a method of that name.
pub(crate) fn usage(program: &str, name: &str) -> Option<String> {
    let method = method::find(name)?;
    Some(format!(
        "Usage: {program} login -method={name} [CONFIG K=V...]\n\n{}",
        method.about.replace("$ vault", &format!("$ {program}"))
    ))
}

fn unknown(program: &str, name: &str) -> Failure {
    Failure::misuse(format!(
        "Unknown auth method: {name}. Use \"{program} auth list\" to see the complete list of\n\
         auth methods. Additionally, some auth methods are only available via the HTTP\n\
         API."
    ))
}

/// The server has seen the first factor, and there is no token yet.
fn second_factor(requirement: &Value) -> Failure {
    let id = requirement
        .get("mfa_request_id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Failure::refused(format!(
        "Error authenticating: the server wants a second factor, which this command does not ask for.\n\
         Finish the login by writing to sys/mfa/validate, with mfa_request_id={id}."
    ))
}

/// What the arguments say. For a token, a single argument without a key is the token.
fn config(session: &mut Session<'_>, method: &Method) -> Result<Map<String, Value>, Failure> {
    let mut arguments = session.arguments.clone();
    if let Some(first) = arguments
        .first_mut()
        .filter(|first| method.name == "token" && !first.contains('='))
    {
        *first = format!("token={first}");
    }
    let config = values::parse(&arguments, &mut session.terminal);
    let mut config =
        config.map_err(|reason| Failure::misuse(format!("Error parsing configuration: {reason}")))?;
    let path = paths::bare(session.flags.text(&PATH));
    let path = if path.is_empty() {
        method.name.to_owned()
    } else {
        path
    };
    config.entry("mount").or_insert(Value::String(path));
    Ok(config)
}

/// The login in a wrapping, opened.
fn unwrapped(session: &Session<'_>, secret: Secret) -> Result<Secret, Failure> {
    let Some(token) = secret
        .wrap_info
        .as_ref()
        .and_then(|wrapping| Token::parse(&wrapping.token))
    else {
        return Ok(secret);
    };
    let opened = unwrap::unwrap(session, token).context(|| "Error authenticating".to_owned())?;
    opened.ok_or_else(|| Failure::refused("Error authenticating: the wrapping is empty"))
}

/// Keeps the token, and says what would keep it from being used.
fn keep(session: &mut Session<'_>, token: &str) -> Result<(), Failure> {
    if let Some(token) = Token::parse(token) {
        TokenHelper::of(session.env)?.store(&token)?;
    }
    if session.env.get("TOKEN").is_some() {
        let variable = session.env.name("TOKEN");
        session.terminal.warn(&format!(
            "WARNING! The {variable} environment variable is set! The value of this variable\n\
             will take precedence; if this is unwanted please unset {variable} or update its\n\
             value accordingly.\n"
        ));
    }
    Ok(())
}

fn warn_of_loss(session: &mut Session<'_>) {
    let variable = session.env.name("TOKEN");
    session.terminal.warn(&format!(
        "The token was not stored in token helper. Set the {variable} environment\n\
         variable or pass the token below with each request to Vault.\n"
    ));
}

fn print_token(session: &mut Session<'_>, token: &str) -> Result<Exit, Failure> {
    if session.format == Format::Table {
        session.terminal.print_value(token);
        return Ok(Exit::Success);
    }
    session.show_value(token)
}
