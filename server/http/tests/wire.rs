//! Bytes on a socket: what no HTTP library would send, limits, and connections that stay open.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod stub;

use server_http::{HttpSettings, Listener, Timeouts, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stub::{door, settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_util::sync::CancellationToken;

struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    async fn start(settings: HttpSettings, timeouts: Timeouts) -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        Self::serving(address, Listener::plain(tcp).with_timeouts(timeouts), settings)
    }

    fn serving(address: SocketAddr, listener: Listener, settings: HttpSettings) -> Self {
        let shutdown = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, door(settings), shutdown.clone()));
        Self {
            address,
            shutdown,
            serving,
        }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.serving.await.unwrap();
    }

    /// Sends bytes and reads until the server hangs up.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The server may answer and hang up before it has read everything.
        drop(stream.write_all(bytes).await);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

async fn check(server: &Server, request: &str, status: &str) {
    let answer = server.exchange(request.as_bytes()).await;
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status} ")),
        "{request:?}: {answer:?}"
    );
}

#[tokio::test]
async fn what_is_unusual_but_http_is_answered() {
    let server = Server::start(settings(), Timeouts::default()).await;
    let end = "Host: x\r\nConnection: close\r\n";
    for (request, expected) in [
        (
            format!(
                "POST /v1/w HTTP/1.1\r\n{end}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"a\":\r\n3;e=f\r\n\"b\"\r\n1\r\n}}\r\n0\r\nX-T: 1\r\n\r\n"
            ),
            "\"data\":{\"a\":\"b\"}",
        ),
        (
            format!(
                "POST /v1/w HTTP/1.1\r\n{end}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n{{\"a\":\"b\"}}"
            ),
            "\"data\":{\"a\":\"b\"}",
        ),
        (format!("POST /v1/w HTTP/1.1\r\n{end}\r\n"), "\"data\":{}"),
        ("GET /v1/w HTTP/1.0\r\n\r\n".to_owned(), "\"path\":\"w\""),
        (
            format!("GET http://elsewhere.example/v1/w HTTP/1.1\r\n{end}\r\n"),
            "\"path\":\"w\"",
        ),
        (
            format!("GET /v1/w HTTP/1.1\r\n{end}X-Vault-Token:t\r\n\r\n"),
            "\"token\":\"t\"",
        ),
        (
            format!("GET /v1/w?list=true&x HTTP/1.1\r\n{end}\r\n"),
            "\"operation\":\"list\"",
        ),
    ] {
        let answer = server.exchange(request.as_bytes()).await;
        assert!(answer.contains(expected), "{request:?}: {answer:?}");
        assert!(answer.contains("\"address\":\"127.0.0.1\""), "{answer:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn http_2_is_spoken_to_whoever_begins_with_it() {
    let server = Server::start(settings(), Timeouts::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let path = b"/v1/sys/leader";
    // In HPACK: GET, http, and a path that is not in the table.
    let fields = [&[0x82, 0x86, 0x04, 14][..], path].concat();
    let settings_frame = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let headers_frame = [0, 0, 18, 1, 5, 0, 0, 0, 1];
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let request = [&preface[..], &settings_frame, &headers_frame, &fields].concat();
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    let expected = b"{\"ha_enabled\":false}";
    while !answer.windows(expected.len()).any(|window| window == expected) {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "{answer:?}");
    }
    drop(stream);
    server.stop().await;
}

#[tokio::test]
async fn requests_come_over_tls_as_well() {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let chain = vec![certificate.clone()];
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tcp.local_addr().unwrap();
    let server = Server::serving(address, Listener::tls(tcp, Arc::new(config)), settings());

    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    let request = b"GET /v1/sys/leader HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(stream);
    // Whoever speaks no TLS harms nobody.
    assert!(!server.exchange(request).await.contains("200"));
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let server = Server::start(settings(), Timeouts::default()).await;
    let end = "Host: x\r\nConnection: close\r\n\r\n";
    for request in [
        "GET /v1/a HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        format!("POST /v1/w HTTP/1.1\r\nContent-Length: abc\r\n{end}"),
        format!("POST /v1/w HTTP/1.1\r\nContent-Length: -1\r\n{end}"),
        format!("POST /v1/w HTTP/1.1\r\nContent-Length: 18\r\nContent-Length: 19\r\n{end}"),
        format!("GET /v1/a b HTTP/1.1\r\n{end}"),
        format!("GET v1/a HTTP/1.1\r\n{end}"),
        format!("GET /v1/a HTTP/1.1\r\nnonsense\r\n{end}"),
        format!("GET /v1/a HTTP/1.1\r\nBad Header: x\r\n{end}"),
        format!("G(T /v1/a HTTP/1.1\r\n{end}"),
        format!("GET /v1/a%zz HTTP/1.1\r\n{end}"),
    ] {
        check(&server, &request, "400").await;
        check(&server, &format!("GET /v1/sys/leader HTTP/1.1\r\n{end}"), "200").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_sent() {
    let mut settings = settings();
    settings.body_max = 4096;
    let server = Server::start(settings, Timeouts::default()).await;
    let head = "POST /v1/w HTTP/1.1\r\nHost: x\r\n";
    check(
        &server,
        &format!("{head}Content-Length: 1099511627776\r\n\r\n{{"),
        "413",
    )
    .await;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let endless = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(2));
    check(&server, &endless, "413").await;
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_refused() {
    let mut settings = settings();
    settings.body_time = Duration::from_millis(10);
    let server = Server::start(settings, Timeouts::default()).await;
    check(
        &server,
        "POST /v1/w HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
        "408",
    )
    .await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_says_nothing_is_hung_up_on() {
    let timeouts = Timeouts {
        head: Duration::from_millis(10),
        ..Timeouts::default()
    };
    let server = Server::start(settings(), timeouts).await;
    for beginning in ["", "P", "GET /v1/a HTTP/1.1\r\nHost:"] {
        // `exchange` ends only because the server hangs up.
        let answer = server.exchange(beginning.as_bytes()).await;
        assert!(!answer.contains(" 200 "), "{beginning:?}: {answer:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_connection_stays_open_after_errors() {
    let server = Server::start(settings(), Timeouts::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for (line, body, status) in [
        ("GET /v1/a", "", "200"),
        ("POST /v1/a", "{", "400"),
        ("DELETE /v1/empty/b", "a body", "204"),
        ("GET /v1/a", "a body", "200"),
        ("COPY /v1/a", "a body", "405"),
        ("HEAD /v1/sys/health", "", "503"),
        ("GET /nowhere", "", "404"),
        ("GET /v1/sys/leader", "", "200"),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = read_answer(&mut stream, line.starts_with("HEAD")).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {head}");
        assert!(!head.contains("connection: close"), "{line}: {head}");
    }
    drop(stream);
    server.stop().await;
}

/// Reads one answer and gives its head.
async fn read_answer(stream: &mut TcpStream, is_head: bool) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    if !is_head {
        stream.read_exact(&mut vec![0; length]).await.unwrap();
    }
    head
}

#[tokio::test]
async fn a_server_that_stops_hangs_up_on_idle_connections() {
    let server = Server::start(settings(), Timeouts::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /v1/a HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    read_answer(&mut stream, false).await;
    server.stop().await;
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).await.unwrap(), 0);
}
