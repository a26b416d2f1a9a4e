//! Members that several inputs share.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Members that several inputs share, to be flattened into each.
///
/// What serde flattens forgets in which member a mistake was; this remembers it, so that the refusal can name it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?;
        serde_path_to_error::deserialize(Value::Object(members))
            .map(Self)
            .map_err(|error| D::Error::custom(format!("{}: {}", error.path(), error.inner())))
    }
}

impl<T: JsonSchema> JsonSchema for Part<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
