//! What Kubernetes puts into every pod: the token of its own service account and the cluster's certificate.

use logical::secret::SecretText;
use std::fs;

const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The files of the pod that we run in ourselves. Read at each login, because Kubernetes replaces them every hour.
pub trait LocalFiles: Send + Sync {
    /// The token of our own service account; `None` outside of a pod.
    fn token(&self) -> Option<SecretText>;
    /// The certificates that the API server's must lead to; `None` outside of a pod.
    fn ca_certificate(&self) -> Option<String>;
}

/// The files where Kubernetes mounts them.
pub struct PodFiles;

impl LocalFiles for PodFiles {
    fn token(&self) -> Option<SecretText> {
        let text = SecretText::new(fs::read_to_string(format!("{FOLDER}/token")).ok()?);
        Some(SecretText::from(text.expose().trim()))
    }

    fn ca_certificate(&self) -> Option<String> {
        fs::read_to_string(format!("{FOLDER}/ca.crt")).ok()
    }
}
