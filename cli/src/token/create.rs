//! `token create`.

use std::collections::BTreeMap;

use client::Request;
use serde::Serialize;

use crate::command::{Action, Command, Section};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FIELDS, HTTP};
use crate::flags::{Flag, Parsed};
use crate::paths;
use crate::session::Session;

pub(super) static CREATE: Command = Command {
    name: "create",
    synopsis: "Make a token",
    about: "
Makes a token. Without -orphan and without a role it is a child of the user's own, and ends with it.

    $ vault token create -policy=api-service -ttl=1h
    $ vault token create -role=nightly
",
    sections: &[
        HTTP,
        FIELDS,
        Section::own(&[
            &DISPLAY_NAME,
            &ENTITY_ALIAS,
            &EXPLICIT_MAX_TTL,
            &ID,
            &METADATA,
            &NO_DEFAULT_POLICY,
            &ORPHAN,
            &PERIOD,
            &POLICY,
            &RENEWABLE,
            &ROLE,
            &TTL,
            &TYPE,
            &USE_LIMIT,
        ]),
    ],
    action: Action::Run(run),
    ..Command::LEAF
};

static DISPLAY_NAME: Flag = Flag::text(
    "display-name",
    "Name to show in audit logs; it says nothing else.",
);
static ENTITY_ALIAS: Flag = Flag::text(
    "entity-alias",
    "Alias of an entity to belong to; the role must allow it.",
);
static EXPLICIT_MAX_TTL: Flag = Flag::duration(
    "explicit-max-ttl",
    "Time after which the token ends, however often it is renewed.",
);
static ID: Flag = Flag::text("id", "Text of the token. Letting the server choose is safer.");
static METADATA: Flag = Flag::pairs("metadata", "An entry, as key=value. May be given several times.");
static NO_DEFAULT_POLICY: Flag = Flag::switch("no-default-policy", "Leave out the policy \"default\".");
static ORPHAN: Flag = Flag::switch("orphan", "Give the token no parent.");
static PERIOD: Flag = Flag::duration(
    "period",
    "Let each renewal last this long, and let there be no end to them.",
);
static POLICY: Flag = Flag::list("policy", "Policy of the token. May be given several times.");
static RENEWABLE: Flag = Flag::switch("renewable", "Let the token be renewed.").default("true");
static ROLE: Flag = Flag::text("role", "Role to make the token by.");
static TTL: Flag = Flag::duration("ttl", "Time after which the token ends unless it is renewed.");
static TYPE: Flag = Flag::text(
    "type",
    "\"service\", or \"batch\" for a token that is not stored.",
)
.default("service");
static USE_LIMIT: Flag = Flag::integer(
    "use-limit",
    "How often the token can be used; 0 is without a limit.",
)
.default("0");

/// The request's members, in the order of Vault's client.
#[derive(Serialize)]
struct Wanted {
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policies: Vec<String>,
    #[serde(rename = "meta", skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    ttl: String,
    explicit_max_ttl: String,
    period: String,
    #[serde(skip_serializing_if = "is_off")]
    no_parent: bool,
    #[serde(skip_serializing_if = "is_off")]
    no_default_policy: bool,
    display_name: String,
    num_uses: i64,
    renewable: bool,
    #[serde(rename = "type")]
    kind: String,
    entity_alias: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_off(switch: &bool) -> bool {
    !switch
}

impl Wanted {
    fn new(flags: &Parsed) -> Self {
        Self {
            id: flags.text(&ID).to_owned(),
            policies: flags.list(&POLICY),
            metadata: flags.pairs(&METADATA),
            ttl: flags.duration(&TTL).full(),
            explicit_max_ttl: flags.duration(&EXPLICIT_MAX_TTL).full(),
            period: flags.duration(&PERIOD).full(),
            no_parent: flags.switch(&ORPHAN),
            no_default_policy: flags.switch(&NO_DEFAULT_POLICY),
            display_name: flags.text(&DISPLAY_NAME).to_owned(),
            num_uses: flags.integer(&USE_LIMIT),
            renewable: flags.switch(&RENEWABLE),
            kind: flags.text(&TYPE).to_owned(),
            entity_alias: flags.text(&ENTITY_ALIAS).to_owned(),
        }
    }
}

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let body = serde_json::to_string(&Wanted::new(&session.flags)).unwrap_or_default();
    let path = match paths::bare(session.flags.text(&ROLE)) {
        role if role.is_empty() => "auth/token/create".to_owned(),
        role => format!("auth/token/create/{role}"),
    };
    let secret = session
        .find(Request::post(&path).text(body))
        .context(|| "Error creating token".to_owned())?;
    secret.map_or(Ok(Exit::Success), |secret| session.show(&secret))
}
