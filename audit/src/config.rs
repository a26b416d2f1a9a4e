//! What operators say about a device.

use crate::AuditError;
use crate::device::of_config;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One device, as operators configured it. `sys` keeps it, and shows it as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceConfig {
    /// Its name, with a slash at the end: `file/`.
    pub path: String,
    /// The type: `file`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// The type's options, and those of every type: `format`, `hmac_accessor`, `log_raw`, `elide_list_responses`,
    /// `prefix`, `skip_test`.
    pub options: BTreeMap<String, String>,
    /// Whether it belongs to this node alone.
    pub local: bool,
}

/// Whether the server's configuration allows devices that put a prefix before each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefixing {
    /// A device with a prefix is refused.
    #[default]
    Refused,
    /// Prefixes are allowed.
    Allowed,
}

/// How a device's lines look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Everything is shown in the clear.
    pub(crate) log_raw: bool,
    /// Accessors are hashed like tokens.
    pub(crate) hmac_accessor: bool,
    /// Of a listing only the number of names is told.
    pub(crate) elide_list_responses: bool,
    /// What each line begins with.
    pub(crate) prefix: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            log_raw: false,
            hmac_accessor: true,
            elide_list_responses: false,
            prefix: String::new(),
        }
    }
}

impl DeviceConfig {
    /// Checks that this can be a device. Nothing is opened.
    ///
    /// # Errors
    /// If its type or its options are none.
    pub fn check(&self, prefixing: Prefixing) -> Result<(), AuditError> {
        self.style(prefixing)?;
        of_config(self).map(drop)
    }

    /// Puts the name into its one form: a slash at the end, none at the beginning.
    pub(crate) fn name(path: &str) -> String {
        format!("{}/", path.trim_matches('/'))
    }

    /// Whether the entry that a new device is tried with is left out. What is not true is false here, as in Vault.
    pub(crate) fn skips_test(&self) -> bool {
        self.options
            .get("skip_test")
            .and_then(|text| boolean(text))
            .unwrap_or(false)
    }

    /// How the device's lines are to look.
    pub(crate) fn style(&self, prefixing: Prefixing) -> Result<Style, AuditError> {
        self.check_format()?;
        let style = Style::default();
        Ok(Style {
            hmac_accessor: self.flag("hmac_accessor")?.unwrap_or(style.hmac_accessor),
            log_raw: self.flag("log_raw")?.unwrap_or(style.log_raw),
            elide_list_responses: self
                .flag("elide_list_responses")?
                .unwrap_or(style.elide_list_responses),
            prefix: self.prefix(prefixing)?,
        })
    }

    fn check_format(&self) -> Result<(), AuditError> {
        match self.options.get("format").map(String::as_str) {
            None | Some("json") => Ok(()),
            Some("jsonx") => Err(AuditError::JsonxRemoved),
            Some(other) => Err(AuditError::UnknownFormat {
                format: other.to_owned(),
            }),
        }
    }

    fn flag(&self, option: &'static str) -> Result<Option<bool>, AuditError> {
        let Some(text) = self.options.get(option) else {
            return Ok(None);
        };
        boolean(text).map(Some).ok_or(AuditError::NoBoolean { option })
    }

    fn prefix(&self, prefixing: Prefixing) -> Result<String, AuditError> {
        match self.options.get("prefix") {
            Some(_) if prefixing == Prefixing::Refused => Err(AuditError::PrefixNotAllowed),
            prefix => Ok(prefix.cloned().unwrap_or_default()),
        }
    }
}

/// The spellings of true and false that Vault takes.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(option: &str, value: &str) -> DeviceConfig {
        DeviceConfig {
            options: [(option.to_owned(), value.to_owned())].into(),
            ..DeviceConfig::default()
        }
    }

    fn check(option: &str, value: &str, refusal: Option<&str>) {
        let found = with(option, value).style(Prefixing::Refused).err();
        assert_eq!(
            found.map(|error| error.to_string()).as_deref(),
            refusal,
            "{option}={value:?}"
        );
    }

    /// As recorded in `audit.wrong_options`.
    #[test]
    fn what_is_no_option_is_refused() {
        check("format", "json", None);
        check("format", "xml", Some("unknown format type \"xml\""));
        check("format", "", Some("unknown format type \"\""));
        check("format", "JSON", Some("unknown format type \"JSON\""));
        check(
            "hmac_accessor",
            "maybe",
            Some("hmac_accessor has to be true or false"),
        );
        check("hmac_accessor", "", Some("hmac_accessor has to be true or false"));
        check("log_raw", "yes", Some("log_raw has to be true or false"));
        check("log_raw", "2", Some("log_raw has to be true or false"));
        check("log_raw", "T", None);
        check("log_raw", "FALSE", None);
        check("elide_list_responses", "t", None);
        check(
            "elide_list_responses",
            "x",
            Some("elide_list_responses has to be true or false"),
        );
        check("prefix", "x", Some("audit log prefixing is not allowed"));
        check("prefix", "", Some("audit log prefixing is not allowed"));
        check("unknown", "kept", None);
    }

    #[test]
    fn a_prefix_is_taken_where_the_configuration_allows_it() {
        let style = with("prefix", "@cee: ").style(Prefixing::Allowed).unwrap();
        assert_eq!(style.prefix, "@cee: ");
    }

    #[test]
    fn only_what_is_true_skips_the_test() {
        assert!(with("skip_test", "true").skips_test());
        assert!(!with("skip_test", "maybe").skips_test());
        assert!(!with("mode", "0600").skips_test());
    }
}
