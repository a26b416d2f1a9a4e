//! The flags of `server`, as Vault spells them: one dash, `-flag=value` or `-flag value`.

use anyhow::{Result, bail};

use crate::dev::DevSettings;

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// Configuration files and folders, in order.
    pub(crate) config: Vec<String>,
    /// The dev server, if it was asked for.
    pub(crate) dev: Option<DevSettings>,
    pub(crate) log_level: Option<String>,
    pub(crate) log_format: Option<String>,
    pub(crate) log_file: Option<String>,
}

/// Flags that take no value unless one is given with `=`.
const SWITCHES: [&str; 6] = [
    "dev",
    "dev-no-store-token",
    "dev-tls",
    "dev-no-kv",
    "exit-on-core-shutdown",
    "recovery",
];

impl Flags {
    /// Reads the arguments behind `server`. `env` gives the variables that containers set.
    pub(crate) fn parse(args: &[String], env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut flags = Self::default();
        let mut dev = DevSettings::default();
        let mut is_dev = false;
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            let Some(flag) = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-')) else {
                bail!("unexpected argument {arg:?}; flags of `server` begin with a dash");
            };
            let (name, given) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            let switched = || {
                given
                    .as_deref()
                    .is_none_or(|value| matches!(value, "true" | "1" | "t"))
            };
            let value = match (&given, SWITCHES.contains(&name)) {
                (Some(value), _) => value.clone(),
                (None, true) => String::new(),
                (None, false) => match rest.next() {
                    Some(value) => value.clone(),
                    None => bail!("flag -{name} needs a value"),
                },
            };
            match name {
                "config" => flags.config.push(value),
                "dev" => is_dev = switched(),
                "dev-root-token-id" => dev.root_token = Some(value),
                "dev-listen-address" => dev.listen_address = value,
                "dev-no-store-token" => dev.stores_token = !switched(),
                "dev-no-kv" => dev.mounts_kv = !switched(),
                "log-level" => flags.log_level = Some(value),
                "log-format" => flags.log_format = Some(value),
                "log-file" => flags.log_file = Some(value),
                "exit-on-core-shutdown" | "recovery" if !switched() => {}
                "dev-tls" | "dev-tls-cert-dir" | "dev-cluster-json" | "dev-three-node" | "recovery" => {
                    bail!("flag -{name} is not supported yet")
                }
                _ => bail!("flag provided but not defined: -{name}"),
            }
        }
        let var = |names: [&str; 2]| names.into_iter().find_map(&env).filter(|value| !value.is_empty());
        if is_dev {
            dev.root_token = dev
                .root_token
                .or_else(|| var(["BAO_DEV_ROOT_TOKEN_ID", "VAULT_DEV_ROOT_TOKEN_ID"]));
            if let (true, Some(address)) = (
                dev.listen_address.is_empty(),
                var(["BAO_DEV_LISTEN_ADDRESS", "VAULT_DEV_LISTEN_ADDRESS"]),
            ) {
                dev.listen_address = address;
            }
        }
        flags.dev = is_dev.then_some(dev);
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Flags> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Flags::parse(&args, |_| None)
    }

    #[test]
    fn flags_are_read_as_vault_spells_them() {
        let flags = parse("-dev -dev-root-token-id=root -dev-listen-address 127.0.0.1:1").unwrap();
        let dev = flags.dev.unwrap();
        assert_eq!(dev.root_token.as_deref(), Some("root"));
        assert_eq!(dev.listen_address, "127.0.0.1:1");
        assert_eq!(parse("-config=a -config b").unwrap().config, ["a", "b"]);
    }

    #[test]
    fn a_flag_that_is_none_is_named() {
        assert!(parse("-cofnig=a").unwrap_err().to_string().contains("-cofnig"));
        assert!(
            parse("-config")
                .unwrap_err()
                .to_string()
                .contains("needs a value")
        );
    }
}
