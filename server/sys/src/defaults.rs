//! What a new house has: the mounts that are always there, the policies, the first token.

use logical::{Batch, Random, Result, Time, TokenType};
use server_mounts::{MountEntry, TableKind};
use server_pipeline::{Policies, PolicyRecord};
use server_tokens::Token;

/// The mounts that every house has, as rows.
pub fn default_mounts(now: Time, random: &dyn Random) -> Vec<MountEntry> {
    let mount = |table, path, kind, description: &str| {
        let mut entry = MountEntry::new(table, path, kind, now, random);
        description.clone_into(&mut entry.description);
        entry
    };
    let mut cubbyhole = mount(
        TableKind::Secrets,
        "cubbyhole/",
        "cubbyhole",
        "per-token private secret storage",
    );
    cubbyhole.local = true;
    let mut identity = mount(TableKind::Secrets, "identity/", "identity", "identity store");
    identity.config.tuning.passthrough_request_headers = Some(vec!["Authorization".to_owned()]);
    let text = "system endpoints used for control, policy and debugging";
    let mut system = mount(TableKind::Secrets, "sys/", "system", text);
    system.config.tuning.passthrough_request_headers = Some(vec!["Accept".to_owned()]);
    // As in Vault: its rows would be wrapped by a hardware seal.
    system.seal_wrap = true;
    let mut token = mount(TableKind::Auth, "auth/token/", "token", "token based credentials");
    token.config.tuning.token_type = Some("default-service".to_owned());
    vec![cubbyhole, identity, system, token]
}

/// The policies that every house has, as rows.
pub fn default_policies(batch: &mut Batch, now: Time) -> Result<()> {
    use server_policy::{DEFAULT, DEFAULT_TEXT, RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT};
    for (name, text) in [
        (DEFAULT, DEFAULT_TEXT),
        (RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT),
    ] {
        let record = PolicyRecord::first(text, now);
        batch.put_json(Policies::key(name), &record)?;
    }
    Ok(())
}

/// A root token without an end: the first token of a house.
pub fn root_token(now: Time) -> Token {
    Token {
        hash: None,
        kind: TokenType::Service,
        path: "auth/token/root".to_owned(),
        policies: ["root".to_owned()].into(),
        parent: None,
        issued: now,
        creation_ttl: std::time::Duration::ZERO,
        expires: None,
        renewed: None,
        period: None,
        explicit_max_ttl: None,
        uses_left: None,
        display_name: "root".to_owned(),
        metadata: None,
        entity_id: String::new(),
        renewable: false,
        role: String::new(),
        bound_cidrs: Vec::new(),
        login: None,
        origin: None,
        chosen: false,
        lease: None,
    }
}
