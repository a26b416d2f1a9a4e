//! OpenAPI 3, from the path tables and nothing else.

use logical::table::{OperationFacts, RouteFacts};
use logical::{Access, Manifest, Operation};
use serde_json::{Map, Value, json};
use server_mounts::Mount;
use std::sync::Arc;

/// What answers while the server is sealed, outside of every path table.
const OPEN: [(&str, &[(&str, &str)]); 5] = [
    ("/sys/health", &[("get", "Read how the server is.")]),
    (
        "/sys/init",
        &[
            ("get", "Read whether the server is initialised."),
            ("post", "Initialise the server."),
        ],
    ),
    ("/sys/leader", &[("get", "Read which node leads.")]),
    ("/sys/seal-status", &[("get", "Read how far unsealing has come.")]),
    ("/sys/unseal", &[("post", "Offer a share of the key.")]),
];

/// The document for some mounts.
pub fn document(mounts: &[Arc<Mount>]) -> Value {
    let mut paths = Map::new();
    if mounts.iter().any(|mount| mount.entry.kind == "system") {
        paths.extend(OPEN.map(|(path, methods)| (path.to_owned(), open(methods))));
    }
    for mount in mounts {
        add(
            &mut paths,
            mount.entry.path.trim_end_matches('/'),
            mount.mounted.plugin().manifest(),
        );
    }
    json!({
        "openapi": "3.0.2",
        "info": {
            "title": "Strongroom",
            "description": "HTTP API that speaks Vault's dialect. Everything is below /v1/.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "apiKey", "in": "header", "name": "X-Vault-Token" },
            },
        },
    })
}

fn open(methods: &[(&str, &str)]) -> Value {
    let mut item = Map::new();
    item.insert("x-vault-unauthenticated".to_owned(), json!(true));
    for (method, summary) in methods {
        let described = json!({
            "summary": summary,
            "tags": ["sys"],
            "responses": { "200": { "description": "OK" } },
        });
        item.insert((*method).to_owned(), described);
    }
    Value::Object(item)
}

fn add(paths: &mut Map<String, Value>, mount: &str, manifest: &Manifest) {
    for route in &manifest.routes {
        let pattern = plain(route.pattern.as_str());
        let path = if pattern.is_empty() {
            format!("/{mount}/")
        } else {
            format!("/{mount}/{pattern}")
        };
        paths.insert(path, item(mount, manifest, route));
    }
}

/// `{name:word}` and `{rest*}` are ours; OpenAPI knows `{name}`.
fn plain(pattern: &str) -> String {
    let parts =
        pattern.split('/').map(
            |part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(inner) => format!(
                    "{{{}}}",
                    inner
                        .trim_end_matches(['*', '+'])
                        .split(':')
                        .next()
                        .unwrap_or(inner)
                ),
                None => part.to_owned(),
            },
        );
    parts.collect::<Vec<_>>().join("/")
}

fn item(mount: &str, manifest: &Manifest, route: &RouteFacts) -> Value {
    let mut item = Map::new();
    item.insert("description".to_owned(), json!(manifest.summary));
    item.insert(
        "x-vault-unauthenticated".to_owned(),
        json!(route.access == Access::Public),
    );
    item.insert("x-vault-sudo".to_owned(), json!(route.access == Access::Sudo));
    item.insert("x-vault-createSupported".to_owned(), json!(route.tells_create));
    let caught: Vec<&str> = route.pattern.names().collect();
    item.insert(
        "parameters".to_owned(),
        caught.iter().map(|name| parameter(name, "path", route)).collect(),
    );
    for operation in &route.operations {
        let method = match operation.operation {
            // A listing is a GET with `list=true`; where both exist, the reading one describes the method.
            Operation::Read => "get",
            Operation::List if route.operation(Operation::Read).is_none() => "get",
            Operation::Create | Operation::Update => "post",
            Operation::Delete => "delete",
            Operation::Patch => "patch",
            _ => continue,
        };
        item.insert(method.to_owned(), described(mount, route, operation, &caught));
    }
    Value::Object(item)
}

fn described(mount: &str, route: &RouteFacts, operation: &OperationFacts, caught: &[&str]) -> Value {
    let name = plain(route.pattern.as_str()).replace(['/', '{', '}', '.'], "-");
    let mut shown = json!({
        "summary": operation.summary,
        "operationId": format!("{}-{}-{name}", operation.operation, mount.replace('/', "-")),
        "tags": [mount.split('/').next().unwrap_or(mount)],
        "responses": { "200": { "description": "OK" } },
    });
    let lists = operation.operation.is_listing() || route.operation(Operation::List).is_some();
    let reads = matches!(operation.operation, Operation::Read | Operation::List);
    if reads && lists {
        let list = json!({
            "name": "list", "in": "query", "description": "Set to `true` to list.",
            "required": operation.operation == Operation::List, "schema": { "type": "string", "enum": ["true"] },
        });
        insert(&mut shown, "parameters", json!([list]));
    }
    if !reads && operation.operation != Operation::Delete {
        insert(
            &mut shown,
            "requestBody",
            json!({ "content": { "application/json": { "schema": body(operation, caught) } } }),
        );
    }
    shown
}

/// The parameters that the path does not catch.
fn body(operation: &OperationFacts, caught: &[&str]) -> Value {
    let Some(schema) = &operation.schema else {
        return json!({ "type": "object", "additionalProperties": true });
    };
    let mut schema = schema.clone().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
        object.remove("required");
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, _| !caught.contains(&name.as_str()));
        }
    }
    schema
}

fn parameter(name: &str, place: &str, route: &RouteFacts) -> Value {
    let schemas = route
        .operations
        .iter()
        .filter_map(|operation| operation.schema.as_ref());
    let properties = schemas.filter_map(|schema| schema.get("properties")?.get(name)?.get("description"));
    let description = properties
        .filter_map(Value::as_str)
        .next()
        .unwrap_or("Part of the path.");
    json!({ "name": name, "in": place, "required": true, "description": description, "schema": { "type": "string" } })
}

fn insert(shown: &mut Value, name: &str, value: Value) {
    if let Some(object) = shown.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
