//! Writing policies.

use logical::field::{Flag, Given, Integer, Text, Ttl};
use logical::{Batch, Cx, Done, Error, Result, Revision, Time};
use schemars::JsonSchema;
use serde::Deserialize;
use server_pipeline::{Policies, PolicyRecord};
use server_policy::{Policy, is_fixed, normalized_name};

use super::{Family, learn};
use crate::Sys;

/// A policy as it is written.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Write {
    /// The policy's name; capitals are small letters.
    name: String,
    /// The rules, as HCL or JSON, plain or in base64.
    policy: Option<Text>,
    /// The older name of `policy`.
    #[serde(default)]
    rules: Text,
    /// The version that is replaced; -1 expects none.
    #[serde(default)]
    cas: Given<Integer>,
    /// Whether every change must name the version that it replaces.
    cas_required: Option<Flag>,
    /// After how long it stops to grant anything.
    ttl: Option<Ttl>,
    /// When it stops to grant anything: RFC 3339, or seconds since 1970.
    expiration: Option<Text>,
    /// Whether values in templates may hold slashes.
    #[serde(rename = "allow_slashes_in_identity_templates")]
    allow_slashes: Option<Flag>,
    /// Whether values in templates may hold `*` and `+`.
    #[serde(rename = "allow_wildcards_in_identity_templates")]
    allow_wildcards: Option<Flag>,
}

/// Writes a policy as a whole: what is not said is as it is in a new one.
pub(super) async fn replace(sys: &Sys, cx: &Cx, input: Write, family: Family) -> Result<Done> {
    let name = writable(&input.name)?;
    let given = input.policy.as_ref().map_or("", Text::as_str);
    let old_name = family == Family::Old && given.is_empty() && !input.rules.as_str().is_empty();
    let text = checked(&name, if old_name { input.rules.as_str() } else { given })?;
    let (present, revision) = found(sys, &name).await?;
    let cas_required = input.cas_required.is_some_and(|flag| flag.0);
    let must = cas_required
        || present
            .as_ref()
            .is_some_and(|record| record.cas_required && input.cas_required.is_none());
    check_version(present.as_ref(), input.cas, must)?;
    let record = PolicyRecord {
        version: present.as_ref().map_or(0, |record| record.version) + 1,
        cas_required,
        expires: expiry(&input, cx.now)?,
        allow_slashes: input.allow_slashes.is_some_and(|flag| flag.0),
        allow_wildcards: input.allow_wildcards.is_some_and(|flag| flag.0),
        ..PolicyRecord::first(&text, cx.now)
    };
    let done = Done::empty();
    let done = if old_name {
        done.warn("'rules' is deprecated, please use 'policy' instead")
    } else {
        done
    };
    put(sys, cx, (name, record, revision), done)
}

/// Changes the members of a policy that are said.
pub(super) async fn patch(sys: &Sys, cx: &Cx, input: Write) -> Result<Done> {
    let name = writable(&input.name)?;
    let (present, revision) = found(sys, &name).await?;
    let present = present.ok_or_else(Error::not_found)?;
    let text = match &input.policy {
        Some(text) => checked(&name, text.as_str())?,
        None => present.text.clone(),
    };
    check_version(Some(&present), input.cas, false)?;
    let record = PolicyRecord {
        text,
        version: present.version + 1,
        modified: cx.now,
        cas_required: input.cas_required.map_or(present.cas_required, |flag| flag.0),
        expires: expiry(&input, cx.now)?.or(present.expires),
        allow_slashes: input.allow_slashes.map_or(present.allow_slashes, |flag| flag.0),
        allow_wildcards: input
            .allow_wildcards
            .map_or(present.allow_wildcards, |flag| flag.0),
    };
    // The reference answers a patch with an envelope and no members.
    put(
        sys,
        cx,
        (name, record, revision),
        Sys::answer(Sys::response(&cx.request.id, None)),
    )
}

fn put(sys: &Sys, cx: &Cx, what: (String, PolicyRecord, Option<Revision>), done: Done) -> Result<Done> {
    let (name, record, revision) = what;
    let mut batch = Batch::new();
    batch
        .expect(Policies::key(&name), revision)
        .put_json(Policies::key(&name), &record)?;
    let converted = cx.request.asked_path.chars().any(char::is_uppercase);
    let mut done = done;
    if converted {
        let warning = format!("policy name was converted to {name}");
        done.warnings.insert(0, warning);
    }
    Ok(done.commit(batch).then(learn(sys, name)))
}

fn writable(name: &str) -> Result<String> {
    let name = normalized_name(name);
    if is_fixed(&name) {
        Err(Error::invalid(format!("cannot update {name:?} policy")))
    } else {
        Ok(name)
    }
}

/// A policy that has expired is gone: whatever is written is its first version.
async fn found(sys: &Sys, name: &str) -> Result<(Option<PolicyRecord>, Option<Revision>)> {
    let now = sys.house.now();
    let found = sys.house.rooms.policies.get(name).await?;
    let revision = found.as_ref().map(|(_, revision)| *revision);
    let live = found
        .map(|(record, _)| record)
        .filter(|record| record.expires.is_none_or(|end| now < end));
    Ok((live, revision))
}

/// What a text says, if it can be read; what was base64 is kept decoded. One of nothing but blanks grants nothing, and
/// is taken.
fn checked(name: &str, text: &str) -> Result<String> {
    if text.is_empty() {
        return Err(Error::invalid("'policy' parameter not supplied or empty"));
    }
    let parsed =
        server_policy::decoded(text).and_then(|text| Policy::parse(name, &text).map(|_| text.into_owned()));
    parsed.map_err(|error| Error::invalid(error.to_string()))
}

fn expiry(input: &Write, now: Time) -> Result<Option<Time>> {
    let end = match (&input.ttl, &input.expiration) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid(
                "cannot supply both 'expiration' and 'ttl' for policies",
            ));
        }
        (Some(ttl), None) => now + ttl.0,
        (None, Some(text)) => moment(text.as_str())?,
        (None, None) => return Ok(None),
    };
    if end <= now {
        return Err(Error::invalid(
            "refusing to update policy as expiration time has already elapsed",
        ));
    }
    Ok(Some(end))
}

fn moment(text: &str) -> Result<Time> {
    let seconds = text
        .parse()
        .ok()
        .and_then(|seconds| Time::from_second(seconds).ok());
    seconds.or_else(|| text.parse().ok()).ok_or_else(|| {
        Error::invalid("Field validation failed: error converting input for field \"expiration\": could not parse string as date and time")
    })
}

/// A change that names the version it replaces counts only for that one.
fn check_version(present: Option<&PolicyRecord>, cas: Given<Integer>, must: bool) -> Result<()> {
    let cas = match cas {
        Given::Absent if must => {
            return Err(Error::invalid("check-and-set parameter required for this call"));
        }
        Given::Absent => return Ok(()),
        Given::Null => 0,
        Given::Value(Integer(cas)) => cas,
    };
    let version = present.map_or(0, |record| record.version);
    match (cas, present) {
        (-1, None) => Ok(()),
        (-1, Some(_)) => Err(Error::invalid(
            "check-and-set parameter set to -1 on existing entry",
        )),
        (cas, _) if u64::try_from(cas) == Ok(version) => Ok(()),
        _ => Err(Error::invalid(
            "check-and-set parameter did not match the current version",
        )),
    }
}
