//! `cargo xtask generate [--check]`: what is under `docs/reference`, from the path tables of a running server.
//!
//! The server describes itself (`sys/internal/specs/openapi`), so nothing here knows a crate of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::demo::Stage;
use crate::{program, workspace};

/// Whether the files are written, or compared with what would be written.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Write,
    Check,
}

/// Writes the reference, or with `--check` fails if it is not as it would be written.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut mode, mut server) = (Mode::Write, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => mode = Mode::Check,
            "--server" => server = Some(rest.next().context("--server lacks a program")?.into()),
            other => bail!("generate has no argument {other}"),
        }
    }
    let server: PathBuf = match server {
        Some(server) => server,
        None => workspace::build_program()?,
    };
    let folder = harness::workspace().join("docs/reference");
    let mut stale = Vec::new();
    for (name, text) in files(&specification(&server)?)? {
        let path = folder.join(&name);
        let is = fs::read_to_string(&path).unwrap_or_default();
        match mode {
            _ if is == text => {}
            Mode::Check => stale.push(name),
            Mode::Write => {
                fs::create_dir_all(path.parent().unwrap_or(&folder))?;
                fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
                println!("docs/reference/{name}");
            }
        }
    }
    ensure!(
        stale.is_empty(),
        "docs/reference is not as the path tables say ({}): run `cargo xtask generate`",
        stale.join(", ")
    );
    Ok(())
}

/// Asks a server, on which everything is mounted, to describe itself.
fn specification(server: &std::path::Path) -> Result<Value> {
    let mut stage = Stage::quiet(server)?;
    let keys = stage.json("operator init -key-shares=1 -key-threshold=1 -format=json")?;
    let text = |place: &str| {
        keys.pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    stage.become_(text("/root_token"));
    stage.run(&["operator", "unseal", &text("/unseal_keys_b64/0")])?;
    stage.run(&["secrets", "enable", "-path=kv-v1", "-version=1", "kv"])?;
    stage.run(&["secrets", "enable", "-path=kv-v2", "-version=2", "kv"])?;
    stage.run(&["secrets", "enable", "database"])?;
    stage.run(&["auth", "enable", "kubernetes"])?;
    let address = format!("{}/v1/sys/internal/specs/openapi", stage.address());
    let text = program::read(Command::new("curl").args(["--silent", "--show-error", "--fail", &address]))?;
    serde_json::from_str(&text).context("read the server's description of itself")
}

/// The files, by name.
fn files(specification: &Value) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let text = serde_json::to_string_pretty(specification)?;
    files.insert("openapi.json".to_owned(), text + "\n");
    let paths = specification.get("paths").and_then(Value::as_object);
    for (path, item) in sorted(paths.context("the description has no paths")?) {
        let page = files.entry(format!("api/{}.md", mount(path))).or_insert_with(|| {
            let about = item
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            format!("# {}\n\n{about}\n", mount(path))
        });
        *page += &section(path, item);
    }
    Ok(files)
}

/// The mount that a path belongs to, as a file is named.
fn mount(path: &str) -> String {
    let mut parts = path.trim_start_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    match first {
        "auth" => format!("auth-{}", parts.next().unwrap_or_default()),
        _ => first.to_owned(),
    }
}

fn section(path: &str, item: &Value) -> String {
    let is = |name: &str| item.get(name) == Some(&Value::Bool(true));
    let who = match (is("x-vault-unauthenticated"), is("x-vault-sudo")) {
        (true, _) => "Anyone may come, without a token.\n\n",
        (_, true) => "Needs `sudo`.\n\n",
        _ => "",
    };
    let mut text = format!("\n## `{path}`\n\n{who}");
    let mut fields = BTreeMap::new();
    for method in ["get", "post", "patch", "delete"] {
        let Some(operation) = item.get(method) else {
            continue;
        };
        let summary = operation
            .get("summary")
            .and_then(Value::as_str)
            .unwrap_or_default();
        text += &format!("- `{}`: {summary}\n", method.to_uppercase());
        let schema = operation.pointer("/requestBody/content/application~1json/schema/properties");
        for (name, property) in schema.and_then(Value::as_object).into_iter().flatten() {
            let about = property
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            fields.insert(name.clone(), about.replace('\n', " ").replace('|', "\\|"));
        }
    }
    if !fields.is_empty() {
        text += "\n| field | meaning |\n|---|---|\n";
        for (name, about) in fields {
            text += &format!("| `{name}` | {about} |\n");
        }
    }
    text
}

fn sorted(members: &serde_json::Map<String, Value>) -> BTreeMap<&String, &Value> {
    members.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_after_the_mount() {
        assert_eq!(mount("/auth/token/create"), "auth-token");
        assert_eq!(mount("/sys/mounts/{path}"), "sys");
    }
}
