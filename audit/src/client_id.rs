//! What counts as one client: the entity, or all tokens of the same policies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use logical::Caller;

/// Names the client. Without an entity it is a hash of the token's policies and its namespace, as the recordings have
/// it: everybody with the same policies is one client.
pub(crate) fn of(caller: &Caller) -> String {
    match &caller.entity {
        Some(entity) => entity.id.clone(),
        None => of_policies(&caller.token_policies),
    }
}

fn of_policies(sorted: &[String]) -> String {
    let mut named = sorted.join("\x7f");
    named.push_str("\0root");
    STANDARD.encode(crypto::sha256(named.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policies: &[&str], expected: &str) {
        let policies: Vec<String> = policies.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(of_policies(&policies), expected);
    }

    #[test]
    fn a_token_without_entity_is_the_client_of_its_policies() {
        check(&["root"], "0DHqvq2D77kL2/JTPSZkTMJbkFVmUu0TzMi0jiXcFy8=");
        check(&["p"], "S9H+nYWW3PUi73VvivcooOGN/D808KefCCt6fmperf8=");
        check(&["default", "p"], "B9WcCFncFBURZTx5hOVveNQlG77suEpCEnA/jy7xAs8=");
    }
}
