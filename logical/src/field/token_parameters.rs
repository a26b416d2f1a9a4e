//! The `token_*` parameters, which every auth method's roles and users have.

use super::{CommaList, Flag, Integer, Text, Ttl};
use crate::{Error, Result, TokenTerms, TokenType};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

/// What a request says about the tokens of logins. Flatten it, as a [`super::Part`].
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TokenInput {
    /// Time to live of a new token; zero leaves it to the mount.
    pub token_ttl: Option<Ttl>,
    /// Longest life of a token, renewals included; zero leaves it to the mount.
    pub token_max_ttl: Option<Ttl>,
    /// Longest life of a token that no period outlives.
    pub token_explicit_max_ttl: Option<Ttl>,
    /// If set, a token lives for ever as long as it is renewed within this time.
    pub token_period: Option<Ttl>,
    /// Requests that a token is good for; zero is no limit.
    pub token_num_uses: Option<Integer>,
    /// Policies of a token.
    pub token_policies: Option<CommaList>,
    /// Leaves out the policy `default`.
    pub token_no_default_policy: Option<Flag>,
    /// Addresses and blocks of addresses that may log in and use a token.
    pub token_bound_cidrs: Option<CommaList>,
    /// Binds a token to the address that logged in.
    pub token_strictly_bind_ip: Option<Flag>,
    /// Kind of a token: `service`, `batch`, or `default` for what the mount says.
    pub token_type: Option<Text>,
}

/// Older names of the same parameters. A new name in the same request wins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OldTokenInput {
    /// Older name of `token_ttl`.
    pub ttl: Option<Ttl>,
    /// Older name of `token_max_ttl`.
    pub max_ttl: Option<Ttl>,
    /// Older name of `token_period`.
    pub period: Option<Ttl>,
    /// Older name of `token_num_uses`.
    pub num_uses: Option<Integer>,
    /// Older name of `token_policies`.
    pub policies: Option<CommaList>,
    /// Older name of `token_bound_cidrs`.
    pub bound_cidrs: Option<CommaList>,
}

/// The parameters as a role keeps them. Zero and empty mean that nobody asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenParameters {
    /// Time to live of a new token.
    pub ttl: Duration,
    /// Longest life of a token, renewals included.
    pub max_ttl: Duration,
    /// Longest life of a token that no period outlives.
    pub explicit_max_ttl: Duration,
    /// The time within which a periodic token is renewed.
    pub period: Duration,
    /// Requests that a token is good for.
    pub num_uses: u64,
    /// Policies, as they were given. The token gets them in lower case, each once.
    pub policies: Vec<String>,
    /// Leaves out the policy `default`.
    pub no_default_policy: bool,
    /// Who may log in and use a token.
    pub bound_cidrs: Vec<IpNet>,
    /// Binds a token to the address that logged in.
    pub strictly_bind_ip: bool,
    /// Kind of a token; the mount's where there is none.
    pub token_type: Option<TokenType>,
    /// Parameters that were set last by their older name, and are shown under it too.
    old: BTreeSet<Old>,
}

/// The parameters that have an older name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Old {
    Ttl,
    MaxTtl,
    Period,
    NumUses,
    Policies,
    BoundCidrs,
}

impl TokenParameters {
    /// Takes over what a request says; what it does not name stays.
    ///
    /// # Errors
    /// `Invalid` for what cannot be, also together with what stays. Nothing may be kept then.
    pub fn update(&mut self, new: TokenInput, old: OldTokenInput) -> Result<()> {
        if let Some(ttl) = self.either(Old::Ttl, new.token_ttl, old.ttl) {
            self.ttl = ttl.0;
        }
        if let Some(max_ttl) = self.either(Old::MaxTtl, new.token_max_ttl, old.max_ttl) {
            self.max_ttl = max_ttl.0;
        }
        if let Some(period) = self.either(Old::Period, new.token_period, old.period) {
            self.period = period.0;
        }
        if let Some(uses) = self.either(Old::NumUses, new.token_num_uses, old.num_uses) {
            self.num_uses =
                u64::try_from(uses.0).map_err(|_| Error::invalid("'token_num_uses' cannot be negative"))?;
        }
        // Vault shows policies as they were given, unless it was by the older name.
        let old_policies = old.policies.map(normal);
        if let Some(policies) = self.either(Old::Policies, new.token_policies, old_policies) {
            self.policies = policies.0;
        }
        if let Some(blocks) = self.either(Old::BoundCidrs, new.token_bound_cidrs, old.bound_cidrs) {
            self.bound_cidrs = blocks.0.iter().map(|text| block(text)).collect::<Result<_>>()?;
        }
        if let Some(explicit) = new.token_explicit_max_ttl {
            self.explicit_max_ttl = explicit.0;
        }
        if let Some(Flag(without)) = new.token_no_default_policy {
            self.no_default_policy = without;
        }
        if let Some(Flag(bind)) = new.token_strictly_bind_ip {
            self.strictly_bind_ip = bind;
        }
        if let Some(kind) = new.token_type {
            self.token_type = token_type(kind.as_str())?;
        }
        self.check()
    }

