//! `operator init`: the first key shares and the first root token.

use client::{Answer, Request};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::command::{Action, Command, Section};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::flags::{Flag, Parsed};
use crate::golang;
use crate::output::{Format, cell};
use crate::session::Session;

pub(super) static INIT: Command = Command {
    name: "init",
    synopsis: "Initialise a server",
    about: "
Initialises a server: makes its root key, splits it into shares, and prints the shares and the first root token. This
happens once. Whoever has enough of the shares can open everything, so give them to different people.

    $ vault operator init
    $ vault operator init -key-shares=3 -key-threshold=2
",
    sections: &[
        HTTP,
        FORMATTED,
        Section::own(&[
            &KEY_SHARES, &KEY_THRESHOLD, &PGP_KEYS, &RECOVERY_PGP_KEYS, &RECOVERY_SHARES, &RECOVERY_THRESHOLD,
            &ROOT_TOKEN_PGP_KEY, &STATUS,
        ]),
    ],
    action: Action::Run(run),
    ..Command::LEAF
};

static KEY_SHARES: Flag = Flag::integer("key-shares", "Number of shares.")
    .alias(&["n"])
    .default("5");
static KEY_THRESHOLD: Flag = Flag::integer("key-threshold", "Number of shares that are needed.")
    .alias(&["t"])
    .default("3");
static PGP_KEYS: Flag = Flag::public_keys(
    "pgp-keys",
    "Files with PGP public keys, separated by commas, as many as there are shares; each share is encrypted for one of them.",
);
static RECOVERY_PGP_KEYS: Flag =
    Flag::public_keys("recovery-pgp-keys", "Like -pgp-keys, for recovery shares.");
static RECOVERY_SHARES: Flag = Flag::integer(
    "recovery-shares",
    "Number of recovery shares, where the seal opens by itself.",
)
.default("5");
static RECOVERY_THRESHOLD: Flag =
    Flag::integer("recovery-threshold", "Number of recovery shares that are needed.").default("3");
static ROOT_TOKEN_PGP_KEY: Flag = Flag::public_keys(
    "root-token-pgp-key",
    "File with the PGP public key that the root token is encrypted for.",
);
static STATUS: Flag = Flag::switch(
    "status",
    "Only say whether the server is initialised; the exit status is 2 if it is not.",
);

/// What a program reads.
#[derive(Serialize)]
struct Initialised {
    unseal_keys_b64: Vec<String>,
    unseal_keys_hex: Vec<String>,
    unseal_shares: i64,
    unseal_threshold: i64,
    recovery_keys_b64: Option<Vec<String>>,
    recovery_keys_hex: Option<Vec<String>>,
    recovery_keys_shares: i64,
    recovery_keys_threshold: i64,
    root_token: String,
}

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    if session.flags.switch(&STATUS) {
        return status(session);
    }
    // Whether there are shares or recovery shares to be made depends on the seal.
    let seal = if session.only_describes() {
        None
    } else {
        Some(session.ask(Request::get("sys/seal-status"))?)
    };
    let recovery = seal.is_some_and(|seal| seal.member("recovery_seal") == Some(&Value::Bool(true)));
    let request = Request::put("sys/init").json(&Value::Object(wanted(&session.flags, recovery)));
    let answer = session
        .send(request)
        .context(|| "Error initializing".to_owned())?;
    if session.format != Format::Table {
        return session.show_value(&initialised(&answer, &session.flags, recovery));
    }
    let text = for_people(&answer, session, recovery);
    session.terminal.say(&text);
    Ok(Exit::Success)
}

fn status(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session
        .send(Request::get("sys/init"))
        .context(|| "Error checking init status".to_owned())?;
    let initialised = answer.member("initialized") == Some(&Value::Bool(true));
    match (session.format, initialised) {
        (Format::Table, true) => session.terminal.say("Vault is initialized"),
        (Format::Table, false) => session.terminal.say("Vault is not initialized"),
        _ => drop(session.show_value(&json!({"Initialized": initialised}))?),
    }
    Ok(if initialised { Exit::Success } else { Exit::Refused })
}

/// The request's body.
fn wanted(flags: &Parsed, recovery: bool) -> Map<String, Value> {
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    if recovery {
        set("recovery_shares", json!(flags.integer(&RECOVERY_SHARES)));
        set("recovery_threshold", json!(flags.integer(&RECOVERY_THRESHOLD)));
        set("recovery_pgp_keys", json!(flags.list(&RECOVERY_PGP_KEYS)));
    } else {
        set("secret_shares", json!(flags.integer(&KEY_SHARES)));
        set("secret_threshold", json!(flags.integer(&KEY_THRESHOLD)));
        set("pgp_keys", json!(flags.list(&PGP_KEYS)));
    }
    if flags.is_given(&ROOT_TOKEN_PGP_KEY) {
        set("root_token_pgp_key", json!(flags.text(&ROOT_TOKEN_PGP_KEY)));
    }
    body
}

fn initialised(answer: &Answer, flags: &Parsed, recovery: bool) -> Initialised {
    let keys = |name| texts(answer, name);
    let number = |is_asked: bool, flag| if is_asked { flags.integer(flag) } else { 0 };
    Initialised {
        unseal_keys_b64: keys("keys_base64"),
        unseal_keys_hex: keys("keys"),
        unseal_shares: number(!recovery, &KEY_SHARES),
        unseal_threshold: number(!recovery, &KEY_THRESHOLD),
        recovery_keys_b64: recovery.then(|| keys("recovery_keys_base64")),
        recovery_keys_hex: recovery.then(|| keys("recovery_keys")),
        recovery_keys_shares: number(recovery, &RECOVERY_SHARES),
        recovery_keys_threshold: number(recovery, &RECOVERY_THRESHOLD),
        root_token: cell(answer.member("root_token")),
    }
}

fn texts(answer: &Answer, name: &str) -> Vec<String> {
    let found = answer.member(name).and_then(Value::as_array);
    found.into_iter().flatten().map(golang::plain).collect()
}

fn for_people(answer: &Answer, session: &Session<'_>, recovery: bool) -> String {
    let (kind, name) = if recovery {
        ("Recovery", "recovery_keys_base64")
    } else {
        ("Unseal", "keys_base64")
    };
    let keys = texts(answer, name).into_iter().enumerate();
    let keys: String = keys
        .map(|(n, key)| format!("{kind} Key {}: {key}\n", n + 1))
        .collect();
    let token = cell(answer.member("root_token"));
    let advice = if recovery {
        "Success! Vault is initialized\n".to_owned()
    } else {
        advice(session)
    };
    format!("{keys}\nInitial Root Token: {token}\n\n{advice}")
}

fn advice(session: &Session<'_>) -> String {
    let (shares, threshold) = (
        session.flags.integer(&KEY_SHARES),
        session.flags.integer(&KEY_THRESHOLD),
    );
    format!(
        "Vault initialized with {shares} key shares and a key threshold of {threshold}.

Give the shares to people who trust each other only in part, and keep none here.
After every start, {threshold} of them are needed to unseal the server. They are not stored
anywhere else: with fewer than {threshold} left, nothing opens what is stored any more.

With {threshold} of them, new shares can take their place: \"{} operator rotate-keys\".",
        session.program
    )
}
