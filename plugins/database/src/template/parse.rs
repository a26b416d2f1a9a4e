//! Understands a template: what is shown, under which conditions.

use super::scan::{Part, Word, parts, words};
use super::{Fault, functions};
use std::iter::Peekable;
use std::vec::IntoIter;

/// A piece of a template.
pub(super) enum Node {
    Text(String),
    Show(Pipeline),
    /// `{{$name := …}}`.
    Set(String, Pipeline),
    If(Pipeline, Vec<Self>, Vec<Self>),
    With(Pipeline, Vec<Self>, Vec<Self>),
}

/// Commands, each of which gets what the one before it made.
pub(super) type Pipeline = Vec<Vec<Operand>>;

/// A value, or what makes one.
pub(super) enum Operand {
    Field(Vec<String>),
    Variable(String, Vec<String>),
    Text(String),
    Number(i64),
    Flag(bool),
    Function(String),
    Inner(Pipeline),
}

type Parts<'a> = IntoIter<Part<'a>>;
type Words = Peekable<IntoIter<Word>>;

/// What ends a list of nodes.
enum End {
    /// The end of the template.
    Template,
    /// `{{else …}}`, with what stands behind the word.
    Else(Vec<Word>),
    /// `{{end}}`.
    Branch,
}

/// Reads a template.
pub(super) fn parse(template: &str) -> Result<Vec<Node>, Fault> {
    match nodes(&mut parts(template)?.into_iter())? {
        (nodes, End::Template) => Ok(nodes),
        (_, End::Else(_)) => Err("unexpected {{else}}".to_owned()),
        (_, End::Branch) => Err("unexpected {{end}}".to_owned()),
    }
}

fn nodes(parts: &mut Parts<'_>) -> Result<(Vec<Node>, End), Fault> {
    let mut nodes = Vec::new();
    while let Some(part) = parts.next() {
        let action = match part {
            Part::Text(text) => {
                nodes.push(Node::Text(text.to_owned()));
                continue;
            }
            Part::Action(action) => words(action)?,
        };
        match keyword(&action) {
            Some("end") if action.len() == 1 => return Ok((nodes, End::Branch)),
            Some("else") => return Ok((nodes, End::Else(action.into_iter().skip(1).collect()))),
            Some("if" | "with") => nodes.push(branch(action, parts)?),
            Some(word @ ("range" | "define" | "template" | "block" | "break" | "continue")) => {
                return Err(format!("{{{{{word}}}}} is not supported"));
            }
            _ => nodes.push(shown(action)?),
        }
    }
    Ok((nodes, End::Template))
}

fn keyword(action: &[Word]) -> Option<&str> {
    match action.first() {
        Some(Word::Name(name)) => Some(name),
        _ => None,
    }
}

/// `{{if …}} … {{else if …}} … {{else}} … {{end}}`, and the same with `with`.
fn branch(action: Vec<Word>, parts: &mut Parts<'_>) -> Result<Node, Fault> {
    let is_with = keyword(&action) == Some("with");
    let condition = whole(action.into_iter().skip(1).collect())?;
    let (then, end) = nodes(parts)?;
    let otherwise = match end {
        End::Template => return Err("unexpected EOF".to_owned()),
        End::Branch => Vec::new(),
        End::Else(words) if words.is_empty() => match nodes(parts)? {
            (otherwise, End::Branch) => otherwise,
            _ => return Err("expected end of {{else}}".to_owned()),
        },
        // The `end` of the inner branch is that of the outer one.
        End::Else(words) => vec![branch(words, parts)?],
    };
    Ok(if is_with {
        Node::With(condition, then, otherwise)
    } else {
        Node::If(condition, then, otherwise)
    })
}

fn shown(action: Vec<Word>) -> Result<Node, Fault> {
    match action.as_slice() {
        [Word::Variable(name, path), Word::Set, ..] if path.is_empty() => {
            let name = name.clone();
            whole(action.into_iter().skip(2).collect()).map(|pipeline| Node::Set(name, pipeline))
        }
        _ => whole(action).map(Node::Show),
    }
}

fn whole(words: Vec<Word>) -> Result<Pipeline, Fault> {
    let mut words = words.into_iter().peekable();
    let pipeline = pipeline(&mut words)?;
    match words.next() {
        None => Ok(pipeline),
        Some(_) => Err("unexpected right paren".to_owned()),
    }
}

/// Commands up to the end or a closing parenthesis.
fn pipeline(words: &mut Words) -> Result<Pipeline, Fault> {
    let mut commands = vec![Vec::new()];
    while let Some(word) = words.next_if(|word| *word != Word::Close) {
        if word == Word::Pipe {
            commands.push(Vec::new());
        } else if let Some(command) = commands.last_mut() {
            command.push(operand(word, words)?);
        }
    }
    if commands.iter().any(Vec::is_empty) {
        return Err("missing value for command".to_owned());
    }
    Ok(commands)
}

fn operand(word: Word, words: &mut Words) -> Result<Operand, Fault> {
    match word {
        Word::Field(path) => Ok(Operand::Field(path)),
        Word::Variable(name, path) => Ok(Operand::Variable(name, path)),
        Word::Text(text) => Ok(Operand::Text(text)),
        Word::Number(number) => Ok(Operand::Number(number)),
        Word::Name(name) => match name.as_str() {
            "true" => Ok(Operand::Flag(true)),
            "false" => Ok(Operand::Flag(false)),
            known if functions::is_known(known) => Ok(Operand::Function(name)),
            _ => Err(format!("function {name:?} not defined")),
        },
        Word::Open => {
            let inner = pipeline(words)?;
            match words.next() {
                Some(Word::Close) => Ok(Operand::Inner(inner)),
                _ => Err("unclosed left paren".to_owned()),
            }
        }
        Word::Pipe | Word::Close | Word::Set => Err("unexpected sign in command".to_owned()),
    }
}
