//! `sys/policies/acl` and the older `sys/policy`.

mod password;
mod show;
mod write;

use logical::{Access, Batch, Done, Error, Operation, Result, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use server_pipeline::Policies;
use std::sync::Arc;

use crate::Sys;
use crate::mounts::Nothing;

#[derive(Deserialize, JsonSchema)]
struct Name {
    /// The policy's name; capitals are small letters.
    name: String,
}

/// Which of the two families of paths was asked: they name the text differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Present,
    Old,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    password::routes(present(old(table)))
}

fn present(table: Table<Sys>) -> Table<Sys> {
    table
        .route("policies/acl", Access::Token, |r| {
            r.on(
                Operation::List,
                "List policies.",
                |sys, _, _: Nothing| async move { show::names(&sys, "").await },
            );
        })
        .route("policies/acl/{name*}", Access::Token, |r| {
            r.folds("name")
                .on(
                    Operation::Read,
                    "Read a policy.",
                    |sys, _, input: Name| async move { show::one(&sys, &input.name, Family::Present).await },
                )
                .on(
                    Operation::List,
                    "List policies whose names begin with a path.",
                    |sys, _, input: Name| async move { show::names(&sys, &input.name).await },
                )
                .on(
                    Operation::Update,
                    "Write a policy.",
                    |sys, cx, input| async move { write::replace(&sys, &cx, input, Family::Present).await },
                )
                .on(
                    Operation::Patch,
                    "Change some members of a policy.",
                    |sys, cx, input| async move { write::patch(&sys, &cx, input).await },
                )
                .on(
                    Operation::Delete,
                    "Remove a policy.",
                    |sys, _, input| async move { delete(&sys, &input).await },
                );
        })
        .route("policies/detailed/acl", Access::Token, |r| {
            r.on(
                Operation::List,
                "List policies with what they say.",
                |sys, _, _: Nothing| async move { show::details(&sys, "").await },
            );
        })
        .route("policies/detailed/acl/{name*}", Access::Token, |r| {
            r.on(
                Operation::List,
                "List policies below a path with what they say.",
                |sys, _, input: Name| async move { show::details(&sys, &input.name).await },
            );
        })
}

fn old(table: Table<Sys>) -> Table<Sys> {
    table
        .route("policy", Access::Token, |r| {
            r.shape(Shape::Doubled)
                .on(
                    Operation::Read,
                    "List policies.",
                    |sys, _, _: Nothing| async move { show::old_names(&sys, "").await },
                )
                .on(
                    Operation::List,
                    "List policies.",
                    |sys, _, _: Nothing| async move { show::old_names(&sys, "").await },
                );
        })
        .route("policy/{name*}", Access::Token, |r| {
            r.shape(Shape::Doubled)
                .folds("name")
                .on(
                    Operation::Read,
                    "Read a policy.",
                    |sys, _, input: Name| async move {
                        match input.name.as_str() {
                            "" => show::old_names(&sys, "").await,
                            name => show::one(&sys, name, Family::Old).await,
                        }
                    },
                )
                .on(
                    Operation::List,
                    "List policies whose names begin with a path.",
                    |sys, _, input: Name| async move { show::old_names(&sys, &input.name).await },
                )
                .on(
                    Operation::Update,
                    "Write a policy.",
                    |sys, cx, input| async move { write::replace(&sys, &cx, input, Family::Old).await },
                )
                .on(
                    Operation::Delete,
                    "Remove a policy.",
                    |sys, _, input| async move { delete(&sys, &input).await },
                );
        })
}

async fn delete(sys: &Sys, input: &Name) -> Result<Done> {
    let name = server_policy::normalized_name(&input.name);
    if server_policy::is_fixed(&name) {
        return Err(Error::invalid(format!("cannot delete {name:?} policy")));
    }
    if name == server_policy::DEFAULT {
        return Err(Error::invalid("cannot delete default policy"));
    }
    let mut batch = Batch::new();
    batch.delete(Policies::key(&name));
    Ok(Done::empty().commit(batch).then(learn(sys, name)))
}

/// What memory does once a change is durable: whoever has the policy is judged anew.
fn learn(sys: &Sys, name: String) -> impl FnOnce() + Send + 'static {
    let policies = Arc::clone(&sys.house.rooms.policies);
    move || policies.changed(&name)
}
