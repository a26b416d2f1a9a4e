//! `lease`: credentials that end by themselves, and ending them sooner or later.

mod lookup;
mod renew;
mod revoke;

use crate::command::{Action, Command};

pub(crate) static LEASE: Command = Command {
    name: "lease",
    synopsis: "Leases of dynamic credentials",
    about: "
Shows, renews and ends leases: what dynamic credentials live on.

    $ vault lease renew database/creds/readonly/2f6a614c...

    $ vault lease revoke -prefix database/creds
",
    action: Action::Group(&[&lookup::LOOKUP, &renew::RENEW, &revoke::REVOKE]),
    ..Command::GROUP
};
