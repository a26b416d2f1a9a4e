//! What a service account's annotations say about its alias.

use crate::account::Account;
use crate::api_server::ApiServer;
use logical::{Error, Result};
use std::collections::BTreeMap;

const PREFIX: &str = "vault.hashicorp.com/alias-metadata-";

/// The alias's metadata in the annotations of an account that was reviewed.
///
/// # Errors
/// `Denied` if the API server does not tell: a policy may rest on what is missing.
pub(crate) async fn of(server: &ApiServer, account: &Account) -> Result<BTreeMap<String, String>> {
    let reviewer = server.reviewer.as_ref().ok_or_else(Error::denied)?;
    let found = server
        .service_account(reviewer, &account.namespace, &account.name)
        .await;
    let metadata = found.map_err(|error| Error::denied().caused_by(error))?;
    // Made anew under the same name since the review, it is another account.
    if metadata.uid != account.uid {
        return Err(Error::denied());
    }
    let named = metadata.annotations.into_iter();
    Ok(named
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value)))
        .filter(|(name, _)| !name.is_empty())
        .collect())
}
