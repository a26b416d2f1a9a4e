//! Ending a login when its lease ends.

use crate::creds::Login;
use crate::ending::Ending;
use crate::engine::Database;
use crate::roles::Role;
use crate::statements::Script;
use logical::{Cx, Lease, Result};
use std::sync::Arc;

/// Ends a login. The statements of the role as it is now count; those that the lease keeps, if the role is gone.
pub(crate) async fn revoke(database: Arc<Database>, cx: Cx, lease: Arc<Lease>) -> Result<()> {
    let login: Login = lease.internal.read()?;
    let role = Role::find(&cx, &login.role).await?.map(|found| found.record);
    let (statements, ownership) = match role {
        Some(role) => (role.revocation_statements, role.ownership),
        None => (login.revocation_statements, login.ownership),
    };
    let statements = Script::parse(&statements)?;
    let (_, connection) = database.connection(&cx, &login.config).await?;
    let session = connection.session().await?;
    session.begin("strongroom revocation").await?;
    let ending = Ending {
        connection: &connection,
        username: &login.username,
        statements: &statements,
        ownership,
    };
    ending.run(&session).await?;
    session.finish().await;
    Ok(())
}
