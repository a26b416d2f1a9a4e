//! Reading one `path` block.

use crate::Capability;
use crate::capability::Capabilities;
use crate::filter::Filter;
use crate::parameters::{Listed, Parameters};
use crate::pattern::Pattern;
use crate::rule::{Rule, Target, Terms};
use crate::template::Template;
use crate::wrapping::Wrapping;
use hcl::{Block, Error, Item, Kind, Object, Span, Value};
use jiff::Timestamp;
use logical::Time;
use logical::field::parse_duration;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The keys of a block.
const KEYS: &[&str] = &[
    "allowed_parameters",
    "capabilities",
    "comment",
    "denied_parameters",
    "expiration",
    "list_scan_response_keys_filter_path",
    "max_wrapping_ttl",
    "min_wrapping_ttl",
    "pagination_limit",
    "policy",
    "required_parameters",
];

/// The longest path that a request can have, in bytes; a longer rule could never count.
const PATH_MAX: usize = 8 * 1024;

/// Reads one block; an error says which path it is about.
pub(crate) fn read(block: Block<'_>) -> Result<Rule, Error> {
    let path = &block.label.text;
    let about = |error: Error| Error::at(error.span(), format!("path {path:?}: {}", error.message()));
    rule(block).map_err(about)
}

/// Names the first key that is not among the known ones.
pub(crate) fn refuse_unknown(object: &Object, known: &[&str]) -> Result<(), Error> {
    match object.unknown(known).next() {
        Some(key) => {
            let message = format!("invalid key {:?}; the keys are {}", key.text, known.join(", "));
            Err(Error::at(key.span, message))
        }
        None => Ok(()),
    }
}

fn rule(block: Block<'_>) -> Result<Rule, Error> {
    let body = block.body;
    refuse_unknown(body, KEYS)?;
    if let Some(comment) = body.attr("comment")? {
        comment.as_text()?;
    }
    let capabilities = capabilities(body)?;
    let terms = Terms {
        capabilities,
        parameters: Parameters {
            allowed: listed(body, "allowed_parameters")?,
            denied: listed(body, "denied_parameters")?,
            required: required(body)?,
        },
        wrapping: wrapping(body)?,
        page_max: page_max(body)?,
        filters: filter(body, capabilities)?.into_iter().collect(),
    };
    Ok(Rule {
        target: target(&block.label.text, block.label.span)?,
        terms,
        expires: expiration(body)?,
    })
}

fn target(path: &str, at: Span) -> Result<Target, Error> {
    if path.len() > PATH_MAX {
        return Err(Error::at(at, format!("it is longer than {PATH_MAX} bytes")));
    }
    let fixed =
        Pattern::parse(path).ok_or_else(|| Error::at(at, "invalid use of wildcards ('+*' is forbidden)"))?;
    if !Template::is_one(path) {
        return Ok(Target::Fixed(fixed));
    }
    let template = Template::parse(path).ok_or_else(|| Error::at(at, "unbalanced templating characters"))?;
    Ok(Target::Filled(template))
}

fn capabilities(body: &Object) -> Result<Capabilities, Error> {
    let mut all = Capabilities::NONE;
    if let Some(value) = body.attr("policy")? {
        let name = value.as_str()?;
        all = Capabilities::of_short_form(name)
            .ok_or_else(|| Error::at(value.span, format!("invalid policy {name:?}")))?;
    }
    let Some(list) = body.attr("capabilities")? else {
        return Ok(all);
    };
    for value in list.as_list()? {
        let name = value.as_str()?;
        let one = Capability::parse(name)
            .ok_or_else(|| Error::at(value.span, format!("invalid capability {name:?}")))?;
        all = all.and([one].into_iter().collect());
    }
    Ok(all)
}

fn listed(body: &Object, key: &str) -> Result<Listed, Error> {
    let mut lists = BTreeMap::new();
    let Some(object) = body.section(key)? else {
        return Ok(lists);
    };
    for Item { key, value } in object.entries()? {
        let values = value.as_list()?.iter().map(json).collect();
        if lists.insert(key.text.to_lowercase(), values).is_some() {
            let message = format!("the parameter {:?} comes twice; case does not count", key.text);
            return Err(Error::at(key.span, message));
        }
    }
    Ok(lists)
}

fn required(body: &Object) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    if let Some(list) = body.attr("required_parameters")? {
        for value in list.as_list()? {
            let name = value.as_text()?.to_lowercase();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

fn wrapping(body: &Object) -> Result<Wrapping, Error> {
    let limits = Wrapping {
        min: duration(body, "min_wrapping_ttl")?,
        max: duration(body, "max_wrapping_ttl")?,
    };
    if !limits.max.is_zero() && limits.max < limits.min {
        let message = "max_wrapping_ttl cannot be less than min_wrapping_ttl";
        return Err(Error::at(body.span(), message));
    }
    Ok(limits)
}

fn duration(body: &Object, key: &str) -> Result<Duration, Error> {
    let Some(value) = body.attr(key)? else {
        return Ok(Duration::ZERO);
    };
    let wanted = format!("{key} must be a duration that is not negative, such as 90s or 1h30m");
    parse_duration(value.as_text()?).ok_or_else(|| Error::at(value.span, wanted))
}

fn page_max(body: &Object) -> Result<u64, Error> {
    let Some(value) = body.attr("pagination_limit")? else {
        return Ok(0);
    };
    u64::try_from(value.as_int()?).map_err(|_| Error::at(value.span, "pagination_limit must not be negative"))
}

fn filter(body: &Object, capabilities: Capabilities) -> Result<Option<Arc<Filter>>, Error> {
    let key = "list_scan_response_keys_filter_path";
    let Some(value) = body.attr(key)? else {
        return Ok(None);
    };
    if !capabilities.has(Capability::List) {
        let message = format!("{key} needs to be used on a path with the list capability");
        return Err(Error::at(value.span, message));
    }
    let filter = Filter::parse(value.as_str()?)
        .map_err(|message| Error::at(value.span, format!("{key} is no template: {message}")))?;
    Ok(Some(Arc::new(filter)))
}

/// A moment as RFC 3339 or as seconds since 1970; an empty text is none, as in Vault.
fn expiration(body: &Object) -> Result<Option<Time>, Error> {
    let Some(value) = body.attr("expiration")? else {
        return Ok(None);
    };
    let text = value.as_text()?;
    if text.is_empty() {
        return Ok(None);
    }
    let moment = match text.parse::<i64>() {
        Ok(seconds) => Timestamp::from_second(seconds).ok(),
        Err(_) => text.parse().ok(),
    };
    let wanted = "invalid expiration time: expected a moment such as 2030-01-31T12:00:00Z";
    moment.map(Some).ok_or_else(|| Error::at(value.span, wanted))
}

/// The JSON that a value listed for a parameter is compared with.
fn json(value: &Value) -> serde_json::Value {
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(bool) => (*bool).into(),
        Kind::Number(number) => match number.as_int() {
            Some(int) => int.into(),
            None => number.as_float().into(),
        },
        Kind::String(text) => text.as_str().into(),
        Kind::List(values) => values.iter().map(json).collect(),
        Kind::Object(object) => {
            let members = object.items().iter();
            members
                .map(|item| (item.key.text.clone(), json(&item.value)))
                .collect()
        }
    }
}
