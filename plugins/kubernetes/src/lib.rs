//! Kubernetes auth: a service account's token for one of ours.
