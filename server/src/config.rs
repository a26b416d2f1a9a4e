//! The configuration: HCL or JSON, with Vault's keys. Parsing says what was written; nothing acts here.

use hcl::{Object, Value};
use logical::field::parse_duration;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, fs};

/// A configuration that was read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where the store lies.
    pub storage: Option<StorageConfig>,
    /// Where requests come in.
    pub listeners: Vec<ListenerConfig>,
    /// Where clients reach this server; answers of redirects name it.
    pub api_addr: Option<String>,
    /// The name that answers show.
    pub cluster_name: Option<String>,
    /// The life of a credential that asks for none.
    pub default_lease_ttl: Option<Duration>,
    /// The longest life of a credential.
    pub max_lease_ttl: Option<Duration>,
    /// How much is logged.
    pub log_level: Option<String>,
    /// `standard` or `json`.
    pub log_format: Option<String>,
    /// Where the process writes its id.
    pub pid_file: Option<PathBuf>,
    /// Audit devices that are there from initialisation on.
    pub audit: Vec<DeclaredDevice>,
    /// Whether audit devices may be made by request.
    pub may_create_devices: bool,
    /// Whether audit devices may put a prefix before each line.
    pub may_prefix_devices: bool,
    /// Whether requests may look at the router.
    pub may_inspect: bool,
    /// What is not right and does no harm, each with its place.
    pub warnings: Vec<String>,
}

/// Where the store lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageConfig {
    /// The type: `file`, `raft`, `inmem`, …
    pub kind: String,
    /// Its options, as text.
    pub options: BTreeMap<String, String>,
}

/// Where requests come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListenerConfig {
    /// Host and port.
    pub address: String,
    /// Whether it speaks plain HTTP.
    pub tls_disable: bool,
    /// The certificate chain, as a PEM file.
    pub tls_cert_file: Option<PathBuf>,
    /// Its key, as a PEM file.
    pub tls_key_file: Option<PathBuf>,
    /// Largest body, in bytes.
    pub max_request_size: Option<usize>,
    /// Whether who has key shares may make new ones without a token.
    pub rekey_without_token: bool,
    /// Whether who has key shares may make a root token without a token.
    pub generate_root_without_token: bool,
}

/// An audit device that the configuration declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredDevice {
    /// The type.
    pub kind: String,
    /// Its name.
    pub path: String,
    /// What it is for.
    pub description: String,
    /// The type's options.
    pub options: BTreeMap<String, String>,
    /// Whether it belongs to this node alone.
    pub local: bool,
}

/// What is wrong with a configuration, and where.
#[derive(Debug)]
pub struct ConfigError {
    file: String,
    text: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.text)
    }
}

impl std::error::Error for ConfigError {}

/// Keys that are known and change nothing here: what they turn on or off does not exist.
const WITHOUT_EFFECT: [&str; 21] = [
    "disable_mlock",
    "ui",
    "disable_cache",
    "cluster_addr",
    "disable_clustering",
    "telemetry",
    "plugin_directory",
    "raw_storage_endpoint",
    "enable_response_header_hostname",
    "ha_storage",
    "backend_ha",
    "disable_sealwrap",
    "disable_performance_standby",
    "enable_unauthenticated_access",
    "log_file",
    "log_rotate_bytes",
    "log_rotate_duration",
    "log_rotate_max_files",
    "user_lockout",
    "disable_printable_check",
    "cache_size",
];

const KNOWN: [&str; 15] = [
    "storage",
    "backend",
    "listener",
    "api_addr",
    "cluster_name",
    "default_lease_ttl",
    "max_lease_ttl",
    "log_level",
    "log_format",
    "pid_file",
    "audit",
    "unsafe_allow_api_audit_creation",
    "allow_audit_log_prefixing",
    "introspection_endpoint",
    "seal",
];

const LOG_LEVELS: [&str; 7] = ["trace", "debug", "info", "warn", "warning", "err", "error"];
const LOG_FORMATS: [&str; 2] = ["standard", "json"];

const LISTENER_KNOWN: [&str; 8] = [
    "address",
    "tls_disable",
    "tls_cert_file",
    "tls_key_file",
    "max_request_size",
    "disable_unauthed_rekey_endpoints",
    "disable_unauthed_generate_root_endpoints",
    "cluster_address",
];

