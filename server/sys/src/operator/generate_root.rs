//! New root tokens: `sys/generate-root/*` for whoever has shares, `sys/generate-root-token/*` for whoever has a token
//! besides.
//!
//! A listener refuses the former unless its configuration opens them. Their answers have no envelope, as in Vault.

use logical::field::Text;
use logical::secret::SecretText;
use logical::{Access, Done, Fields, Operation, Reply, Route, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::given::Given;
use super::{RootGeneration, RootPlan};
use crate::Sys;
use crate::mounts::Nothing;

/// How one answer shows an attempt.
type Show = fn(&RootGeneration) -> Fields;

#[derive(Deserialize, JsonSchema)]
struct Begin {
    /// A one-time password as long as `otp_length` says; one is made without it.
    #[serde(default)]
    otp: SecretText,
    /// An OpenPGP key in base64 that the token is encrypted for, instead of a password.
    #[serde(default)]
    pgp_key: Text,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("generate-root/attempt", Access::Public, |r| {
            attempt(r.shape(Shape::Bare), shown_bare);
        })
        .route("generate-root/update", Access::Public, |r| {
            update(r.shape(Shape::Bare), shown_bare);
        })
        .route("generate-root-token/attempt", Access::Token, |r| {
            attempt(r, shown)
        })
        .route("generate-root-token/update", Access::Token, |r| {
            update(r, shown_token)
        })
}

fn attempt(route: &mut Route<Sys>, show: Show) {
    route
        .on(
            Operation::Read,
            "Read how far a root token is.",
            move |sys, _, _: Nothing| async move {
                let generation = sys.operator.keyholders().root_generation().await?;
                Ok(Done::reply(Reply::Data(show(&generation))))
            },
        )
        .on(
            Operation::Update,
            "Begin to make a root token.",
            move |sys, _, input: Begin| async move {
                let plan = RootPlan {
                    otp: input.otp,
                    pgp_key: input.pgp_key.into_string(),
                };
                let generation = sys.operator.keyholders().begin_root(plan).await?;
                Ok(Done::reply(Reply::Data(show(&generation))))
            },
        )
        .on(
            Operation::Delete,
            "End an attempt to make a root token.",
            |sys, _, _: Nothing| async move {
                sys.operator.keyholders().cancel_root().await?;
                Ok(Done::empty())
            },
        );
}

fn update(route: &mut Route<Sys>, show: Show) {
    route.on(
        Operation::Update,
        "Give a share; the last one makes the root token.",
        move |sys, _, given: Given| async move {
            let generation = sys.operator.keyholders().offer_to_root(given.offer()?).await?;
            Ok(Done::reply(Reply::Data(show(&generation))))
        },
    );
}

/// Every member, in all answers.
fn shown_bare(generation: &RootGeneration) -> Fields {
    let mut shown = shown(generation);
    let attempt = generation.attempt.as_ref();
    shown.insert("nonce", attempt.map_or("", |attempt| attempt.nonce.as_str()));
    shown.insert(
        "pgp_fingerprint",
        attempt.map_or("", |attempt| attempt.fingerprint.as_str()),
    );
    // The same twice: older clients read the latter.
    shown.insert("encoded_token", encoded(generation));
    shown.insert("encoded_root_token", encoded(generation));
    shown
}

/// How far an attempt is, and the password where one was made.
fn shown(generation: &RootGeneration) -> Fields {
    let attempt = generation.attempt.as_ref();
    let otp = attempt.and_then(|attempt| attempt.otp.as_ref());
    let mut shown = Fields::of(json!({
        "started": attempt.is_some(),
        "progress": attempt.map_or(0, |attempt| attempt.progress),
        "required": generation.required,
        "complete": !encoded(generation).is_empty(),
        "otp": otp.map_or("", SecretText::expose),
        "otp_length": generation.otp_length,
    }));
    if let Some(attempt) = attempt {
        shown.insert("nonce", attempt.nonce.as_str());
        shown.insert("pgp_fingerprint", attempt.fingerprint.as_str());
    }
    shown
}

/// How far an attempt is, and the token once there is one.
fn shown_token(generation: &RootGeneration) -> Fields {
    let mut shown = shown(generation);
    for name in ["otp", "otp_length"] {
        shown.expose_mut().remove(name);
    }
    shown.insert("encoded_token", encoded(generation));
    shown
}

fn encoded(generation: &RootGeneration) -> &str {
    let attempt = generation.attempt.as_ref();
    let encoded = attempt.and_then(|attempt| attempt.encoded.as_ref());
    encoded.map_or("", SecretText::expose)
}
