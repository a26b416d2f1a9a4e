//! The program: `strongroom server …` is the server, everything else is the command line. Called through a link named
//! `vault` it answers as `vault`.

use std::path::Path;
use std::process::exit;

fn main() {
    let mut args = std::env::args();
    let called = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let program = Path::new(&called)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("strongroom");
    let status = match args.split_first() {
        Some((first, rest)) if first == "server" && !rest.iter().any(|arg| is_help(arg)) => {
            strongroom::server(rest)
        }
        _ => cli::run(args, program),
    };
    exit(status);
}

fn is_help(arg: &str) -> bool {
    matches!(arg, "-h" | "-help" | "--help")
}
