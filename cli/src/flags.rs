//! Flags: what they are called, what they hold, and what they are for.

pub(crate) mod kinds;
mod parse;
mod parsed;
pub(crate) mod shared;

pub(crate) use kinds::Kind;
pub(crate) use parse::parse;
pub(crate) use parsed::Parsed;

/// One flag. It may be given with one dash or two, its value after `=` or as the next argument.
pub(crate) struct Flag {
    /// The long name.
    pub(crate) name: &'static str,
    /// Other names.
    pub(crate) aliases: &'static [&'static str],
    /// What it holds.
    pub(crate) kind: Kind,
    /// What it holds if it is not given.
    pub(crate) default: &'static str,
    /// The variable that holds it if it is not given, without its prefix `VAULT_`.
    pub(crate) variable: &'static str,
    /// What it is for.
    pub(crate) help: &'static str,
}

impl Flag {
    const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            kind,
            default: "",
            variable: "",
            help,
        }
    }

    /// A flag that is there or not.
    pub(crate) const fn switch(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Switch, help)
    }

    /// A flag that holds a text.
    pub(crate) const fn text(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Text, help)
    }

    /// A flag that holds an integer.
    pub(crate) const fn integer(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Integer, help)
    }

    /// A flag that holds a duration.
    pub(crate) const fn duration(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Duration, help)
    }

    /// A flag that may be given several times, each time with a text.
    pub(crate) const fn list(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::List, help)
    }

    /// A flag that may be given several times, each time with a pair `key=value`.
    pub(crate) const fn pairs(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::Pairs, help)
    }

    /// A flag that holds files with public keys, separated by commas.
    pub(crate) const fn public_keys(name: &'static str, help: &'static str) -> Self {
        Self::new(name, Kind::PublicKeys, help)
    }

    /// The same flag with other names besides.
    pub(crate) const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The same flag with a value for when it is not given.
    pub(crate) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// The same flag with a variable for when it is not given.
    pub(crate) const fn variable(mut self, variable: &'static str) -> Self {
        self.variable = variable;
        self
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}
