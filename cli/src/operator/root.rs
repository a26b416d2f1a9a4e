//! `operator generate-root`: a new root token, if enough holders of key shares agree.

mod attempt;
mod otp;

use client::{Request, Wrapping};
use serde_json::json;

use super::shares::key::Share;
use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::help::wrapped;
use crate::output::Format;
use crate::session::Session;
use attempt::Attempt;

pub(super) static GENERATE_ROOT: Command = Command {
    name: "generate-root",
    synopsis: "Make a new root token",
    usage: "[options] [KEY]",
    about: "
Makes a new root token. One starts the attempt; the holders of key shares give theirs; the token comes encrypted with a
one-time password or a PGP key, and is decoded without the server.

    $ vault operator generate-root -init
    $ vault operator generate-root -nonce=...
    $ vault operator generate-root -decode=... -otp=...
",
    sections: &[
        HTTP,
        FORMATTED,
        Section::own(&[&CANCEL, &DECODE, &GENERATE_OTP, &INIT, &NONCE, &OTP, &PGP_KEY, &STATUS]),
    ],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(run),
    ..Command::LEAF
};

static CANCEL: Flag = Flag::switch("cancel", "Give up the attempt, and the shares that were given.");
static DECODE: Flag = Flag::text(
    "decode",
    "Encoded token to decode with -otp; \"-\" is standard input.",
);
static GENERATE_OTP: Flag = Flag::switch("generate-otp", "Print a one-time password for -init.");
static INIT: Flag = Flag::switch("init", "Start an attempt.");
static NONCE: Flag = Flag::text("nonce", "Nonce of the attempt, as -init has shown it.");
static OTP: Flag = Flag::text("otp", "One-time password, for -init and -decode.");
static PGP_KEY: Flag = Flag::public_keys(
    "pgp-key",
    "File with the PGP public key that the token is encrypted for.",
);
static STATUS: Flag = Flag::switch("status", "Show the attempt, without giving a share.");

const ATTEMPT: &str = "sys/generate-root-token/attempt";

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let on = |flag| session.flags.switch(flag);
    match () {
        () if session.flags.is_given(&DECODE) => decode(session),
        () if on(&GENERATE_OTP) => generate_otp(session),
        () if on(&CANCEL) => cancel(session),
        () if on(&INIT) => start(session),
        () if on(&STATUS) => {
            let attempt = read(session)?;
            attempt.show(session)
        }
        () => give_share(session),
    }
}

/// Decodes a token. The server has nothing to do with it.
fn decode(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let encoded = match session.flags.text(&DECODE).to_owned() {
        dash if dash == "-" => session.read_input()?,
        encoded => encoded,
    };
    let otp = session.flags.text(&OTP).to_owned();
    if otp.is_empty() {
        return Err(Failure::misuse("Missing otp: use -otp to supply it"));
    }
    let token = otp::decode(encoded.trim(), &otp);
    let token = token.map_err(|reason| Failure::misuse(format!("Error decoding root token: {reason}")))?;
    if session.format != Format::Table {
        return session.show_value(&json!({"token": token}));
    }
    session.terminal.say(&token);
    Ok(Exit::Success)
}

fn generate_otp(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let attempt = read(session)?;
    let otp = otp::generate(attempt.otp_length, &session.random::<256>()?);
    if session.format != Format::Table {
        return session.show_value(&json!({"otp": otp, "otp_length": attempt.otp_length}));
    }
    session.terminal.say(&otp);
    Ok(Exit::Success)
}

fn cancel(session: &mut Session<'_>) -> Result<Exit, Failure> {
    session
        .send(Request::delete(ATTEMPT))
        .context(|| "Error canceling root token generation".to_owned())?;
    session
        .terminal
        .say("Success! Root token generation canceled (if it was started)");
    Ok(Exit::Success)
}

fn start(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let (otp, key) = (session.flags.text(&OTP), session.flags.text(&PGP_KEY));
    let request = Request::put(ATTEMPT).json(&json!({"otp": otp, "pgp_key": key}));
    let generated = otp.is_empty() && key.is_empty();
    let answer = session
        .send(request)
        .context(|| "Error initializing root generation".to_owned())?;
    if generated && session.format == Format::Table {
        session.terminal.warn(
            "A One-Time-Password has been generated for you and is shown in the OTP field.\n\
             You will need this value to decode the resulting root token, so keep it safe.",
        );
    }
    Attempt::parse(&answer).show(session)
}

fn give_share(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let attempt = read(session)?;
    if !attempt.started {
        let hint = format!(
            "No root generation is in progress. Start a root generation by running \"{} operator generate-root -init\".",
            session.program
        );
        let length = format!(
            "If starting root generation using the OTP method and generating your own OTP, the length of the OTP string \
             needs to be {} characters in length.",
            attempt.otp_length
        );
        let text = format!("{}{}", wrapped(&hint, 0), wrapped(&length, 0));
        return Err(Failure::misuse(text.trim_end()));
    }
    let share = Share::read(session, &NONCE, &attempt.nonce)?;
    let body = json!({"key": share.key, "nonce": share.nonce});
    let answer = session.send(Request::put("sys/generate-root-token/update").json(&body));
    Attempt::parse(&answer.context(|| "Error posting unseal key".to_owned())?).show(session)
}

fn read(session: &Session<'_>) -> Result<Attempt, Failure> {
    let answer = session.send(Request::get(ATTEMPT).wrapping(Wrapping::Never));
    Ok(Attempt::parse(
        &answer.context(|| "Error getting root generation status".to_owned())?,
    ))
}
