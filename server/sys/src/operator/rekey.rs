//! New key shares: `sys/rekey/*` for whoever has shares, and `sys/rotate/root/*` for whoever has a token besides.
//!
//! A listener refuses the former unless its configuration opens them. Their answers have no envelope, as in Vault.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use logical::field::{CommaList, Flag, Integer};
use logical::secret::Plaintext;
use logical::{Access, Done, Error, Fields, Operation, Reply, Result, Route, Shape, Table};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::given::Given;
use super::{NewShares, RekeyPlan, Rekeyed, Rekeying, Verified};
use crate::Sys;
use crate::mounts::Nothing;

/// Who is asked, and so how the answers look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// `sys/rekey`: nobody needs a token.
    Open,
    /// `sys/rotate/root`.
    Token,
}

/// What `sys/rotate/root/init` takes.
#[derive(Deserialize, JsonSchema)]
struct Loose {
    /// How many shares there are to be.
    #[serde(default)]
    secret_shares: Integer,
    /// How many of them open the store.
    #[serde(default)]
    secret_threshold: Integer,
    /// OpenPGP keys in base64, one for each share.
    #[serde(default)]
    pgp_keys: CommaList,
    /// Whether the encrypted shares are kept in the store, too.
    #[serde(default)]
    backup: Flag,
    /// Whether the new shares count only once they have been given back.
    #[serde(default)]
    require_verification: Flag,
}

/// The same for `sys/rekey/init`, whose numbers are numbers: Vault takes no text for them.
#[derive(Deserialize, JsonSchema)]
struct Strict {
    /// How many shares there are to be.
    #[serde(default)]
    secret_shares: i64,
    /// How many of them open the store.
    #[serde(default)]
    secret_threshold: i64,
    /// OpenPGP keys in base64, one for each share.
    #[serde(default)]
    pgp_keys: Vec<String>,
    /// Whether the encrypted shares are kept in the store, too.
    #[serde(default)]
    backup: bool,
    /// Whether the new shares count only once they have been given back.
    #[serde(default)]
    require_verification: bool,
}

pub(super) fn routes(table: Table<Sys>) -> Table<Sys> {
    table
        .route("rekey/init", Access::Public, |r| {
            attempt(r.shape(Shape::Bare), Door::Open);
            begin::<Strict>(r, Door::Open);
        })
        .route("rekey/update", Access::Public, |r| {
            update(r.shape(Shape::Bare), Door::Open);
        })
        .route("rekey/verify", Access::Public, |r| {
            verify(r.shape(Shape::Bare));
        })
        .route("rotate/root/init", Access::Token, |r| {
            attempt(r, Door::Token);
            begin::<Loose>(r, Door::Token);
        })
        .route("rotate/root/update", Access::Token, |r| update(r, Door::Token))
        .route("rotate/root/verify", Access::Token, verify)
        .route("rekey-recovery-key/{step}", Access::Public, recovery)
        .route("rotate/recovery/{step}", Access::Token, recovery)
}

fn attempt(route: &mut Route<Sys>, door: Door) {
    route
        .on(
            Operation::Read,
            "Read how far a rekeying is.",
            move |sys, _, _: Nothing| async move {
                let rekeying = sys.operator.keyholders().rekeying().await?;
                Ok(Done::reply(Reply::Data(door.show(&rekeying))))
            },
        )
        .on(
            Operation::Delete,
            "End a rekeying; the present shares stay.",
            |sys, _, _: Nothing| async move {
                sys.operator.keyholders().cancel_rekey().await?;
                Ok(Done::empty())
            },
        );
}

fn begin<I>(route: &mut Route<Sys>, door: Door)
where
    I: serde::de::DeserializeOwned + JsonSchema + Into<RekeyPlan> + Send + 'static,
{
    route.on(
        Operation::Update,
        "Begin a rekeying.",
        move |sys, _, input: I| async move {
            let rekeying = sys.operator.keyholders().begin_rekey(input.into()).await?;
            Ok(Done::reply(Reply::Data(door.show(&rekeying))))
        },
    );
}

fn update(route: &mut Route<Sys>, door: Door) {
    route.on(
        Operation::Update,
        "Give a share of the present key; the last one makes new shares.",
        move |sys, _, given: Given| async move {
            match sys.operator.keyholders().offer_to_rekey(given.offer()?).await? {
                Rekeyed::Waiting(rekeying) => Ok(Done::reply(Reply::Data(door.show(&rekeying)))),
                Rekeyed::Shares(new) => Ok(Done::reply(Reply::Data(door.tell(&new)))),
            }
        },
    );
}

