//! What must be true of every plugin's manifest.

use crate::{Manifest, Operation};
use serde_json::Value;

/// Checks that the plugin, every operation and every parameter is explained in a sentence, and that no operation is
/// declared that a client can never ask for.
///
/// # Panics
/// If something is not; the text names it.
pub fn check_manifest(manifest: &Manifest) {
    assert_sentence(manifest.summary, manifest.name);
    for route in &manifest.routes {
        let path = route.pattern.as_str();
        for facts in &route.operations {
            let place = format!("{} {}, {}", manifest.name, path, facts.operation);
            assert_sentence(facts.summary, &place);
            let declarable = !matches!(
                facts.operation,
                Operation::Create
                    | Operation::Header
                    | Operation::Help
                    | Operation::Renew
                    | Operation::Revoke
            );
            assert!(declarable, "{place} is not for plugins to declare");
            let properties = facts.schema.as_ref().and_then(|schema| schema.get("properties"));
            for (name, property) in properties.and_then(Value::as_object).into_iter().flatten() {
                let text = property.get("description").and_then(Value::as_str);
                assert_sentence(text.unwrap_or_default(), &format!("{place}, parameter {name}"));
            }
        }
    }
}

fn assert_sentence(text: &str, place: &str) {
    let begins = text.starts_with(|c: char| c.is_uppercase());
    assert!(
        begins && text.ends_with('.'),
        "{place} needs a sentence: {text:?}"
    );
}