    /// What a token may be.
    pub fn terms(&self) -> TokenTerms {
        let some = |duration: Duration| Some(duration).filter(|duration| !duration.is_zero());
        TokenTerms {
            ttl: some(self.ttl),
            max_ttl: some(self.max_ttl),
            explicit_max_ttl: some(self.explicit_max_ttl),
            period: some(self.period),
            num_uses: self.num_uses,
            no_default_policy: self.no_default_policy,
            bound_cidrs: self.bound_cidrs.clone(),
            strictly_bind_ip: self.strictly_bind_ip,
            token_type: self.token_type,
            not_renewable: false,
        }
    }

    /// Whether somebody at this address may log in.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        let within = |address: IpAddr| self.bound_cidrs.iter().any(|block| block.contains(&address));
        self.bound_cidrs.is_empty() || address.is_some_and(|address| within(address.to_canonical()))
    }

    /// The members that a role shows of them.
    pub fn shown(&self) -> Map<String, Value> {
        let blocks: Vec<String> = self.bound_cidrs.iter().map(format_block).collect();
        let mut members = Map::new();
        let mut show = |name: &str, value: Value| members.insert(name.to_owned(), value);
        show("token_ttl", json!(self.ttl.as_secs()));
        show("token_max_ttl", json!(self.max_ttl.as_secs()));
        show("token_explicit_max_ttl", json!(self.explicit_max_ttl.as_secs()));
        show("token_period", json!(self.period.as_secs()));
        show("token_num_uses", json!(self.num_uses));
        show("token_policies", json!(self.policies));
        show("token_no_default_policy", json!(self.no_default_policy));
        show("token_bound_cidrs", json!(blocks));
        show("token_strictly_bind_ip", json!(self.strictly_bind_ip));
        show(
            "token_type",
            json!(self.token_type.map_or("default", TokenType::as_str)),
        );
        for old in &self.old {
            let (name, value) = match old {
                Old::Ttl => ("ttl", json!(self.ttl.as_secs())),
                Old::MaxTtl => ("max_ttl", json!(self.max_ttl.as_secs())),
                Old::Period => ("period", json!(self.period.as_secs())),
                Old::NumUses => ("num_uses", json!(self.num_uses)),
                Old::Policies => ("policies", json!(self.policies)),
                Old::BoundCidrs => ("bound_cidrs", json!(blocks)),
            };
            if value != json!(0) && value != json!([]) {
                show(name, value);
            }
        }
        members
    }

    /// Of two names the newer one counts. The older one is shown as long as it was named in the latest change.
    fn either<T>(&mut self, name: Old, new: Option<T>, old: Option<T>) -> Option<T> {
        if old.is_some() {
            self.old.insert(name);
        } else if new.is_some() {
            self.old.remove(&name);
        }
        new.or(old)
    }

    fn check(&self) -> Result<()> {
        let refusal = if !self.max_ttl.is_zero() && self.ttl > self.max_ttl {
            "'token_ttl' cannot be greater than 'token_max_ttl'"
        } else if self.strictly_bind_ip && !self.bound_cidrs.is_empty() {
            "'token_strictly_bind_ip' conflicts with 'token_bound_cidrs'; set only one"
        } else if self.token_type == Some(TokenType::Batch) && !self.period.is_zero() {
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens"
        } else if self.token_type == Some(TokenType::Batch) && self.num_uses > 0 {
            "'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with limited use count"
        } else {
            return Ok(());
        };
        Err(Error::invalid(refusal))
    }
}

fn normal(CommaList(names): CommaList) -> CommaList {
    let names: BTreeSet<String> = names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    CommaList(names.into_iter().collect())
}

fn token_type(text: &str) -> Result<Option<TokenType>> {
    match text {
        "" | "default" => Ok(None),
        "service" => Ok(Some(TokenType::Service)),
        "batch" => Ok(Some(TokenType::Batch)),
        other => Err(Error::invalid(format!("invalid 'token_type' value {other:?}"))),
    }
}

/// Vault takes whatever has a slash for the path of a socket; nobody can log in from there, so we refuse it.
fn block(text: &str) -> Result<IpNet> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| address()).map_err(|_| {
        Error::invalid(format!(
            "error parsing address {text:?}: Unable to convert {text:?} to an IPv4 or IPv6 address, or a UNIX Socket"
        ))
    })
}

