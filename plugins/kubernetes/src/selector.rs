//! Namespaces chosen by their labels.

use crate::api_server::ApiServer;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Labels that a namespace must have, as Kubernetes writes them: `matchLabels`, in JSON or in plain YAML.
///
/// No labels at all choose every namespace, as in Kubernetes. What is not understood is refused, never passed over:
/// a selector with a slip in it must not choose everything.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Selector {
    #[serde(default)]
    match_labels: Option<BTreeMap<String, String>>,
}

impl Selector {
    /// Reads a selector; `None` if it is none, or one with more than labels.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.trim_start().starts_with('{') {
            return serde_json::from_str(text).ok();
        }
        let mut lines = text
            .lines()
            .map(without_comment)
            .filter(|line| !line.trim().is_empty());
        let behind = lines.next()?.strip_prefix("matchLabels:")?.trim();
        if !behind.is_empty() {
            // A mapping on the same line is taken if it is JSON too.
            let labels = serde_json::from_str(behind).ok()?;
            return lines.next().is_none().then_some(Self {
                match_labels: Some(labels),
            });
        }
        let labels = lines.map(label).collect::<Option<_>>()?;
        Some(Self {
            match_labels: Some(labels),
        })
    }

    /// Whether labels are as wanted.
    pub(crate) fn chooses(&self, labels: &BTreeMap<String, String>) -> bool {
        let wanted = self.match_labels.iter().flatten();
        wanted
            .into_iter()
            .all(|(name, value)| labels.get(name) == Some(value))
    }

    /// Asks the API server for the labels of a namespace. Whoever may not ask, or asks in vain, gets a no.
    pub(crate) async fn chooses_namespace(&self, server: &ApiServer, namespace: &str) -> bool {
        let Some(reviewer) = &server.reviewer else {
            return false;
        };
        let found = server.namespace(reviewer, namespace).await;
        found.is_ok_and(|metadata| self.chooses(&metadata.labels))
    }
}

/// An indented `name: value`.
fn label(line: &str) -> Option<(String, String)> {
    let indented = line.strip_prefix(' ')?;
    let (name, value) = indented.split_once(':')?;
    let value = value.strip_prefix(' ')?;
    Some((scalar(name)?, scalar(value)?))
}

/// Plain or in quotes. Labels need no escapes.
fn scalar(text: &str) -> Option<String> {
    let text = text.trim();
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let inner = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    inner.chars().all(plain).then(|| inner.to_owned())
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split_once(" #").map_or(line, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, labels: &[(&str, &str)]) {
        let labels = labels
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let selector = Selector::parse(text).unwrap();
        assert_eq!(selector.match_labels.unwrap_or_default(), labels, "{text:?}");
    }

    #[test]
    fn a_selector_is_read_as_json_and_as_yaml() {
        check(
            r#"{"matchLabels": {"team": "web", "a/b": "c"}}"#,
            &[("team", "web"), ("a/b", "c")],
        );
        check("matchLabels:\n  team: web\n", &[("team", "web")]);
        check(
            "# ours\nmatchLabels:\n    team: 'web'  # them\n    \"stage\": prod\n\n",
            &[("team", "web"), ("stage", "prod")],
        );
        check(r#"matchLabels: {"team": "web"}"#, &[("team", "web")]);
        check("{}", &[]);
        check(r#"{"matchLabels": null}"#, &[]);
        check("matchLabels:\n", &[]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in [
            "",
            "  ",
            "team=web",
            "{",
            "[]",
            "\"x\"",
            r#"{"matchlabels": {"team": "web"}}"#,
            "matchlabels:\n  a: b",
            r#"{"matchLabels": {"team": "web"}, "extra": 1}"#,
            r#"{"matchExpressions": [{"key": "a", "operator": "Exists"}]}"#,
            r#"{"matchLabels": {"team": 1}}"#,
            "matchLabels:\nteam: web",
            "matchLabels:\n  team:web",
            "matchLabels:\n  team: [web]",
            r#"{"matchLabels": {"team": "web"}} x"#,
        ] {
            assert_eq!(Selector::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_wanted_label_must_be_there() {
        let selector = Selector::parse(r#"{"matchLabels": {"team": "web"}}"#).unwrap();
        let labels = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect()
        };
        assert!(selector.chooses(&labels(&[("team", "web"), ("stage", "prod")])));
        assert!(!selector.chooses(&labels(&[("team", "db")])));
        assert!(!selector.chooses(&labels(&[])));
        assert!(Selector::default().chooses(&labels(&[])));
    }
}
