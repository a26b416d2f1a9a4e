//! Of many at once exactly as many win as may.

use crate::world::{TestServer, canary};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// Writers at once.
const WRITERS: usize = 64;
/// Askers at once.
const ASKERS: usize = 100;

fn count(answers: &[u16], status: u16) -> usize {
    answers.iter().filter(|one| **one == status).count()
}

#[test]
fn of_many_writers_who_expect_the_same_version_one_wins() {
    TestServer::on_threads(async |server| {
        for version in 0..4 {
            let writes = (0..WRITERS).map(|number| {
                let value = canary(&format!("{version}-{number}"));
                let body = json!({ "options": { "cas": version }, "data": { "value": value } });
                server.write("secret/data/race", body)
            });
            let answers: Vec<_> = join_all(writes)
                .await
                .iter()
                .map(|answer| answer.status)
                .collect();
            assert_eq!(count(&answers, 200), 1, "{answers:?}");
            assert_eq!(count(&answers, 400), WRITERS - 1, "{answers:?}");
            let now = server.read("secret/data/race").await.expect(200);
            assert_eq!(now.number("/data/metadata/version"), version + 1);
        }
    });
}

#[test]
fn writers_who_expect_nothing_all_get_a_version_of_their_own() {
    TestServer::on_threads(async |server| {
        let writes = (0..WRITERS).map(|number| {
            let body = json!({ "data": { "value": canary(&number.to_string()) } });
            server.write("secret/data/race", body)
        });
        let answers = join_all(writes).await;
        let versions: BTreeSet<i64> = answers
            .into_iter()
            .map(|answer| answer.expect(200).number("/data/version"))
            .collect();
        assert_eq!(versions.len(), WRITERS);
        assert_eq!(versions.last(), Some(&i64::try_from(WRITERS).unwrap()));
    });
}

#[test]
fn a_credential_that_many_want_to_end_is_ended_once() {
    TestServer::on_threads(async |server| {
        for round in 1..=8 {
            let lease = server.read("stage/creds").await.expect(200).text("/lease_id");
            let ends = (0..WRITERS).map(|_| server.write("sys/leases/revoke", json!({ "lease_id": lease })));
            for answer in join_all(ends).await {
                answer.expect(204);
            }
            assert_eq!(server.stage.ends.load(Ordering::SeqCst), round);
        }
    });
}

#[test]
fn a_wrapping_token_is_unwrapped_once() {
    TestServer::on_threads(async |server| {
        let body = json!({ "password": canary("wrapped") });
        let headers = [
            ("X-Vault-Token", server.root.as_str()),
            ("X-Vault-Wrap-TTL", "60"),
        ];
        let request = server.request("POST", "/v1/sys/wrapping/wrap", &headers);
        let wrapped = server
            .send(request, body.to_string().into_bytes())
            .await
            .expect(200);
        let token = wrapped.text("/wrap_info/token");
        let asked = (0..ASKERS).map(|_| server.call("POST", "/v1/sys/wrapping/unwrap", &token, Value::Null));
        let answers = join_all(asked).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(won[0].text("/data/password"), canary("wrapped"));
        let others = answers.iter().filter(|answer| answer.status != 200);
        assert!(
            others
                .into_iter()
                .all(|answer| answer.status == 400 || answer.status == 403)
        );
    });
}

#[test]
fn a_token_of_one_use_is_used_once() {
    TestServer::on_threads(async |server| {
        for uses in [1, 7] {
            let token = server
                .token(json!({ "policies": ["root"], "num_uses": uses }))
                .await;
            let before = server.stage.effects();
            let asked = (0..ASKERS).map(|_| server.call("POST", "/v1/stage/effect", &token, Value::Null));
            let answers: Vec<_> = join_all(asked).await.iter().map(|answer| answer.status).collect();
            assert_eq!(count(&answers, 200), uses, "{answers:?}");
            assert_eq!(count(&answers, 403), ASKERS - uses, "{answers:?}");
            assert_eq!(server.stage.effects() - before, uses);
        }
    });
}

#[test]
fn a_token_revoked_by_many_at_once_is_gone_and_its_credentials_end_once() {
    TestServer::on_threads(async |server| {
        let token = server.token(json!({ "policies": ["root"] })).await;
        for _ in 0..3 {
            server
                .call("GET", "/v1/stage/creds", &token, Value::Null)
                .await
                .expect(200);
        }
        let asked = (0..8).map(|_| server.write("auth/token/revoke", json!({ "token": token })));
        for answer in join_all(asked).await {
            assert!(answer.status == 204 || answer.status == 400, "{answer:?}");
        }
        server
            .until("the credentials are gone", async || server.stage.alive() == 0)
            .await;
        server
            .call("GET", "/v1/auth/token/lookup-self", &token, Value::Null)
            .await
            .expect(403);
    });
}
