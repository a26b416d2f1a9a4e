//! Measures what a decision costs, for a token with few policies and for one with many:
//! `cargo run --release -p server-policy --example speed`.

use logical::{Fields, Operation, Time};
use server_policy::{Acl, DEFAULT, DEFAULT_TEXT, Decision, Facts, Policy, PolicyError, Question};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: u32 = 2_000_000;
const REPEATS: usize = 7;

const PATHS: [(&str, &str, Operation); 5] = [
    ("exact", "secret/data/app-1/config", Operation::Read),
    ("prefix", "secret/data/app-2/deep/key", Operation::Read),
    ("plus", "database/creds/app-2", Operation::Read),
    ("listing", "secret/metadata/app-2/", Operation::List),
    ("no rule", "transit/encrypt/key", Operation::Update),
];

#[expect(clippy::print_stdout, reason = "a measurement is printed")]
fn main() -> Result<(), PolicyError> {
    let acls = [compiled(4)?, compiled(104)?];
    println!("{:8}  {:>12}  {:>12}", "rule", "4 policies", "104 policies");
    for (label, path, operation) in PATHS {
        let [few, many] = acls.each_ref().map(|acl| nanoseconds(acl, path, operation));
        println!(
            "{label:8}  {few:9.1} ns  {many:9.1} ns  {:+.0} %",
            (many / few - 1.0) * 100.0
        );
    }
    Ok(())
}

fn compiled(count: usize) -> Result<Acl, PolicyError> {
    let mut policies = vec![Arc::new(Policy::parse(DEFAULT, DEFAULT_TEXT)?)];
    for number in 1..count {
        let name = format!("app-{number}");
        let text = format!(
            "path \"secret/data/{name}/*\" {{ capabilities = [\"create\", \"read\", \"update\"] }}
             path \"secret/metadata/{name}/*\" {{ capabilities = [\"list\"] }}
             path \"secret/data/{name}/config\" {{ capabilities = [\"read\"] }}
             path \"+/creds/{name}\" {{ capabilities = [\"read\"] }}
             path \"database/{name}/+/x\" {{ capabilities = [\"read\"] }}"
        );
        policies.push(Arc::new(Policy::parse(&name, &text)?));
    }
    Ok(Acl::compile(&policies, &Facts::default(), Time::UNIX_EPOCH))
}

/// The fastest of several repeats, so that other work on the machine does not count.
fn nanoseconds(acl: &Acl, path: &str, operation: Operation) -> f64 {
    let data = Fields::new();
    let question = Question {
        path,
        operation,
        data: &data,
        wrap_ttl: None,
        now: Time::UNIX_EPOCH,
    };
    let repeats = (0..REPEATS).map(|_| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let decision = black_box(acl).decide(black_box(&question));
            black_box(matches!(decision, Decision::Allowed(_)));
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
    });
    repeats.fold(f64::INFINITY, f64::min)
}
