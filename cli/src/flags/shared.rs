//! Flags that many commands have.

use super::Flag;
use crate::command::Section;

/// Where the server is, and how it is talked to.
pub(crate) const HTTP: Section = Section {
    title: "HTTP Options",
    flags: &[
        &ADDRESS,
        &AGENT_ADDRESS,
        &CA_CERT,
        &CA_PATH,
        &CLIENT_CERT,
        &CLIENT_KEY,
        &DISABLE_REDIRECTS,
        &HEADER,
        &MFA,
        &NAMESPACE,
        &NON_INTERACTIVE,
        &NS,
        &OUTPUT_CURL_STRING,
        &OUTPUT_POLICY,
        &POLICY_OVERRIDE,
        &TLS_SERVER_NAME,
        &TLS_SKIP_VERIFY,
        &WRAP_TTL,
    ],
};

/// How the answer is printed.
pub(crate) const FORMATTED: Section = Section {
    title: "Output Options",
    flags: &[&FORMAT],
};

/// How the answer is printed, or one field of it.
pub(crate) const FIELDS: Section = Section {
    title: "Output Options",
    flags: &[&FIELD, &FORMAT],
};

/// How lists are printed.
pub(crate) const DETAILS: Section = Section {
    title: "Output Options",
    flags: &[&DETAILED, &FORMAT],
};

pub(crate) static ADDRESS: Flag = Flag::text("address", "Address of the server.")
    .default("https://127.0.0.1:8200")
    .variable("ADDR");

pub(crate) static AGENT_ADDRESS: Flag = Flag::text(
    "agent-address",
    "Address of an agent, which is talked to instead of the server.",
)
.variable("AGENT_ADDR");

pub(crate) static CA_CERT: Flag = Flag::text(
    "ca-cert",
    "File with the certificates, in PEM, of the authorities that the server's certificate is checked against. \
     Takes precedence over -ca-path.",
)
.variable("CACERT");

pub(crate) static CA_PATH: Flag = Flag::text(
    "ca-path",
    "Folder of files with certificates of authorities, in PEM.",
)
.variable("CAPATH");

pub(crate) static CLIENT_CERT: Flag = Flag::text(
    "client-cert",
    "File with the client's own certificate, in PEM. Needs -client-key too.",
)
.variable("CLIENT_CERT");

pub(crate) static CLIENT_KEY: Flag = Flag::text(
    "client-key",
    "File with the private key that belongs to -client-cert, in PEM.",
)
.variable("CLIENT_KEY");

pub(crate) static DISABLE_REDIRECTS: Flag = Flag::switch(
    "disable-redirects",
    "Do not follow the redirect of a node that is not active.",
)
.variable("DISABLE_REDIRECTS");

pub(crate) static HEADER: Flag = Flag::pairs(
    "header",
    "A header, as name=value, that goes with every request. May be given several times.",
);

pub(crate) static MFA: Flag = Flag::list(
    "mfa",
    "A second factor, for the X-Vault-MFA header. May be given several times.",
)
.variable("MFA");

pub(crate) static NAMESPACE: Flag = Flag::text(
    "namespace",
    "Namespace in which the command runs; paths are relative to it.",
)
.variable("NAMESPACE");

pub(crate) static NS: Flag = Flag::text("ns", "Short for -namespace, which it beats.");

pub(crate) static NON_INTERACTIVE: Flag = Flag::switch("non-interactive", "Never ask on the terminal.");

pub(crate) static OUTPUT_CURL_STRING: Flag = Flag::switch(
    "output-curl-string",
    "Print the request as a call of curl, and do not send it.",
);

pub(crate) static OUTPUT_POLICY: Flag = Flag::switch(
    "output-policy",
    "Print the policy that the command needs, and do not run it.",
);

pub(crate) static POLICY_OVERRIDE: Flag = Flag::switch(
    "policy-override",
    "Override a soft-mandatory policy. Kept for scripts; there are none here.",
);

pub(crate) static TLS_SERVER_NAME: Flag = Flag::text(
    "tls-server-name",
    "Name that the server's certificate must carry.",
)
.variable("TLS_SERVER_NAME");

pub(crate) static TLS_SKIP_VERIFY: Flag = Flag::switch(
    "tls-skip-verify",
    "Accept any certificate of the server. What is sent can be read by whoever stands in between.",
)
.variable("SKIP_VERIFY");

pub(crate) static WRAP_TTL: Flag = Flag::duration(
    "wrap-ttl",
    "Leave the answer with the server, for whoever brings the token that is printed instead; this is how long it waits.",
)
.variable("WRAP_TTL");

pub(crate) static FIELD: Flag = Flag::text(
    "field",
    "Print only this field, without formatting; in a table format without a line's end.",
);

pub(crate) static FORMAT: Flag = Flag::text("format", "Print the output as \"table\", \"json\" or \"yaml\".")
    .default("table")
    .variable("FORMAT");

pub(crate) static DETAILED: Flag =
    Flag::switch("detailed", "Print more about each entry.").variable("DETAILED");