impl Config {
    /// Reads files and folders of them, in order; what a later one says replaces what an earlier one said.
    pub fn read(paths: &[String]) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        for path in paths {
            for file in files(Path::new(path))? {
                let text = fs::read_to_string(&file)
                    .map_err(|error| failed(&file, format!("cannot be read: {error}")))?;
                config.overlay(&file.display().to_string(), &text)?;
            }
        }
        Ok(config)
    }

    /// Adds what a text says, which is named `file` in errors.
    pub fn overlay(&mut self, file: &str, text: &str) -> Result<(), ConfigError> {
        let in_file = |error: hcl::Error| ConfigError {
            file: file.to_owned(),
            text: error.to_string(),
        };
        let root = hcl::parse(text).map_err(in_file)?;
        self.read_root(file, &root).map_err(in_file)?;
        let known: Vec<&str> = KNOWN.iter().chain(&WITHOUT_EFFECT).copied().collect();
        let unknown = root.unknown(&known).map(|key| ignored(file, key));
        self.warnings.extend(unknown);
        Ok(())
    }

    fn read_root(&mut self, file: &str, root: &Object) -> Result<(), hcl::Error> {
        for name in ["storage", "backend"] {
            let blocks = root.blocks(name)?;
            if let Some(second) = blocks.get(1) {
                let text = format!("expected only one {name} block, found another");
                return Err(hcl::Error::at(second.label.span, text));
            }
            if let Some(block) = blocks.first() {
                let options = texts(block.body)?;
                self.storage = Some(StorageConfig {
                    kind: block.label.text.clone(),
                    options,
                });
            }
        }
        for block in root.blocks("listener")? {
            self.listeners.push(listener(block.label, block.body)?);
            let unknown = block.body.unknown(&LISTENER_KNOWN);
            self.warnings.extend(unknown.map(|key| ignored(file, key)));
        }
        for block in root.blocks("audit")? {
            self.audit.extend(devices(block.label, block.body)?);
        }
        let text = |name: &str| root.attr(name)?.map(text_of).transpose();
        set(&mut self.api_addr, text("api_addr")?);
        set(&mut self.cluster_name, text("cluster_name")?);
        set(&mut self.log_level, word(root, "log_level", &LOG_LEVELS)?);
        set(&mut self.log_format, word(root, "log_format", &LOG_FORMATS)?);
        set(&mut self.pid_file, text("pid_file")?.map(PathBuf::from));
        set(&mut self.default_lease_ttl, duration(root, "default_lease_ttl")?);
        set(&mut self.max_lease_ttl, duration(root, "max_lease_ttl")?);
        self.may_create_devices |= flag(root, "unsafe_allow_api_audit_creation")?.unwrap_or(false);
        self.may_inspect |= flag(root, "introspection_endpoint")?.unwrap_or(false);
        self.may_prefix_devices |= flag(root, "allow_audit_log_prefixing")?.unwrap_or(false);
        if let Some(block) = root.blocks("seal")?.first() {
            return Err(hcl::Error::at(
                block.label.span,
                format!(
                    "expected no seal block: seal {:?} is not supported yet",
                    block.label.text
                ),
            ));
        }
        Ok(())
    }
}

fn listener(label: &hcl::Key, body: &Object) -> Result<ListenerConfig, hcl::Error> {
    if label.text != "tcp" {
        return Err(hcl::Error::at(
            label.span,
            format!("expected listener type \"tcp\", found {:?}", label.text),
        ));
    }
    let text = |name: &str| body.attr(name)?.map(text_of).transpose();
    let listener = ListenerConfig {
        address: text("address")?.unwrap_or_else(|| "127.0.0.1:8200".to_owned()),
        tls_disable: flag(body, "tls_disable")?.unwrap_or(false),
        tls_cert_file: text("tls_cert_file")?.map(PathBuf::from),
        tls_key_file: text("tls_key_file")?.map(PathBuf::from),
        max_request_size: match body.attr("max_request_size")? {
            Some(value) => usize::try_from(value.as_int()?).ok(),
            None => None,
        },
        rekey_without_token: flag(body, "disable_unauthed_rekey_endpoints")? == Some(false),
        generate_root_without_token: flag(body, "disable_unauthed_generate_root_endpoints")? == Some(false),
    };
    if !listener.tls_disable && (listener.tls_cert_file.is_none() || listener.tls_key_file.is_none()) {
        let text = "expected tls_cert_file and tls_key_file, or tls_disable = true";
        return Err(hcl::Error::at(label.span, text));
    }
    Ok(listener)
}

