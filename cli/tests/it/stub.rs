//! A server that answers what its script says, request by request, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// The server.
pub(crate) struct Stub {
    /// Its address.
    pub(crate) address: String,
    thread: JoinHandle<Vec<Asked>>,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Method and path: `GET /v1/secret/data/x`.
    pub(crate) line: String,
    /// The value of `X-Vault-Token`.
    pub(crate) token: Option<String>,
    /// The body.
    pub(crate) body: String,
}

impl Stub {
    /// Answers in this order, each with a status and a body.
    pub(crate) fn answering(script: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let script: Vec<(u16, String)> = script
            .iter()
            .map(|(status, body)| (*status, (*body).to_owned()))
            .collect();
        let thread = std::thread::spawn(move || {
            script
                .iter()
                .map_while(|(status, body)| serve(&listener, *status, body))
                .collect()
        });
        Self { address, thread }
    }

    /// Ends the server and returns what it was asked.
    pub(crate) fn asked(self) -> Vec<Asked> {
        // A visitor that says nothing ends a server that still waits for requests.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        self.thread.join().expect("the server ends")
    }

    /// Ends the server and returns the lines and bodies of what it was asked.
    pub(crate) fn lines(self) -> Vec<String> {
        self.asked()
            .iter()
            .map(|asked| format!("{} {}", asked.line, asked.body).trim().to_owned())
            .collect()
    }
}

fn serve(listener: &TcpListener, status: u16, body: &str) -> Option<Asked> {
    let (mut stream, _) = listener.accept().ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let line = first.strip_suffix(" HTTP/1.1\r\n")?.to_owned();
    let (mut token, mut length) = (None, 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("x-vault-token") => {
                token = Some(value.to_owned())
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?
            }
            Some(_) => {}
        }
    }
    let mut asked = vec![0; length];
    reader.read_exact(&mut asked).ok()?;
    let head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    Some(Asked {
        line,
        token,
        body: String::from_utf8(asked).ok()?,
    })
}
