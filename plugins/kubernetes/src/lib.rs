//! Logins of Kubernetes pods: the API server says whose token it is, by a TokenReview.
//!
//! A role says which service accounts may log in and what their tokens may do. What a token claims is looked at before
//! the review, so that a refusal can name its reason; who somebody *is* comes from the review's answer alone, and both
//! must agree. The pod and the node that the answer names become the token's origin.
//!
//! It may never let anybody in without a review of that very login, keep a review's result, or put a token into an
//! error. Which address the API server has is the operator's word; how it is dialled is `server/outbound`'s.
//!
//! Start with `login.rs`, then `review.rs`.

mod login;
mod renew;

mod annotations;
mod api_server;
mod jwt;
mod local_files;
mod review;
mod selector;

mod account;
mod config;
mod flights;
mod glob;
mod pem;
mod role;

#[cfg(test)]
mod cluster;

use logical::Operation::{Delete, List, Read, Update};
use logical::{Access, AuthTable, Outbound, Table};
use std::sync::Arc;

pub use local_files::{LocalFiles, PodFiles};

/// The auth method.
pub struct Kubernetes {
    outbound: Arc<dyn Outbound>,
    files: Arc<dyn LocalFiles>,
    flights: flights::Flights,
}

/// The auth method, which reads its own pod's files where it is configured to.
pub fn kubernetes(outbound: Arc<dyn Outbound>) -> AuthTable<Kubernetes> {
    kubernetes_with(outbound, Arc::new(PodFiles))
}

/// The auth method, with other files for its own pod's.
pub fn kubernetes_with(outbound: Arc<dyn Outbound>, files: Arc<dyn LocalFiles>) -> AuthTable<Kubernetes> {
    let plugin = Kubernetes::new(outbound, files);
    Table::new(plugin, "kubernetes", "Logs Kubernetes service accounts in.")
        .route("config", Access::Token, |r| {
            r.on(
                Read,
                "Read how the API server is reached.",
                Kubernetes::read_config,
            )
            .on(
                Update,
                "Say how the API server is reached.",
                Kubernetes::write_config,
            )
            .pure();
        })
        .route("role", Access::Token, |r| {
            r.on(List, "List the roles.", Kubernetes::list_roles).pure();
        })
        .route("role/{name:word}", Access::Token, |r| {
            r.on(Read, "Read a role.", Kubernetes::read_role)
                .on(Update, "Make a role or change it.", Kubernetes::write_role)
                .on(Delete, "Remove a role.", Kubernetes::delete_role)
                .exists(Kubernetes::role_exists)
                .folds("name")
                .pure();
        })
        .route("login", Access::Public, |r| {
            r.on(Update, "Log a service account in.", Kubernetes::login);
        })
        .logins(Kubernetes::renew_login)
}

impl Kubernetes {
    fn new(outbound: Arc<dyn Outbound>, files: Arc<dyn LocalFiles>) -> Self {
        Self {
            outbound,
            files,
            flights: flights::Flights::default(),
        }
    }
}
