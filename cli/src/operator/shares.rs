//! `operator rekey` and `operator rotate-keys`: new key shares in place of the old ones.

mod backup;
pub(super) mod key;
mod kind;
mod progress;
mod update;
mod verification;

use client::Request;
use serde_json::json;

use crate::command::{Action, Command, Section, Takes};
use crate::failure::{Context, Exit, Failure};
use crate::flags::Flag;
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::Format;
use crate::session::Session;
use kind::Kind;
use progress::Progress;

pub(super) static REKEY: Command = Command {
    name: "rekey",
    synopsis: "Make new key shares, without a token",
    usage: "[options] [KEY]",
    about: "
Makes new key shares in place of the old ones, by requests without a token: the server must allow those. Elsewhere use
\"rotate-keys\".

    $ vault operator rekey -init -key-shares=5 -key-threshold=3
    $ vault operator rekey -nonce=...
",
    sections: &[HTTP, FORMATTED, Section::own(&OWN)],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(rekey),
    ..Command::LEAF
};

pub(super) static ROTATE_KEYS: Command = Command {
    name: "rotate-keys",
    synopsis: "Make new key shares",
    usage: "[options] [KEY]",
    about: "
Makes new key shares in place of the old ones. One starts it with a token that may; the holders of key shares give
theirs; the new shares are printed.

    $ vault operator rotate-keys -init -key-shares=5 -key-threshold=3
    $ vault operator rotate-keys -nonce=...
",
    sections: &[HTTP, FORMATTED, Section::own(&OWN)],
    takes: Takes::between(0, 1, "0-1"),
    action: Action::Run(rotate_keys),
    ..Command::LEAF
};

static OWN: [&Flag; 12] = [
    &BACKUP,
    &BACKUP_DELETE,
    &BACKUP_RETRIEVE,
    &CANCEL,
    &INIT,
    &KEY_SHARES,
    &KEY_THRESHOLD,
    &NONCE,
    &PGP_KEYS,
    &STATUS,
    &TARGET,
    &VERIFY,
];

static BACKUP: Flag = Flag::switch(
    "backup",
    "Keep the encrypted shares on the server until -backup-delete.",
);
static BACKUP_DELETE: Flag = Flag::switch("backup-delete", "Delete the encrypted shares on the server.");
static BACKUP_RETRIEVE: Flag = Flag::switch("backup-retrieve", "Show the encrypted shares on the server.");
static CANCEL: Flag = Flag::switch("cancel", "Give up, and forget the shares that were given.");
static INIT: Flag = Flag::switch("init", "Start.");
static KEY_SHARES: Flag = Flag::integer("key-shares", "Number of new shares.")
    .alias(&["n"])
    .default("5");
static KEY_THRESHOLD: Flag = Flag::integer("key-threshold", "Number of new shares that are needed.")
    .alias(&["t"])
    .default("3");
static NONCE: Flag = Flag::text("nonce", "Nonce, as -init has shown it.");
static PGP_KEYS: Flag = Flag::public_keys(
    "pgp-keys",
    "Files with PGP public keys, separated by commas, as many as there are new shares; each share is encrypted for one of them.",
);
static STATUS: Flag = Flag::switch("status", "Show how far it is, without giving a share.");
static TARGET: Flag = Flag::text(
    "target",
    "\"barrier\", or \"recovery\" where the seal opens by itself.",
)
.default("barrier");
static VERIFY: Flag = Flag::switch(
    "verify",
    "With -init: let the new shares count only after they have been given back. Else: do what the other flags say to that verification.",
);

const WARNING: &str = "WARNING! If you lose the keys after they are returned, there is no recovery.
Consider canceling this operation and re-initializing with the -pgp-keys flag
to protect the returned unseal keys along with -backup to allow recovery of
the encrypted keys in case of emergency. You can delete the stored keys later
using the -delete flag.";

fn rekey(session: &mut Session<'_>) -> Result<Exit, Failure> {
    run(session, Kind::rekeying)
}

fn rotate_keys(session: &mut Session<'_>) -> Result<Exit, Failure> {
    run(session, Kind::rotation)
}

fn run(session: &mut Session<'_>, of_target: fn(&str) -> Option<Kind>) -> Result<Exit, Failure> {
    let target = session.flags.text(&TARGET).to_owned();
    let kind = of_target(&target).ok_or_else(|| Failure::misuse(format!("Unknown target: {target}")))?;
    let on = |flag| session.flags.switch(flag);
    match () {
        () if on(&BACKUP_DELETE) => backup::delete(session, &kind),
        () if on(&BACKUP_RETRIEVE) => backup::retrieve(session, &kind),
        () if on(&CANCEL) => cancel(session, &kind),
        () if on(&INIT) => start(session, &kind),
        () if on(&STATUS) && on(&VERIFY) => verification::show(session, &kind),
        () if on(&STATUS) => Progress::read(session, &kind)?.show(session),
        () if on(&VERIFY) => verification::give_share(session, &kind),
        () => update::give_share(session, &kind),
    }
}

fn start(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    let flags = &session.flags;
    let body = json!({
        "secret_shares": flags.integer(&KEY_SHARES),
        "secret_threshold": flags.integer(&KEY_THRESHOLD),
        "pgp_keys": flags.list(&PGP_KEYS),
        "backup": flags.switch(&BACKUP),
        "require_verification": flags.switch(&VERIFY),
    });
    let unprotected = !flags.is_given(&PGP_KEYS);
    let request = (kind.start)(&kind.path("init")).json(&body);
    let answer = session
        .send(request)
        .context(|| format!("Error initializing {}", kind.noun))?;
    if unprotected && session.format == Format::Table {
        session.terminal.warn(WARNING);
        session.terminal.say("");
    }
    Progress::parse(&answer).show(session)
}

fn cancel(session: &mut Session<'_>, kind: &Kind) -> Result<Exit, Failure> {
    if session.flags.switch(&VERIFY) {
        session
            .send(Request::delete(&kind.path("verify")))
            .context(|| "Error canceling verification".to_owned())?;
        session
            .terminal
            .say("Success! Canceled verification (if it was started)");
        return Ok(Exit::Success);
    }
    session
        .send(Request::delete(&kind.path("init")))
        .context(|| format!("Error canceling {}", kind.noun))?;
    session
        .terminal
        .say(&format!("Success! Canceled {} (if it was started)", kind.gerund));
    Ok(Exit::Success)
}
