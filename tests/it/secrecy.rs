//! Nothing that a client stores is readable in the data directory: no value, and no name.

use crate::world::{CANARY, TestServer, canary, files};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::fs;

/// Every way in which a text might lie in a file.
fn spellings(text: &str) -> Vec<Vec<u8>> {
    let mut found = vec![text.as_bytes().to_vec(), hex::encode(text).into_bytes()];
    found.push(hex::encode_upper(text).into_bytes());
    // Base64 of a text depends on where in a group of three its first byte falls; the middle is the same.
    for before in 0..3 {
        let padded = [vec![0; before].as_slice(), text.as_bytes()].concat();
        for encoded in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            let middle = &encoded[4 * before.div_ceil(3)..encoded.len() - 3];
            found.push(middle.as_bytes().to_vec());
        }
    }
    found.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    found
}

/// Stores something at every path that keeps what it is given.
async fn plant(server: &TestServer) {
    let word = |of: &str| canary(of);
    let value = |of: &str| json!({ "data": { "value": word(of), word("member"): 1 } });
    server
        .write(&format!("secret/data/{CANARY}/path"), value("kv2"))
        .await
        .expect(200);
    let custom = json!({ "custom_metadata": { "note": word("custom") } });
    server
        .write(&format!("secret/metadata/{CANARY}/path"), custom)
        .await
        .expect(204);
    server
        .delete(&format!("secret/data/{CANARY}/path"))
        .await
        .expect(204);
    let mount = json!({ "type": "kv", "description": word("description") });
    server
        .write(&format!("sys/mounts/{CANARY}"), mount)
        .await
        .expect(204);
    server
        .write(&format!("{CANARY}/{CANARY}"), json!({ "value": word("kv1") }))
        .await
        .expect(204);
    server
        .write(
            &format!("cubbyhole/{CANARY}"),
            json!({ "value": word("cubbyhole") }),
        )
        .await
        .expect(204);
    let policy = json!({ "policy": format!("path \"{CANARY}/*\" {{ capabilities = [\"read\"] }}") });
    server
        .write(&format!("sys/policies/acl/{CANARY}"), policy)
        .await
        .expect(204);
    let token = json!({
        "policies": [CANARY], "display_name": word("display"), "meta": { "user": word("meta") }, "ttl": "1h",
    });
    server.write("auth/token/create", token.clone()).await.expect(200);
    let batch =
        json!({ "type": "batch", "policies": ["default"], "ttl": "1h", "meta": { "user": word("batch") } });
    server.write("auth/token/create", batch).await.expect(200);
    let headers = [
        ("X-Vault-Token", server.root.as_str()),
        ("X-Vault-Wrap-TTL", "1h"),
    ];
    let request = server.request("POST", "/v1/sys/wrapping/wrap", &headers);
    let body = json!({ "value": word("wrapped") });
    server
        .send(request, body.to_string().into_bytes())
        .await
        .expect(200);
    server.read("stage/creds").await.expect(200);
    plant_database(server).await;
    let device =
        json!({ "type": "file", "description": word("device"), "options": { "file_path": "discard" } });
    server
        .write(&format!("sys/audit/{CANARY}"), device)
        .await
        .expect(204);
    server
        .write(
            &format!("sys/config/auditing/request-headers/x-{CANARY}"),
            json!({}),
        )
        .await
        .expect(204);
}

async fn plant_database(server: &TestServer) {
    server
        .write("sys/mounts/database", json!({ "type": "database" }))
        .await
        .expect(204);
    let connection = json!({
        "plugin_name": "postgresql-database-plugin",
        "connection_url": format!("postgresql://{{{{username}}}}:{{{{password}}}}@127.0.0.1:1/{CANARY}"),
        "username": canary("administrator"),
        "password": canary("database"),
        "allowed_roles": "*",
        "verify_connection": false,
    });
    let path = format!("database/config/{CANARY}");
    server.write(&path, connection).await;
    let role = json!({ "db_name": CANARY, "creation_statements": [canary("statement")] });
    server
        .write(&format!("database/roles/{CANARY}"), role)
        .await
        .expect(204);
}

fn search(server: &TestServer, texts: &[String]) {
    let files = files(&server.data());
    assert!(!files.is_empty());
    for file in files {
        let name = file.display().to_string();
        let bytes = fs::read(&file).unwrap();
        for text in texts {
            for spelling in spellings(text) {
                let hit = bytes.windows(spelling.len()).any(|window| window == spelling);
                assert!(!hit && !name.contains(text.as_str()), "{text:?} is in {name}");
            }
        }
    }
}

#[tokio::test]
async fn no_value_and_no_name_is_readable_at_rest() {
    let server = TestServer::embedded().await;
    // The paths that this test asks for carry the mark, and the log tells paths.
    plant(&server).await;
    let texts = [CANARY.to_owned(), server.root.clone()];
    search(&server, &texts);
    server.stop().await;
    search(&server, &texts);
    server.forgive_names();
}

#[test]
fn a_text_is_found_however_it_is_spelled() {
    for before in ["", "a", "ab", "abc"] {
        let hidden = STANDARD_NO_PAD.encode(format!("{before}{CANARY}-and-more"));
        let found = spellings(CANARY).iter().any(|spelling| {
            hidden
                .as_bytes()
                .windows(spelling.len())
                .any(|window| window == spelling)
        });
        assert!(found, "{hidden}");
    }
    let _ = Value::Null;
}
