//! Making tokens by hand: children of the caller's, or orphans.

use logical::field::{CommaList, Flag, Integer, KeyValues, Text, parse_duration};
use logical::secret::SecretText;
use logical::{
    Access, Body, CallerKind, Cx, Done, Error, Id, Lifetime, Operation, Response, Result, Table, TokenType,
};
use schemars::JsonSchema;
use serde::Deserialize;
use server_pipeline::{auth_info, normal_policies};
use server_tokens::{Birth, Known, Token};
use std::sync::Arc;
use std::time::Duration;

use super::has_sudo;
use crate::Sys;

#[derive(Deserialize, JsonSchema)]
#[serde(default)]
#[derive(Default)]
struct Create {
    /// The token itself, chosen by the caller. Needs sudo.
    id: SecretText,
    /// Names of policies; the caller's where there are none.
    policies: CommaList,
    /// What look-ups and the audit log show.
    meta: Option<KeyValues>,
    /// Whether it outlives the caller's token. Needs sudo.
    no_parent: Flag,
    /// Whether the policy `default` is left out.
    no_default_policy: Flag,
    /// Whether it can be renewed.
    renewable: Option<Flag>,
    /// How long it lives.
    ttl: Text,
    /// The older name of `ttl`.
    lease: Text,
    /// `service` or `batch`.
    #[serde(rename = "type")]
    kind: Text,
    /// A limit that no renewal outlives.
    explicit_max_ttl: Text,
    /// What a person calls it.
    display_name: Text,
    /// Requests that it is good for; zero is no limit.
    num_uses: Integer,
    /// It lives for ever, if it is renewed within this time. Needs sudo.
    period: Text,
    /// The name of an entity alias; only token roles allow one.
    entity_alias: Text,
}

/// Which of the two paths was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Caller,
    Nobody,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("create", Access::Token, |r| {
            r.on(Operation::Update, "Make a token.", |sys, cx, input| async move {
                create(&sys, &cx, input, Parent::Caller).await
            });
        })
        .route("create-orphan", Access::Token, |r| {
            r.on(
                Operation::Update,
                "Make a token that dies with no other.",
                |sys, cx, input| async move { create(&sys, &cx, input, Parent::Nobody).await },
            );
        })
}

/// What was decided about a new token.
struct Plan {
    kind: TokenType,
    policies: Vec<String>,
    lifetime: Lifetime,
    /// Zero for a root token without an end.
    ttl: Duration,
    endless: bool,
    parent: Option<Id>,
    warnings: Vec<String>,
}

async fn create(sys: &Sys, cx: &Cx, input: Create, parent: Parent) -> Result<Done> {
    if cx.caller.kind != CallerKind::Token || cx.caller.token_type != Some(TokenType::Service) {
        return Err(Error::invalid("batch tokens cannot create more tokens"));
    }
    let mother = super::own(sys, cx).await?;
    if mother.token.uses_left.is_some() {
        return Err(Error::invalid(
            "restricted use token cannot generate child tokens",
        ));
    }
    let sudo = has_sudo(sys, cx).await?;
    check_rights(&input, sudo)?;
    let plan = plan(sys, cx, &input, &mother, (sudo, parent))?;
    let chosen = Some(input.id.clone()).filter(|id| !id.is_empty());
    let weak = chosen.is_some().then(|| WEAK.to_owned());
    let text = chosen.filter(|_| plan.kind == TokenType::Service);
    let token = newborn(cx, input, &mother.token, &plan);
    let born = sys
        .house
        .rooms
        .tokens
        .mint(Birth { token, text }, cx.now, sys.house.random())
        .await?;
    let mut auth = auth_info(&born, plan.ttl);
    auth.identity_policies = cx.caller.identity_policies.to_vec();
    auth.policies = normal_policies(
        auth.policies
            .into_iter()
            .chain(auth.identity_policies.iter().cloned()),
    );
    let mut response = Response::new(&cx.request.id, 200, Body::Data(None));
    response.auth = Some(Box::new(auth));
    response.warnings = plan.warnings;
    response.warnings.extend(weak);
    response
        .warnings
        .extend(missing_policies(sys, &plan.policies).await?);
    let expiry = Arc::clone(&sys.house.expiry);
    Ok(Sys::answer(response)
        .commit(sys.house.rows_of(&born)?)
        .then(move || expiry.wake()))
}