/// `audit "file" "NAME" { … }`: the type's block holds one for each name.
fn devices(kind: &hcl::Key, body: &Object) -> Result<Vec<DeclaredDevice>, hcl::Error> {
    let mut found = Vec::new();
    for item in body.items() {
        let Ok(inner) = item.value.as_object() else {
            return Err(hcl::Error::at(
                item.key.span,
                "expected audit \"TYPE\" \"NAME\" { options = { … } }",
            ));
        };
        let text = |name: &str| inner.attr(name)?.map(text_of).transpose();
        let options = match inner.section("options")? {
            Some(options) => texts(options)?,
            None => BTreeMap::new(),
        };
        found.push(DeclaredDevice {
            kind: kind.text.clone(),
            path: format!("{}/", item.key.text.trim_matches('/')),
            description: text("description")?.unwrap_or_default(),
            options,
            local: flag(inner, "local")?.unwrap_or(false),
        });
    }
    Ok(found)
}

fn texts(body: &Object) -> Result<BTreeMap<String, String>, hcl::Error> {
    let text = |value: &Value| match value.as_text() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => value.as_bool().map(|truth| truth.to_string()),
    };
    let scalars = body
        .entries()?
        .iter()
        .filter(|item| item.value.as_object().is_err() && item.value.as_list().is_err());
    scalars
        .map(|item| Ok((item.key.text.clone(), text(&item.value)?)))
        .collect()
}

fn text_of(value: &Value) -> Result<String, hcl::Error> {
    value.as_text().map(str::to_owned)
}

fn flag(body: &Object, name: &str) -> Result<Option<bool>, hcl::Error> {
    body.attr(name)?.map(Value::as_bool).transpose()
}

/// One of some words, in any case.
fn word(root: &Object, name: &str, words: &[&str]) -> Result<Option<String>, hcl::Error> {
    let Some(value) = root.attr(name)? else {
        return Ok(None);
    };
    let text = value.as_text()?.to_ascii_lowercase();
    if !text.is_empty() && !words.contains(&text.as_str()) {
        let text = format!("expected one of {}, found {text:?}", words.join(", "));
        return Err(hcl::Error::at(value.span, text));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn duration(root: &Object, name: &str) -> Result<Option<Duration>, hcl::Error> {
    let Some(value) = root.attr(name)? else {
        return Ok(None);
    };
    let text = value.as_text()?;
    let wrong = || {
        hcl::Error::at(
            value.span,
            format!("expected a duration such as 768h, found {text:?}"),
        )
    };
    parse_duration(text).map(Some).ok_or_else(wrong)
}

fn ignored(file: &str, key: &hcl::Key) -> String {
    format!("{file}:{}: unknown key {:?} is ignored", key.span.line, key.text)
}

fn set<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

/// A file, or the `.hcl` and `.json` files of a folder in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).map_err(|error| failed(path, format!("cannot be read: {error}")))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|kind| kind == "hcl" || kind == "json")
    });
    files.sort();
    Ok(files)
}

fn failed(path: &Path, text: String) -> ConfigError {
    ConfigError {
        file: path.display().to_string(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        config.overlay("config.hcl", text).map(|()| config)
    }

    #[test]
    fn vaults_keys_are_read_from_hcl() {
        let config = read(
            "storage \"file\" { path = \"/data\" }\nlistener \"tcp\" {\n  address = \"127.0.0.1:1\"\n  tls_disable = \"true\"\n}\n\
             default_lease_ttl = \"1h\"\nui = true\naudit \"file\" \"main\" { options = { file_path = \"/log\" } }",
        )
        .unwrap();
        assert_eq!(config.storage.unwrap().options["path"], "/data");
        assert!(config.listeners[0].tls_disable);
        assert_eq!(config.default_lease_ttl, Some(Duration::from_secs(3600)));
        assert_eq!(config.audit[0].path, "main/");
        assert_eq!(config.audit[0].options["file_path"], "/log");
        assert!(config.warnings.is_empty());
    }

    #[test]
    fn vaults_keys_are_read_from_json() {
        let text = r#"{"backend":{"inmem":{}},"listener":{"tcp":{"address":"127.0.0.1:1","tls_disable":1}},"disable_mlock":true}"#;
        let config = read(text).unwrap();
        assert_eq!(config.storage.unwrap().kind, "inmem");
        assert_eq!(config.listeners.len(), 1);
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let error = read("storage \"file\" {\n  path = \n}").unwrap_err().to_string();
        assert!(error.starts_with("config.hcl: line "), "{error}");
        let error = read("listener \"tcp\" {\n}").unwrap_err().to_string();
        assert!(
            error.contains("line 1") && error.contains("tls_cert_file"),
            "{error}"
        );
        let error = read("\ndefault_lease_ttl = \"soon\"").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("duration"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_warned_of_with_its_line() {
        let config = read("\nstorge \"file\" {}").unwrap();
        assert_eq!(
            config.warnings,
            ["config.hcl:2: unknown key \"storge\" is ignored"]
        );
    }
}
