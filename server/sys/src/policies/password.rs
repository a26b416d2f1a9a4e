//! `sys/policies/password`: how passwords look that plugins make.

use logical::field::Text;
use logical::{Access, Batch, Done, Error, ErrorKind, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use server_passwords::{PasswordPolicy, PasswordPolicyRecord, Passwords};

use crate::Sys;
use crate::mounts::Nothing;

#[derive(Deserialize, JsonSchema)]
struct Name {
    /// The policy's name.
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Write {
    /// The policy's name.
    name: String,
    /// The length and the rules, as HCL or JSON, plain or in base64.
    #[serde(default)]
    policy: Text,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("policies/password", Access::Token, |r| {
            r.on(
                Operation::List,
                "List password policies.",
                |sys, _, _: Nothing| async move { Ok(Done::keys(sys.house.rooms.passwords.names().await?)) },
            );
        })
        .route("policies/password/{name+}", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Read a password policy.",
                |sys, _, input: Name| async move {
                    let record = found(&sys, &input).await?;
                    Ok(Done::data(json!({ "policy": record.text })))
                },
            )
            .on(
                Operation::Update,
                "Write a password policy.",
                |_, _, input| async move { write(&input) },
            )
            .on(
                Operation::Delete,
                "Remove a password policy.",
                |_, _, input: Name| async move {
                    let mut batch = Batch::new();
                    batch.delete(Passwords::key(&input.name));
                    Ok(Done::empty().commit(batch))
                },
            );
        })
        .route("policies/password/{name+}/generate", Access::Token, |r| {
            r.on(
                Operation::Read,
                "Make a password by a policy.",
                |sys, _, input: Name| async move {
                    let policy = found(&sys, &input).await?.policy()?;
                    let password = policy.generate(sys.house.random());
                    Ok(Done::data(json!({ "password": password.expose() })))
                },
            );
        })
}

async fn found(sys: &Sys, input: &Name) -> Result<PasswordPolicyRecord> {
    let record = sys.house.rooms.passwords.get(&input.name).await?;
    record.ok_or_else(|| Error::new(ErrorKind::NotFound, "policy does not exist"))
}

/// Writes a policy that passwords can follow; any other leaves the old one as it is.
fn write(input: &Write) -> Result<Done> {
    if input.policy.as_str().is_empty() {
        return Err(Error::invalid("missing policy"));
    }
    let text = server_policy::decoded(input.policy.as_str())
        .map_err(|error| Error::invalid(format!("invalid password policy: {error}")))?;
    PasswordPolicy::parse(&text)?;
    let record = PasswordPolicyRecord {
        text: text.into_owned(),
    };
    let mut batch = Batch::new();
    batch.put_json(Passwords::key(&input.name), &record)?;
    Ok(Done::empty().commit(batch))
}
