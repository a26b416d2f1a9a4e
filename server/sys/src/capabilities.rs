//! `sys/capabilities`, `-self` and `-accessor`: what a token may do on paths.

use logical::field::{CommaList, Text};
use logical::secret::SecretText;
use logical::{Access, Caller, Cx, Done, Error, Fields, Operation, Reply, Result, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Sys;

#[derive(Deserialize, JsonSchema)]
struct Paths {
    /// Clients send it; it is this token that is asked about.
    #[serde(default)]
    #[expect(dead_code, reason = "known, so that clients that send it are not warned")]
    token: Option<SecretText>,
    /// The paths that are asked about.
    #[serde(default)]
    paths: CommaList,
    /// The older name of `paths`.
    #[serde(default)]
    path: CommaList,
}

#[derive(Deserialize, JsonSchema)]
struct OfToken {
    /// The token that is asked about.
    token: Option<SecretText>,
    /// The paths that are asked about.
    #[serde(default)]
    paths: CommaList,
    /// The older name of `paths`.
    #[serde(default)]
    path: CommaList,
}

#[derive(Deserialize, JsonSchema)]
struct OfAccessor {
    /// The accessor of the token that is asked about.
    #[serde(default)]
    accessor: Text,
    /// The paths that are asked about.
    #[serde(default)]
    paths: CommaList,
    /// The older name of `paths`.
    #[serde(default)]
    path: CommaList,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("capabilities-self", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Update,
                "Say what this token may do.",
                |sys, cx: Cx, input: Paths| async move {
                    answer(&sys, &cx.caller, [input.paths, input.path]).await
                },
            );
        })
        .route("capabilities", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Update,
                "Say what a token may do.",
                |sys, _, input| async move { of_token(&sys, input).await },
            );
        })
        .route("capabilities-accessor", Access::Token, |r| {
            r.shape(Shape::Doubled).on(
                Operation::Update,
                "Say what the token of an accessor may do.",
                |sys, _, input| async move { of_accessor(&sys, input).await },
            );
        })
}

async fn of_token(sys: &Sys, input: OfToken) -> Result<Done> {
    let token = input
        .token
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Error::invalid("no token found"))?;
    let known = sys.house.rooms.tokens.identify(&token, sys.house.now()).await?;
    let known = known.ok_or_else(|| Error::invalid("invalid token"))?;
    answer(sys, &sys.house.caller(&known).await?, [input.paths, input.path]).await
}

async fn of_accessor(sys: &Sys, input: OfAccessor) -> Result<Done> {
    let accessor = input.accessor.as_str().parse().map_err(|_| {
        Error::invalid(if input.accessor.as_str().is_empty() {
            "missing accessor"
        } else {
            "invalid accessor"
        })
    })?;
    let known = sys.house.rooms.tokens.living(accessor, sys.house.now()).await?;
    let known = known.ok_or_else(|| Error::invalid("invalid accessor"))?;
    answer(sys, &sys.house.caller(&known).await?, [input.paths, input.path]).await
}

async fn answer(sys: &Sys, caller: &Caller, paths: [CommaList; 2]) -> Result<Done> {
    // The older name counts only where the newer one says nothing.
    let said = paths.into_iter().find(|list| !list.0.is_empty());
    let CommaList(paths) = said.ok_or_else(|| Error::invalid("paths must be supplied"))?;
    if paths.iter().any(String::is_empty) {
        return Err(Error::invalid("missing path"));
    }
    let acl = sys.house.rooms.policies.acl(caller, sys.house.now()).await?;
    let mut shown = Fields::new();
    for path in &paths {
        shown.insert(path.clone(), acl.capabilities(path));
    }
    if let [path] = paths.as_slice() {
        shown.insert("capabilities", acl.capabilities(path));
    }
    Ok(Done::reply(Reply::Data(shown)))
}