/// Prints a block of addresses as Vault does: a block of one address is the address.
pub fn format_block(block: &IpNet) -> String {
    if block.prefix_len() == block.max_prefix_len() {
        block.addr().to_string()
    } else {
        block.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Input {
        #[serde(flatten)]
        new: Part<TokenInput>,
        #[serde(flatten)]
        old: Part<OldTokenInput>,
    }

    fn update(parameters: &mut TokenParameters, request: Value) -> Result<()> {
        let input: Input = serde_json::from_value(request).map_err(|e| Error::invalid(e.to_string()))?;
        parameters.update(input.new.0, input.old.0)
    }

    fn check(request: Value, shown: &Value) {
        let mut parameters = TokenParameters::default();
        update(&mut parameters, request).unwrap();
        let all = parameters.shown();
        for (name, value) in shown.as_object().unwrap() {
            assert_eq!(all.get(name).unwrap_or(&Value::Null), value, "{name}");
        }
    }

    fn check_refused(request: Value, expected: &str) {
        let error = update(&mut TokenParameters::default(), request).unwrap_err();
        assert!(error.public().contains(expected), "{error}");
    }

    #[test]
    fn every_parameter_is_shown_as_it_was_meant() {
        check(
            json!({ "token_ttl": "1h", "token_max_ttl": 7200, "token_bound_cidrs": ["127.0.0.1/32", "10.0.0.0/8"],
                "token_policies": "b, A,,a", "token_type": "service", "token_num_uses": "7" }),
            &json!({ "token_ttl": 3600, "token_max_ttl": 7200, "token_bound_cidrs": ["127.0.0.1", "10.0.0.0/8"],
                "token_policies": ["b", "A", "", "a"], "token_type": "service", "token_num_uses": 7, "ttl": null }),
        );
        check(
            json!({}),
            &json!({ "token_ttl": 0, "token_policies": [], "token_bound_cidrs": [], "token_type": "default" }),
        );
    }

    #[test]
    fn an_older_name_counts_and_is_shown_until_the_newer_one_is_used_alone() {
        check(
            json!({ "ttl": "10m", "policies": "b,A,,a" }),
            &json!({ "token_ttl": 600, "ttl": 600, "policies": ["a", "b"] }),
        );
        check(
            json!({ "ttl": "10m", "token_ttl": "11m" }),
            &json!({ "token_ttl": 660, "ttl": 660 }),
        );
        check(
            json!({ "ttl": "", "policies": [] }),
            &json!({ "token_ttl": 0, "ttl": null, "policies": null }),
        );
        let mut parameters = TokenParameters::default();
        update(&mut parameters, json!({ "ttl": "10m", "max_ttl": "20m" })).unwrap();
        update(&mut parameters, json!({ "token_ttl": "12m" })).unwrap();
        let shown = parameters.shown();
        assert_eq!(
            (shown.get("ttl"), shown.get("max_ttl")),
            (None, Some(&json!(1200)))
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        check_refused(
            json!({ "token_ttl": "2h", "token_max_ttl": "1h" }),
            "cannot be greater",
        );
        check_refused(json!({ "ttl": "2h", "max_ttl": "1h" }), "cannot be greater");
        check_refused(json!({ "token_num_uses": -1 }), "cannot be negative");
        check_refused(
            json!({ "token_type": "default-service" }),
            "invalid 'token_type' value \"default-service\"",
        );
        check_refused(json!({ "token_type": "batch", "token_period": "1h" }), "periodic");
        check_refused(
            json!({ "token_type": "batch", "num_uses": 2 }),
            "limited use count",
        );
        check_refused(
            json!({ "token_bound_cidrs": "127.0.0.1", "token_strictly_bind_ip": true }),
            "set only one",
        );
        check_refused(
            json!({ "token_bound_cidrs": "127.0.0.1/99" }),
            "Unable to convert",
        );
        check_refused(json!({ "bound_cidrs": "nowhere" }), "Unable to convert");
        check_refused(json!({ "token_ttl": "soon" }), "token_ttl: expected a duration");
    }

    #[test]
    fn an_address_is_admitted_by_its_block() {
        let mut parameters = TokenParameters::default();
        assert!(parameters.admits(None));
        update(&mut parameters, json!({ "token_bound_cidrs": "10.0.0.0/8" })).unwrap();
        for (address, admitted) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("127.0.0.1", false),
        ] {
            assert_eq!(parameters.admits(address.parse().ok()), admitted, "{address}");
        }
        assert!(!parameters.admits(None));
    }
}
