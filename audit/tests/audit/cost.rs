//! What both entries of a KV read cost: `cargo test --release -p audit -- --ignored --nocapture cost`.

use crate::room::*;
use logical::{LeaseInfo, Operation};
use serde_json::json;
use std::time::Instant;

const ROUNDS: u32 = 100_000;

#[tokio::test]
#[ignore = "measures, and asserts nothing"]
async fn cost_of_both_entries_of_a_read() {
    let (kv, root, by) = (mount("kv", "kv/"), root(), names(&["root"]));
    let asked = request(Operation::Read, "kv/a", json!({}));
    let mut response = answer(json!({"user": "ann", "password": "a password of some length"}));
    response.lease = Some(LeaseInfo::default());
    let (subject, outcome) = (subject(&asked, &kv, &root, &by), ended(&response));
    for (what, room) in [("no device", Room::empty()), ("a file", Room::with(&[]).await)] {
        measure(what, &room, async || room.broker.both(&subject, &outcome).await).await;
    }
    let room = Room::empty();
    room.broker
        .enable(file("gone", "discard"), &b"salt"[..].into())
        .await
        .unwrap();
    measure("discard", &room, async || {
        room.broker.both(&subject, &outcome).await
    })
    .await;
}

async fn measure(what: &str, room: &Room, pair: impl AsyncFn() -> logical::Result<()>) {
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        pair().await.unwrap();
    }
    let each = begun.elapsed() / ROUNDS;
    println!("{what}: {each:?} a pair, {} devices", room.broker.list().len());
}
