//! `sys/tools/*`: random bytes and hashes, for clients that have no good ones of their own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::HashAlgorithm;
use logical::field::{Integer, Text};
use logical::{Access, Done, Error, Operation, Result, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::Sys;

/// Bytes that are drawn where nobody says how many.
const BYTES: i64 = 32;
/// The most bytes that are drawn at once.
const BYTES_MAX: i64 = 128 * 1024;

#[derive(Deserialize, JsonSchema)]
struct Draw {
    /// Where the bytes come from: `platform`, `seal` or `all`. There is no seal that has any, so it is the platform.
    #[serde(default)]
    source: Text,
    /// How many bytes; stronger than `bytes`. Where it is the only one, a source may stand in its place.
    #[serde(default)]
    urlbytes: Text,
    /// How many bytes.
    bytes: Option<Integer>,
    /// How they are written: `base64` or `hex`.
    #[serde(default)]
    format: Text,
}

#[derive(Deserialize, JsonSchema)]
struct Hash {
    /// The function; stronger than `algorithm`.
    #[serde(default)]
    urlalgorithm: Text,
    /// The function: `sha2-224` to `sha3-512`.
    #[serde(default)]
    algorithm: Text,
    /// What is to be hashed, in base64.
    #[serde(default)]
    input: Text,
    /// How the hash is written: `hex` or `base64`.
    #[serde(default)]
    format: Text,
}

pub(crate) fn routes(table: Table<Sys>) -> Table<Sys> {
    let drawing = |pattern: &'static str, table: Table<Sys>| {
        table.route(pattern, Access::Token, |r| {
            r.on(
                Operation::Update,
                "Draw random bytes.",
                |sys, _, input| async move { draw(&sys, &input) },
            );
        })
    };
    let hashing = |pattern: &'static str, table: Table<Sys>| {
        table.route(pattern, Access::Token, |r| {
            r.on(Operation::Update, "Hash some bytes.", |_, _, input| async move {
                hash(&input)
            });
        })
    };
    let table = drawing("tools/random", table);
    let table = drawing("tools/random/{urlbytes}", table);
    let table = drawing("tools/random/{source}/{urlbytes}", table);
    let table = hashing("tools/hash", table);
    hashing("tools/hash/{urlalgorithm}", table)
}

fn draw(sys: &Sys, input: &Draw) -> Result<Done> {
    let alone = input.source.as_str().is_empty() && is_source(input.urlbytes.as_str());
    let (source, bytes) = if alone {
        (input.urlbytes.as_str(), "")
    } else {
        (input.source.as_str(), input.urlbytes.as_str())
    };
    if !source.is_empty() && !is_source(source) {
        let text =
            format!("unsupported entropy source {source:?}; must be \"platform\" or \"seal\", or \"all\"");
        return Err(Error::invalid(text));
    }
    let written = written(input.format.as_str(), "base64")?;
    let mut drawn = vec![0; count(bytes, input.bytes)?];
    sys.house.random().fill(&mut drawn);
    let done = Done::data(json!({ "random_bytes": written(&drawn) }));
    Ok(if source == "seal" {
        done.warn("no seal has bytes to give; these are the platform's")
    } else {
        done
    })
}

fn is_source(word: &str) -> bool {
    ["platform", "seal", "all"].contains(&word)
}

fn count(in_path: &str, in_body: Option<Integer>) -> Result<usize> {
    let wanted = if in_path.is_empty() {
        in_body.map_or(BYTES, |bytes| bytes.0)
    } else {
        in_path.parse().map_err(|_| {
            Error::invalid(format!(
                "error parsing url-set byte count: {in_path:?} is no number"
            ))
        })?
    };
    match usize::try_from(wanted) {
        Ok(1..) if wanted > BYTES_MAX => {
            Err(Error::invalid(format!("'bytes' should be less than {BYTES_MAX}")))
        }
        Ok(wanted @ 1..) => Ok(wanted),
        _ => Err(Error::invalid("'bytes' cannot be less than 1")),
    }
}

fn hash(input: &Hash) -> Result<Done> {
    let named = [&input.urlalgorithm, &input.algorithm]
        .into_iter()
        .map(Text::as_str)
        .find(|name| !name.is_empty());
    let name = named.unwrap_or("sha2-256");
    let algorithm =
        HashAlgorithm::named(name).ok_or_else(|| Error::invalid(format!("unsupported algorithm {name}")))?;
    let bytes = STANDARD
        .decode(input.input.as_str())
        .map_err(|_| Error::invalid("unable to decode input as base64"))?;
    let written = written(input.format.as_str(), "hex")?;
    Ok(Done::data(json!({ "sum": written(&algorithm.digest(&bytes)) })))
}

/// How bytes are written; `unless` where nobody says.
fn written(format: &str, unless: &str) -> Result<fn(&[u8]) -> String> {
    match if format.is_empty() { unless } else { format } {
        "hex" => Ok(|bytes| hex::encode(bytes)),
        "base64" => Ok(|bytes| STANDARD.encode(bytes)),
        other => {
            let text = format!("unsupported encoding format {other:?}; must be \"hex\" or \"base64\"");
            Err(Error::invalid(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_in_the_path_is_stronger_and_neither_is_none_nor_too_many() {
        let check = |path: &str, body: Option<i64>, drawn: Option<usize>| {
            assert_eq!(count(path, body.map(Integer)).ok(), drawn, "{path:?} {body:?}");
        };
        check("", None, Some(32));
        check("", Some(5), Some(5));
        check("64", Some(5), Some(64));
        check("131072", None, Some(131_072));
        check("131073", None, None);
        check("", Some(0), None);
        // The reference draws 32.
        check("-1", None, None);
        check("x", None, None);
    }
}
