//! The command line alone, without the server.

fn main() -> std::process::ExitCode {
    let mut args = std::env::args();
    let program = args.next().unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or_default();
    let name = if program == "vault" { "vault" } else { "strongroom" };
    let status = cli::run(args.collect(), name);
    std::process::ExitCode::from(u8::try_from(status).unwrap_or(1))
}
