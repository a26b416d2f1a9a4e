//! The configuration as answers show it: nothing that is secret, and no place where the store lies.

use logical::Fields;
use serde_json::{Value, json};
use std::time::Duration;

use crate::config::{Config, ListenerConfig};

/// The configuration, without what is secret in it.
pub(crate) fn sanitized(config: &Config, storage_kind: &str) -> Fields {
    let seconds = |ttl: Option<Duration>| ttl.map_or(0, |ttl| ttl.as_secs());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let listeners: Vec<Value> = config.listeners.iter().map(listener).collect();
    Fields::of(json!({
        "api_addr": text(&config.api_addr),
        "cluster_addr": "",
        "cluster_name": text(&config.cluster_name),
        "default_lease_ttl": seconds(config.default_lease_ttl),
        "max_lease_ttl": seconds(config.max_lease_ttl),
        "disable_cache": false,
        "listeners": listeners,
        "log_format": text(&config.log_format),
        "log_level": text(&config.log_level),
        "pid_file": config.pid_file.as_ref().map(|file| file.display().to_string()).unwrap_or_default(),
        "raw_storage_endpoint": false,
        "introspection_endpoint": config.may_inspect,
        "seals": [{ "type": "shamir", "disabled": false }],
        "storage": { "type": storage_kind, "redirect_addr": "", "cluster_addr": "", "disable_clustering": true },
        "unsafe_allow_api_audit_creation": config.may_create_devices,
        "allow_audit_log_prefixing": config.may_prefix_devices,
    }))
}

fn listener(listener: &ListenerConfig) -> Value {
    json!({
        "type": "tcp",
        "config": { "address": listener.address, "tls_disable": listener.tls_disable },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_keys_nor_the_place_of_the_store_are_shown() {
        let text = r#"
            storage "file" { path = "/srv/hidden" }
            listener "tcp" {
              address = "127.0.0.1:8200"
              tls_cert_file = "/srv/hidden/cert"
              tls_key_file = "/srv/hidden/key"
            }"#;
        let mut config = Config::default();
        config.overlay("test", text).unwrap();
        let shown = sanitized(&config, "file");
        let shown = String::from_utf8(shown.to_text().unwrap()).unwrap();
        assert!(
            shown.contains("127.0.0.1:8200") && !shown.contains("hidden"),
            "{shown}"
        );
    }
}
