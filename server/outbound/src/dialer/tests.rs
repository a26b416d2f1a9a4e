//! The dialer against servers of a few lines, on the loopback.

use super::*;
use logical::ErrorKind;
use logical::secret::SecretText;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const SERVER: &str = include_str!("server.crt");
const SERVER_KEY: &str = include_str!("server.key");
const OTHER: &str = include_str!("other.crt");
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// A server that answers every request with the same bytes.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn plain(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(answer.into(), None).await
    }

    async fn tls() -> Self {
        let certificate = CertificateDer::from_pem_slice(SERVER.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::start(OK.into(), Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start(answer: Vec<u8>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let (answer, tls) = (answer.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, answer).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, answer).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, connections }
    }

    fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}/some/path?q=SENTINEL", self.address)
    }
}

/// An empty answer means that none comes.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: Vec<u8>) {
    let mut request = [0; 4096];
    while let Ok(read) = stream.read(&mut request).await {
        if read == 0 || stream.write_all(&answer).await.is_err() {
            return;
        }
        let _ = stream.flush().await;
    }
}

fn call(url: impl Into<String>) -> OutboundCall {
    OutboundCall {
        method: "POST",
        url: url.into(),
        bearer: Some(SecretText::from("SENTINEL-bearer")),
        body: Some(("application/json", Plaintext::from(&b"SENTINEL-body"[..]))),
        trust_pem: Some(OTHER.to_owned()),
        timeout: Duration::from_secs(30),
    }
}

fn leading_to(address: &'static str) -> Dialer {
    Dialer::resolving(Resolver::new(Arc::new(move |_| {
        Box::pin(async move { Ok(vec![address.parse().unwrap()]) })
    })))
}

async fn check_refused(dialer: &Dialer, call: OutboundCall, expected: &str) {
    let error = dialer.call(call).await.err().expect("the call is refused");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.public().contains(expected), "{}", error.public());
    for text in [error.public().to_owned(), error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("SENTINEL"), "{text}");
    }
}

#[tokio::test]
async fn an_answer_comes_back_and_its_connection_is_used_again() {
    let server = Server::plain(OK).await;
    let dialer = Dialer::new();
    for _ in 0..3 {
        let answer = dialer.call(call(server.url("http"))).await.unwrap();
        assert_eq!((answer.status, answer.body.expose()), (200, &b"{}"[..]));
    }
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let target = Server::plain(OK).await;
    let moved = format!(
        "HTTP/1.1 307 Moved\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
        target.address
    );
    let server = Server::plain(moved).await;
    let answer = Dialer::new().call(call(server.url("http"))).await.unwrap();
    assert_eq!(answer.status, 307);
    assert_eq!(target.connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n".to_vec();
    answer.resize(2_000_000, b'x');
    let server = Server::plain(answer).await;
    check_refused(
        &Dialer::new(),
        call(server.url("http")),
        "larger than 1048576 bytes",
    )
    .await;
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_when_the_time_is_over() {
    let server = Server::plain("").await;
    let brief = OutboundCall {
        timeout: Duration::from_millis(20),
        ..call(server.url("http"))
    };
    check_refused(&Dialer::new(), brief, "no answer within 0.02s").await;
}

#[tokio::test]
async fn a_server_is_believed_only_if_its_certificate_leads_to_what_is_trusted() {
    let server = Server::tls().await;
    let dialer = Dialer::new();
    let trusting = |pem: &str| OutboundCall {
        trust_pem: Some(pem.to_owned()),
        ..call(server.url("https"))
    };
    let answer = dialer.call(trusting(SERVER)).await.unwrap();
    assert_eq!(answer.status, 200);
    check_refused(&dialer, trusting(OTHER), "TLS: certificate not trusted").await;
    check_refused(
        &dialer,
        trusting("nothing"),
        "TLS: the given CA text holds no certificate",
    )
    .await;
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_dialled() {
    let server = Server::plain(OK).await;
    let url = format!("http://api.test:{}/", server.address.port());
    let answer = leading_to("127.0.0.1").call(call(url)).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn metadata_services_are_not_asked_by_address_nor_by_name() {
    for url in [
        "http://169.254.169.254/latest",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
    ] {
        check_refused(&Dialer::new(), call(url), "is a link-local or metadata address").await;
    }
    check_refused(
        &leading_to("169.254.169.254"),
        call("https://api.test/"),
        "call api.test:443: resolve: ",
    )
    .await;
}

#[tokio::test]
async fn a_refusal_says_how_far_the_call_came() {
    let dialer = Dialer::new();
    let unknown = Dialer::resolving(Resolver::new(Arc::new(|_| {
        Box::pin(async { Err(std::io::Error::other("no such host")) })
    })));
    check_refused(
        &unknown,
        call("https://api.test:6443/x"),
        "call api.test:6443: resolve: the name cannot be resolved",
    )
    .await;
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    check_refused(&dialer, call(format!("https://{closed}/")), "connect: ").await;
    let plain = Server::plain(OK).await;
    check_refused(&dialer, call(plain.url("https")), "TLS: ").await;
    for url in ["127.0.0.1:6443/x", "://", "6443", "ftp://127.0.0.1/", "https://"] {
        check_refused(&dialer, call(url), "needs http:// or https:// and a host").await;
    }
}

#[tokio::test]
async fn a_bearer_that_is_no_header_is_refused_unseen() {
    let call = OutboundCall {
        bearer: Some(SecretText::from("SENTINEL\nx: y")),
        ..call("http://127.0.0.1:1/")
    };
    check_refused(&Dialer::new(), call, "cannot be written as HTTP").await;
}
