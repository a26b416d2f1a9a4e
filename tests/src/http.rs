//! A caller of the server's API that knows as little as possible: one connection, plain HTTP, JSON both ways.
//!
//! It repeats nothing: a test must know whether a request was answered, refused, or lost with the connection.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, `null` if there is none.
    pub body: Value,
}

impl Answer {
    /// Tells whether what was asked for happened.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status < 300
    }

    /// Returns the text at a JSON pointer.
    ///
    /// # Panics
    /// If there is none: the test expected another answer.
    #[must_use]
    pub fn text(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        assert!(found.is_some(), "no text at {pointer} of {self:?}");
        found.unwrap_or_default().to_owned()
    }
}

/// Somebody who calls one server, with one token or none.
#[derive(Debug)]
pub struct Caller {
    address: String,
    token: Option<String>,
    connection: Option<BufReader<TcpStream>>,
}

impl Caller {
    /// Returns a caller of the server at `address`, a host and a port.
    #[must_use]
    pub fn new(address: &str, token: Option<&str>) -> Self {
        Self {
            address: address.to_owned(),
            token: token.map(str::to_owned),
            connection: None,
        }
    }

    /// Returns a caller of the same server with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self::new(&self.address, Some(token))
    }

    /// Calls `/v1/` and a path, and waits for the answer.
    ///
    /// # Errors
    /// If there is no connection, or it ends before the answer does: then nobody knows what has happened.
    pub fn call(&mut self, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        let answer = self.exchange(method, path, body);
        if answer.is_err() {
            self.connection = None;
        }
        answer
    }

    /// Reads a path.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.call("GET", path, &Value::Null)
    }

    /// Writes to a path.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.call("POST", path, body)
    }

    fn exchange(&mut self, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        let token = self
            .token
            .as_ref()
            .map(|token| format!("X-Vault-Token: {token}\r\n"))
            .unwrap_or_default();
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let request = format!(
            "{method} /v1/{path} HTTP/1.1\r\nHost: {}\r\n{token}Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.address)?),
        };
        connection.get_mut().write_all(request.as_bytes())?;
        read(connection)
    }
}

fn connect(address: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

/// Reads one answer. The server says how long each is, so the connection can be used again.
fn read(connection: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let first = line(connection)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| wrong(&first))?;
    let mut length = 0;
    loop {
        let header = line(connection)?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(|_| wrong(&header))?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body)?
    };
    Ok(Answer { status, body })
}

fn line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match connection.read_line(&mut line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

fn wrong(line: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not an answer of HTTP: {line:?}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// Answers the calls on one connection with these texts, then ends it.
    fn stub(answers: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            for answer in answers {
                while !line(&mut stream).unwrap().is_empty() {}
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn one_connection_takes_call_after_call() {
        let address = stub(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}",
            "HTTP/1.1 204 No Content\r\n\r\n",
        ]);
        let mut caller = Caller::new(&address, Some("t"));
        assert_eq!(caller.get("x").unwrap().text("/a"), "b");
        let second = caller.post("x", &Value::Null).unwrap();
        assert_eq!((second.status, second.body), (204, Value::Null));
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        let address = stub(&["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\""]);
        assert!(Caller::new(&address, None).get("x").is_err());
    }
}
