//! `auth/token/*`.

mod create;
mod look_up;
mod renew;
mod revoke;

use logical::field::Text;
use logical::secret::SecretText;
use logical::{Access, Cx, Done, Error, ErrorKind, Fields, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use server_policy::Question;
use server_tokens::Known;

use crate::Sys;

/// An accessor, as requests name it.
#[derive(Deserialize, JsonSchema)]
struct AccessorInput {
    /// The token's accessor.
    #[serde(default)]
    accessor: Text,
    /// How much longer it should live, from now on.
    #[serde(default)]
    increment: Option<logical::field::Ttl>,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    let table = create::routes(table);
    let table = look_up::routes(table);
    let table = renew::routes(table);
    let table = revoke::routes(table);
    table.route("accessors", Access::Sudo, |r| {
        r.on(
            Operation::List,
            "List the accessors of all tokens.",
            |sys, _, _: crate::mounts::Nothing| async move {
                let accessors = sys.house.rooms.tokens.accessors(None, usize::MAX).await?;
                Ok(Done::keys(accessors.iter().map(ToString::to_string).collect()))
            },
        );
    })
}

impl AccessorInput {
    /// The token that lives under the accessor.
    async fn known(&self, sys: &Sys) -> Result<Known> {
        if self.accessor.as_str().is_empty() {
            return Err(Error::invalid("missing accessor"));
        }
        let invalid = || Error::invalid("invalid accessor");
        let accessor = self.accessor.as_str().parse().map_err(|_| invalid())?;
        sys.house
            .rooms
            .tokens
            .living(accessor, sys.house.now())
            .await?
            .ok_or_else(invalid)
    }
}

/// The token in a body. Vault takes a string and nothing else: `null` is no absence here.
fn token_in(data: &Fields) -> Result<Option<SecretText>> {
    match data.get("token") {
        None => Ok(None),
        Some(Value::String(token)) if token.is_empty() => Ok(None),
        Some(Value::String(token)) => Ok(Some(SecretText::from(token.as_str()))),
        Some(_) => Err(Error::new(ErrorKind::Denied, "invalid token")),
    }
}

/// The caller's own token.
async fn own(sys: &Sys, cx: &Cx) -> Result<Known> {
    match cx.caller.accessor {
        Some(accessor) => sys
            .house
            .rooms
            .tokens
            .by_accessor(accessor)
            .await?
            .ok_or_else(Error::denied),
        None => Err(Error::invalid("batch tokens have no row")),
    }
}

/// Whether the caller's policies grant `sudo` on the path of this request.
async fn has_sudo(sys: &Sys, cx: &Cx) -> Result<bool> {
    let acl = sys.house.rooms.policies.acl(&cx.caller, sys.house.now()).await?;
    let question = Question {
        path: &cx.request.path,
        operation: Operation::Update,
        data: &Fields::new(),
        wrap_ttl: None,
        now: sys.house.now(),
    };
    Ok(server_policy::authorize(&acl, &question, Access::Sudo).is_ok())
}

/// Members that are not known, as Vault warns of them.
fn unknown(data: &Fields, known: &[&str]) -> Option<String> {
    let unknown: Vec<&str> = data
        .expose()
        .keys()
        .map(String::as_str)
        .filter(|name| !known.contains(name))
        .collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "Endpoint ignored these unrecognized parameters: [{}]",
            unknown.join(" ")
        )
    })
}