fn plan(sys: &Sys, cx: &Cx, input: &Create, mother: &Known, (sudo, parent): (bool, Parent)) -> Result<Plan> {
    let kind = kind(input)?;
    let policies = policies(input, &mother.token, sudo)?;
    let root = policies.iter().any(|policy| policy == "root");
    let lifetime = lifetime(sys, input, &mother.token)?;
    if root && kind == TokenType::Batch {
        return Err(Error::invalid("batch tokens cannot be root tokens"));
    }
    let grant = lifetime.grant(cx.now, cx.now);
    let grant = grant.ok_or_else(|| Error::internal("a new token has no time to live"))?;
    let endless = root && asked_nothing(&lifetime);
    if endless && mother.token.expires.is_some() {
        return Err(Error::invalid(
            "expiring root tokens cannot create non-expiring root tokens",
        ));
    }
    let orphan = parent == Parent::Nobody || input.no_parent.0;
    Ok(Plan {
        kind,
        policies,
        lifetime,
        ttl: if endless { Duration::ZERO } else { grant.ttl },
        endless,
        parent: if orphan { None } else { mother.accessor },
        warnings: if endless { Vec::new() } else { grant.warnings },
    })
}

fn newborn(cx: &Cx, input: Create, mother: &Token, plan: &Plan) -> Token {
    Token {
        hash: None,
        kind: plan.kind,
        path: cx.request.path.clone(),
        policies: plan.policies.clone().into(),
        parent: plan.parent,
        issued: cx.now,
        creation_ttl: plan.ttl,
        expires: (!plan.endless).then(|| cx.now + plan.ttl),
        renewed: None,
        period: plan.lifetime.period,
        explicit_max_ttl: plan.lifetime.explicit_max,
        uses_left: u64::try_from(input.num_uses.0).ok().filter(|uses| *uses > 0),
        display_name: display_name(input.display_name.as_str()),
        metadata: input
            .meta
            .map(|meta| Arc::new(meta.0))
            .filter(|meta| !meta.is_empty()),
        entity_id: mother.entity_id.clone(),
        renewable: plan.kind == TokenType::Service && !plan.endless && input.renewable != Some(Flag(false)),
        role: String::new(),
        bound_cidrs: mother.bound_cidrs.clone(),
        login: None,
        origin: mother.origin.clone(),
        chosen: false,
        lease: None,
    }
}

/// Ours hashes a chosen token as it hashes any other; the warning is Vault's, and tools look for it.
const WEAK: &str = "Supplying a custom ID for the token uses the weaker SHA1 hashing instead of the more secure SHA2-256 HMAC for token obfuscation. SHA1 hashed tokens on the wire leads to less secure lookups.";

fn check_rights(input: &Create, sudo: bool) -> Result<()> {
    let id = input.id.expose();
    if !sudo && !id.is_empty() {
        return Err(Error::invalid(
            "root or sudo privileges required to specify token id",
        ));
    }
    if !sudo && input.no_parent.0 {
        return Err(Error::invalid(
            "root or sudo privileges required to create orphan token",
        ));
    }
    if !sudo && !matches!(input.period.as_str(), "" | "0") {
        return Err(Error::invalid(
            "root or sudo privileges required to create periodic token",
        ));
    }
    for prefix in ["s.", "hvs."] {
        if id.starts_with(prefix) {
            return Err(Error::invalid(format!(
                "custom token ID cannot have the '{prefix}' prefix"
            )));
        }
    }
    if id.contains('.') {
        return Err(Error::invalid("custom token ID cannot have a '.' in the value"));
    }
    if input.num_uses.0 < 0 {
        return Err(Error::invalid("number of uses cannot be negative"));
    }
    if !input.entity_alias.as_str().is_empty() {
        return Err(Error::invalid(
            "'entity_alias' is only allowed in combination with token role",
        ));
    }
    Ok(())
}