fn verify(route: &mut Route<Sys>) {
    route
        .on(
            Operation::Read,
            "Read how far a verification is.",
            |sys, _, _: Nothing| async move {
                shown_verification(&sys.operator.keyholders().rekeying().await?)
            },
        )
        .on(
            Operation::Update,
            "Give a new share back; the last one puts the new shares into force.",
            |sys, _, given: Given| async move {
                match sys.operator.keyholders().verify_rekey(given.offer()?).await? {
                    Verified::Waiting(rekeying) => shown_verification(&rekeying),
                    Verified::InForce(nonce) => {
                        Ok(Done::data(json!({ "nonce": nonce, "complete": true })))
                    }
                }
            },
        )
        .on(
            Operation::Delete,
            "Begin a verification anew.",
            |sys, _, _: Nothing| async move {
                shown_verification(&sys.operator.keyholders().restart_verification().await?)
            },
        );
}

/// A seal that is opened by shares has no recovery keys.
fn recovery(route: &mut Route<Sys>) {
    #[derive(Deserialize, JsonSchema)]
    struct Step {
        /// `init`, `update` or `verify`.
        #[expect(dead_code, reason = "the answer is the same for each")]
        step: String,
    }
    for operation in [Operation::Read, Operation::Update, Operation::Delete] {
        route.on(
            operation,
            "Rekey recovery keys, which a seal by shares has none of.",
            |_, _, _: Step| async { Err(Error::invalid("recovery rekeying not supported")) },
        );
    }
}

impl Door {
    /// How far a rekeying is.
    fn show(self, rekeying: &Rekeying) -> Fields {
        let required = rekeying.required;
        let Some(attempt) = &rekeying.attempt else {
            return Fields::of(match self {
                Self::Token => json!({ "started": false, "n": 0, "t": 0, "required": required }),
                Self::Open => json!({
                    "started": false, "nonce": "", "n": 0, "t": 0, "progress": 0, "required": required,
                    "pgp_fingerprints": null, "backup": false, "verification_required": false,
                }),
            });
        };
        let mut shown = Fields::of(json!({
            "started": true,
            "nonce": attempt.nonce,
            "n": attempt.shares,
            "t": attempt.threshold,
            "progress": attempt.progress,
            "required": required,
            "verification_required": attempt.verification,
        }));
        let verified = attempt.verified.as_ref();
        self.add_verification(&mut shown, verified.map(|verified| verified.nonce.as_str()));
        if self == Self::Open || !attempt.fingerprints.is_empty() {
            shown.insert("pgp_fingerprints", fingerprints(&attempt.fingerprints));
            shown.insert("backup", attempt.backup);
        }
        shown
    }

    /// The new shares.
    fn tell(self, new: &NewShares) -> Fields {
        let mut told = Fields::of(json!({
            "complete": true,
            "nonce": new.nonce,
            "keys": new.shares.iter().map(hex_of).collect::<Vec<_>>(),
            "keys_base64": new.shares.iter().map(base64_of).collect::<Vec<_>>(),
            "pgp_fingerprints": fingerprints(&new.fingerprints),
            "backup": new.backup,
            "verification_required": new.verification_nonce.is_some(),
        }));
        self.add_verification(&mut told, new.verification_nonce.as_deref());
        told
    }

    /// Where there is none, `sys/rekey` has no member for it and the other one an empty text.
    fn add_verification(self, members: &mut Fields, nonce: Option<&str>) {
        if self == Self::Token || nonce.is_some() {
            members.insert("verification_nonce", nonce.unwrap_or_default());
        }
    }
}

fn shown_verification(rekeying: &Rekeying) -> Result<Done> {
    let attempt = rekeying.attempt.as_ref();
    let attempt = attempt.ok_or_else(|| Error::invalid("no rekey configuration found"))?;
    let verified = attempt.verified.as_ref();
    Ok(Done::data(json!({
        "started": verified.is_some(),
        "nonce": verified.map_or("", |verified| verified.nonce.as_str()),
        "n": attempt.shares,
        "t": attempt.threshold,
        "progress": verified.map_or(0, |verified| verified.progress),
    })))
}

/// Vault says null for none.
fn fingerprints(fingerprints: &[String]) -> Value {
    match fingerprints {
        [] => Value::Null,
        some => json!(some),
    }
}

pub(super) fn hex_of(share: &Plaintext) -> String {
    hex::encode(share.expose())
}

pub(super) fn base64_of(share: &Plaintext) -> String {
    STANDARD.encode(share.expose())
}

impl From<Loose> for RekeyPlan {
    fn from(input: Loose) -> Self {
        Self {
            shares: input.secret_shares.0,
            threshold: input.secret_threshold.0,
            pgp_keys: input.pgp_keys.0,
            backup: input.backup.0,
            verification: input.require_verification.0,
        }
    }
}

impl From<Strict> for RekeyPlan {
    fn from(input: Strict) -> Self {
        Self {
            shares: input.secret_shares,
            threshold: input.secret_threshold,
            pgp_keys: input.pgp_keys,
            backup: input.backup,
            verification: input.require_verification,
        }
    }
}
