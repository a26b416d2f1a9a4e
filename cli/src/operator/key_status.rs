//! `operator key-status`: the key that storage is encrypted with.

use client::{Answer, Request};
use serde_json::{Map, Value};

use crate::command::{Action, Command};
use crate::failure::{Context, Exit, Failure};
use crate::flags::shared::{FORMATTED, HTTP};
use crate::output::{Format, Table, cell};
use crate::session::Session;

pub(super) static KEY_STATUS: Command = Command {
    name: "key-status",
    synopsis: "Show the key that storage is encrypted with",
    about: "
Shows which key storage is encrypted with, since when, and how often it has been used.

    $ vault operator key-status
",
    sections: &[HTTP, FORMATTED],
    action: Action::Run(run),
    ..Command::LEAF
};

fn run(session: &mut Session<'_>) -> Result<Exit, Failure> {
    let answer = session
        .send(Request::get("sys/key-status"))
        .context(|| "Error reading key status".to_owned())?;
    show(session, &answer)
}

/// Shows the key that an answer is about.
pub(super) fn show(session: &mut Session<'_>, answer: &Answer) -> Result<Exit, Failure> {
    if session.format != Format::Table {
        let names = ["term", "install_time", "encryptions"];
        let key: Map<String, Value> = names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), answer.member(name)?.clone())))
            .collect();
        return session.show_value(&key);
    }
    let mut table = Table::new(["Key", "Value"]);
    table.pair("Key Term", &cell(answer.member("term")));
    table.pair("Install Time", &minute(&cell(answer.member("install_time"))));
    table.pair("Encryption Count", &cell(answer.member("encryptions")));
    session.terminal.say(&table.draw_rows());
    Ok(Exit::Success)
}

/// A time to the minute: `31 Jan 24 12:00 UTC`.
fn minute(time: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let parts: Vec<&str> = time.split(['-', 'T', ':']).collect();
    let [year, month, day, hour, minute, ..] = parts.as_slice() else {
        return time.to_owned();
    };
    let month = month
        .parse::<usize>()
        .ok()
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (month, year.get(2..)) {
        (Some(month), Some(year)) => format!("{day} {month} {year} {hour}:{minute} UTC"),
        _ => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute() {
        assert_eq!(minute("2024-01-31T12:00:59.5Z"), "31 Jan 24 12:00 UTC");
        assert_eq!(minute("soon"), "soon");
    }
}