fn kind(input: &Create) -> Result<TokenType> {
    match input.kind.as_str() {
        "" | "service" => Ok(TokenType::Service),
        "batch" if input.num_uses.0 != 0 => Err(Error::invalid("batch tokens cannot have \"num_uses\" set")),
        "batch" if !input.period.as_str().is_empty() => {
            Err(Error::invalid("batch tokens cannot have \"period\" set"))
        }
        "batch" if !input.explicit_max_ttl.as_str().is_empty() => Err(Error::invalid(
            "batch tokens cannot have \"explicit_max_ttl\" set",
        )),
        "batch" => Ok(TokenType::Batch),
        other => Err(Error::invalid(format!("invalid 'type' value: {other}"))),
    }
}

/// A child has policies of its mother; with sudo, any. Root makes root.
fn policies(input: &Create, mother: &Token, sudo: bool) -> Result<Vec<String>> {
    let wished = normal_policies(input.policies.0.iter().cloned());
    let inherited = wished.is_empty();
    let mut policies = if inherited {
        mother.policies.to_vec()
    } else {
        wished
    };
    let root = policies.iter().any(|policy| policy == "root");
    let mothers = |policy: &String| policy == "default" || mother.policies.contains(policy);
    if !sudo && !mother.is_root() && !policies.iter().all(mothers) {
        return Err(Error::invalid("child policies must be subset of parent"));
    }
    if root && !mother.is_root() {
        return Err(Error::invalid(
            "root tokens may not be created without parent token being root",
        ));
    }
    if root {
        return Ok(vec!["root".to_owned()]);
    }
    if input.no_default_policy.0 {
        policies.retain(|policy| policy != "default");
    } else if !inherited || mother.policies.iter().any(|policy| policy == "default") {
        policies.push("default".to_owned());
    }
    if policies.iter().any(|policy| policy == "response-wrapping") {
        return Err(Error::invalid(
            "cannot create a token with the \"response-wrapping\" policy",
        ));
    }
    Ok(normal_policies(policies))
}

fn lifetime(sys: &Sys, input: &Create, mother: &Token) -> Result<Lifetime> {
    let duration = |text: &Text| -> Result<Option<Duration>> {
        let parsed = parse_duration(text.as_str());
        let parsed =
            parsed.ok_or_else(|| Error::invalid("time: invalid duration; expected one such as 1h30m"))?;
        Ok(Some(parsed).filter(|parsed| !parsed.is_zero()))
    };
    let ttl = if input.ttl.as_str().is_empty() {
        &input.lease
    } else {
        &input.ttl
    };
    let limits = sys.house.token_mount_limits(mother);
    Ok(Lifetime {
        asked: duration(ttl)?,
        role: None,
        role_max: None,
        period: duration(&input.period)?,
        explicit_max: duration(&input.explicit_max_ttl)?,
        ..limits
    })
}

fn asked_nothing(lifetime: &Lifetime) -> bool {
    lifetime
        .asked
        .or(lifetime.period)
        .or(lifetime.explicit_max)
        .is_none()
}

/// Whatever is no letter, digit or underscore becomes a dash; one at the end is cut off, as in Vault.
fn display_name(wish: &str) -> String {
    if wish.is_empty() {
        return "token".to_owned();
    }
    let mut name = String::from("token-");
    for c in wish.chars() {
        let kept = c.is_ascii_alphanumeric();
        name.push(if kept { c } else { '-' });
    }
    name.strip_suffix('-').map(str::to_owned).unwrap_or(name)
}

async fn missing_policies(sys: &Sys, policies: &[String]) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for policy in policies.iter().filter(|policy| *policy != "root") {
        if sys.house.rooms.policies.get(policy).await?.is_none() {
            warnings.push(format!("Policy {policy:?} does not exist"));
        }
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_are_letters_digits_and_dashes() {
        let check = |wish: &str, name: &str| assert_eq!(display_name(wish), name);
        check("", "token");
        check("dev", "token-dev");
        check("a/b@c.d", "token-a-b-c-d");
        check("x--", "token-x-");
        check("-", "token-");
    }
}
