//! How the API server is reached.

use crate::api_server::ApiServer;
use crate::{Kubernetes, pem};
use logical::field::{CommaList, Flag, Text};
use logical::secret::SecretText;
use logical::{Batch, Cx, Done, Error, Key, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;
use std::sync::Arc;

/// The configuration of the method.
#[derive(Serialize, Deserialize)]
pub(crate) struct Config {
    host: String,
    ca_certificate: String,
    #[serde(serialize_with = "for_the_barrier")]
    reviewer: SecretText,
    pub(crate) pem_keys: Vec<String>,
    issuer: String,
    checks_issuer: bool,
    uses_local_files: bool,
    #[serde(default)]
    pub(crate) shows_annotations: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WriteConfig {
    /// URL of the API server.
    kubernetes_host: Text,
    /// Certificates that the API server's must lead to, as PEM.
    kubernetes_ca_cert: Text,
    /// Token of the service account that asks for reviews; without it each client's own token asks.
    token_reviewer_jwt: SecretText,
    /// Public keys or certificates, as PEM, of which one must have signed a token before the API server is asked.
    pem_keys: CommaList,
    /// Issuer that tokens must have, if that is checked.
    issuer: Text,
    /// Whether the issuer is left unchecked.
    disable_iss_validation: Flag,
    /// Whether the files of the pod that the server runs in stay unused.
    disable_local_ca_jwt: Flag,
    /// Whether annotations of the service account become metadata of the alias.
    use_annotations_as_alias_metadata: Flag,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct ReadConfig {}

impl Default for WriteConfig {
    fn default() -> Self {
        Self {
            kubernetes_host: Text::default(),
            kubernetes_ca_cert: Text::default(),
            token_reviewer_jwt: SecretText::default(),
            pem_keys: CommaList::default(),
            issuer: Text::default(),
            // Vault's default: the issuer depends on how the cluster was set up.
            disable_iss_validation: Flag(true),
            disable_local_ca_jwt: Flag(false),
            use_annotations_as_alias_metadata: Flag(false),
        }
    }
}

impl Config {
    /// The issuer that tokens must have, if that is checked.
    pub(crate) fn issuer(&self) -> Option<&str> {
        Some(self.issuer.as_str()).filter(|issuer| self.checks_issuer && !issuer.is_empty())
    }
}

impl Kubernetes {
    pub(crate) async fn read_config(self: Arc<Self>, cx: Cx, _: ReadConfig) -> Result<Done> {
        let config = config(&cx).await?.ok_or_else(Error::not_found)?;
        Ok(Done::data(json!({
            "kubernetes_host": config.host,
            "kubernetes_ca_cert": config.ca_certificate,
            "token_reviewer_jwt_set": !config.reviewer.is_empty(),
            "pem_keys": config.pem_keys,
            "issuer": config.issuer,
            "disable_iss_validation": !config.checks_issuer,
            "disable_local_ca_jwt": !config.uses_local_files,
            "use_annotations_as_alias_metadata": config.shows_annotations,
        })))
    }

    /// Writes the configuration as a whole: what is left out is dropped, the reviewer too. Hosts and certificates are
    /// taken as they are; Vault finds out at the first login, and clients rely on it.
    pub(crate) async fn write_config(self: Arc<Self>, _: Cx, input: WriteConfig) -> Result<Done> {
        let config = Config {
            host: input.kubernetes_host.into_string(),
            ca_certificate: input.kubernetes_ca_cert.into_string(),
            reviewer: input.token_reviewer_jwt,
            pem_keys: input.pem_keys.0,
            issuer: input.issuer.into_string(),
            checks_issuer: !input.disable_iss_validation.0,
            uses_local_files: !input.disable_local_ca_jwt.0,
            shows_annotations: input.use_annotations_as_alias_metadata.0,
        };
        if config.host.is_empty() {
            return Err(Error::invalid("no host provided"));
        }
        if config.ca_certificate.is_empty() && !config.uses_local_files {
            return Err(Error::invalid(
                "kubernetes_ca_cert must be given when disable_local_ca_jwt is true",
            ));
        }
        if !config.pem_keys.iter().all(|text| pem::public_key(text).is_some()) {
            return Err(Error::invalid("data does not contain any valid public keys"));
        }
        let mut batch = Batch::new();
        batch.put_json(key(), &config)?;
        Ok(Done::empty().commit(batch))
    }

    /// The API server of a configuration, with what our own pod's files add to it.
    pub(crate) fn api_server(&self, config: &Config) -> ApiServer {
        let files = Some(&self.files).filter(|_| config.uses_local_files);
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let reviewer = Some(config.reviewer.clone()).filter(|reviewer| !reviewer.is_empty());
        ApiServer {
            outbound: Arc::clone(&self.outbound),
            host: config.host.clone(),
            trust_pem: given(&config.ca_certificate).or_else(|| files?.ca_certificate()),
            reviewer: reviewer.or_else(|| files?.token()),
        }
    }
}

/// The configuration; `None` before it was written.
pub(crate) async fn config(cx: &Cx) -> Result<Option<Config>> {
    let found = cx.storage.get(&key()).await?;
    found.map(|record| record.json()).transpose()
}

fn key() -> Key {
    Key::of("config")
}

/// A record is sealed before it leaves the house; nothing else serializes a configuration.
fn for_the_barrier<S: Serializer>(secret: &SecretText, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[cfg(test)]
mod tests {
    use crate::cluster::{Lab, config};
    use logical::Operation::{Read, Update};
    use logical::testing::Answer;
    use serde_json::{Value, json};

    #[tokio::test]
    async fn a_configuration_is_written_as_a_whole_and_never_shows_the_reviewer() {
        let lab = Lab::new();
        assert_eq!(lab.bench.ask(Read, "config", json!({})).await, Answer::absent());
        let key = include_str!("login/right.pem");
        lab.write(
            "config",
            config(json!({ "pem_keys": key, "issuer": "i", "disable_iss_validation": "false" })),
        )
        .await;
        let expected = json!({ "kubernetes_host": "https://k8s:6443/", "kubernetes_ca_cert": "CA", "disable_local_ca_jwt": true,
            "token_reviewer_jwt_set": true, "pem_keys": [key.trim()], "issuer": "i", "disable_iss_validation": false,
            "use_annotations_as_alias_metadata": false });
        assert_eq!(lab.read("config").await, expected);
        lab.write("config", json!({ "kubernetes_host": 6443 })).await;
        let expected = json!({ "kubernetes_host": "6443", "kubernetes_ca_cert": "", "disable_local_ca_jwt": false,
            "token_reviewer_jwt_set": false, "pem_keys": [], "issuer": "", "disable_iss_validation": true,
            "use_annotations_as_alias_metadata": false });
        assert_eq!(lab.read("config").await, expected);
    }

    #[tokio::test]
    async fn a_refused_configuration_leaves_the_old_one_as_it_was() {
        let lab = Lab::new();
        lab.write("config", config(json!({ "issuer": "first" }))).await;
        let check = async |body: Value, expected: &str| {
            assert_eq!(
                lab.bench.ask(Update, "config", body).await,
                Answer::invalid(expected)
            );
        };
        check(json!({}), "no host provided").await;
        check(json!({ "kubernetes_host": "" }), "no host provided").await;
        let no_ca = json!({ "kubernetes_host": "k8s", "disable_local_ca_jwt": "true" });
        check(
            no_ca,
            "kubernetes_ca_cert must be given when disable_local_ca_jwt is true",
        )
        .await;
        for keys in [
            json!("not a key"),
            json!(["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]),
        ] {
            check(
                config(json!({ "pem_keys": keys })),
                "data does not contain any valid public keys",
            )
            .await;
        }
        assert_eq!(lab.read("config").await["issuer"], "first");
    }
}
