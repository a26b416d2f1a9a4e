//! The settings of a mount, as flags.

use crate::flags::Flag;

pub(crate) static ALLOWED_RESPONSE_HEADERS: Flag = Flag::list(
    "allowed-response-headers",
    "Header that the plugin may set in its answers. May be given several times, or with commas.",
);
pub(crate) static AUDIT_NON_HMAC_REQUEST_KEYS: Flag = Flag::list(
    "audit-non-hmac-request-keys",
    "Key whose values in requests are written to audit logs as they are. May be given several times, or with commas.",
);
pub(crate) static AUDIT_NON_HMAC_RESPONSE_KEYS: Flag = Flag::list(
    "audit-non-hmac-response-keys",
    "Key whose values in answers are written to audit logs as they are. May be given several times, or with commas.",
);
pub(crate) static DEFAULT_LEASE_TTL: Flag = Flag::duration(
    "default-lease-ttl",
    "How long a lease lasts unless it says something else.",
);
pub(crate) static DESCRIPTION: Flag = Flag::text("description", "What the mount is for.");
pub(crate) static EXTERNAL_ENTROPY_ACCESS: Flag = Flag::switch(
    "external-entropy-access",
    "Let the plugin use an outside source of randomness.",
);
pub(crate) static FORCE_NO_CACHE: Flag = Flag::switch("force-no-cache", "Never cache what the plugin reads.");
pub(crate) static LISTING_VISIBILITY: Flag = Flag::text(
    "listing-visibility",
    "\"unauth\" shows the mount to whoever is not logged in, \"hidden\" to nobody.",
);
pub(crate) static LOCAL: Flag = Flag::switch("local", "Keep the mount out of replication.");
pub(crate) static MAX_LEASE_TTL: Flag = Flag::duration("max-lease-ttl", "How long a lease lasts at most.");
pub(crate) static OPTIONS: Flag = Flag::pairs(
    "options",
    "An option of the plugin, as key=value. May be given several times.",
);
pub(crate) static PASSTHROUGH_REQUEST_HEADERS: Flag = Flag::list(
    "passthrough-request-headers",
    "Header of requests that the plugin may see. May be given several times, or with commas.",
);
pub(crate) static PATH: Flag = Flag::text("path", "Path of the mount. Without the flag it is the type.");
pub(crate) static PLUGIN_NAME: Flag =
    Flag::text("plugin-name", "Name of the plugin, where the type is \"plugin\".");
pub(crate) static PLUGIN_VERSION: Flag = Flag::text("plugin-version", "Version of the plugin.");
pub(crate) static SEAL_WRAP: Flag =
    Flag::switch("seal-wrap", "Encrypt what matters most with the seal's key too.");
pub(crate) static TOKEN_TYPE: Flag = Flag::text(
    "token-type",
    "Kind of the tokens that logins get: \"service\", \"batch\", or a default of either.",
);
pub(crate) static USER_LOCKOUT_COUNTER_RESET_DURATION: Flag = Flag::duration(
    "user-lockout-counter-reset-duration",
    "Time without a failed login after which failures are forgotten.",
);
pub(crate) static USER_LOCKOUT_DISABLE: Flag =
    Flag::switch("user-lockout-disable", "Never lock anybody out.");
pub(crate) static USER_LOCKOUT_DURATION: Flag =
    Flag::duration("user-lockout-duration", "How long somebody is locked out.");
pub(crate) static USER_LOCKOUT_THRESHOLD: Flag = Flag::integer(
    "user-lockout-threshold",
    "Number of failed logins after which somebody is locked out.",
);
pub(crate) static VERSION: Flag = Flag::integer("version", "Version of the engine; kv has 1 and 2.");
