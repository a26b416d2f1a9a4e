//! The renewal of a login.

use crate::Kubernetes;
use crate::role::role;
use logical::{Cx, Error, Login, Result};
use std::sync::Arc;

impl Kubernetes {
    /// A login lives on as long as its role is there, and as long as the role says now. The API server is not asked
    /// again, and neither bound names nor policies are looked at: Vault takes a token for what it was when it was made.
    pub(crate) async fn renew_login(self: Arc<Self>, cx: Cx, login: Login) -> Result<Login> {
        let name = login.internal.text("role").unwrap_or_default();
        let found = role(&cx, name).await?;
        let (role, _) = found.ok_or_else(|| {
            Error::invalid(format!("the role {name:?} of this login does not exist any more"))
        })?;
        Ok(Login {
            terms: role.token.terms(),
            ..login
        })
    }
}
