//! The nouns and contracts of the house.
//!
//! Every other crate speaks in these words: a `Request` comes in along a `RequestPath`, a `Plugin` declared as a
//! `Table` answers with `Done` (a `Reply` and the `Batch` that makes it true), `Storage` is what a plugin sees of the
//! disk and `Backend` is who holds the bytes.
//!
//! What is not here: input and output of any kind, a runtime, ciphers, HTTP. Time and randomness are traits.
//!
//! Start with `plugin.rs`, then `table/mod.rs`, then `batch.rs`.

mod ambient;
mod error;
mod fields;
mod id;
pub mod secret;

mod backend;
mod batch;
mod key;
mod seal;
mod storage;

mod caller;
mod path;
mod reply;
mod request;
mod response;

pub mod field;
mod lifetime;
mod outbound;
mod plugin;
pub mod table;

#[cfg(feature = "testing")]
pub mod testing;

pub use ambient::{Clock, Random, Time};
pub use backend::{Backend, Change, Child, Record, StoredBatch, StoredKey, StoredWrite};
pub use batch::{Batch, Expect, Fence, Revision, Write};
pub use caller::{Caller, CallerKind, Entity, Origin, TokenType};
pub use error::{Error, ErrorKind, Result};
pub use fields::Fields;
pub use id::{Id, random_text, random_uuid};
pub use key::{Key, Segment};
pub use lifetime::{Grant, Lifetime};
pub use outbound::{Outbound, OutboundAnswer, OutboundCall};
pub use path::{RequestPath, is_printable};
pub use plugin::{
    AuthMethod, Call, Captures, Cx, Lease, MountFacts, Mounted, Next, Plugin, Renewal, RequestFacts,
    Services, Tuning,
};
pub use reply::{Alias, Done, LeaseTerms, Login, Reply, TokenTerms};
pub use request::{Headers, Operation, Remote, Request};
pub use response::{AuthInfo, Body, LeaseInfo, Response, Shape, WrapInfo};
pub use seal::{Progress, Seal, SealConfig};
pub use storage::{Opened, Page, Row, Span, Storage, Store};
pub use table::{Access, AuthTable, Manifest, Route, Table};
