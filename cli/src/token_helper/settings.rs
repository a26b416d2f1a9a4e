//! The user's settings: `~/.vault`, or the file that `VAULT_CONFIG_PATH` names.

use std::path::PathBuf;

use crate::env::Environment;
use crate::files;

/// The program that the settings name as the keeper of tokens.
pub(super) fn token_helper(env: &Environment) -> Result<Option<PathBuf>, String> {
    let default = || env.home().map(|home| home.join(".vault"));
    let path = env.get("CONFIG_PATH").map(PathBuf::from).or_else(default);
    let Some(path) = path.filter(|path| path.is_file()) else {
        return Ok(None);
    };
    let text = files::read_text(&path)?;
    let fault = |error: hcl::Error| {
        format!(
            "error parsing config file at {:?}: {error}; ensure that the file is valid; Ansible Vault is known to conflict with it.",
            path.display()
        )
    };
    let settings = hcl::parse(&text).map_err(fault)?;
    let Some(helper) = settings.attr("token_helper").map_err(fault)? else {
        return Ok(None);
    };
    let helper = helper.as_str().map_err(fault)?;
    Ok(Some(expanded(helper, env)?).filter(|program| !program.as_os_str().is_empty()))
}

/// The whole path of the program: `~` is the home folder, and other paths must begin at the root.
fn expanded(helper: &str, env: &Environment) -> Result<PathBuf, String> {
    let program = match (helper.strip_prefix("~/"), env.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(helper),
    };
    if helper.is_empty() || (program.is_absolute() && program.exists()) {
        return Ok(program);
    }
    Err(format!(
        "the token helper {helper:?} is not there; its path must begin with \"/\" or \"~/\""
    ))
}
