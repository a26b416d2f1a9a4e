//! Connections: accepts them, speaks HTTP on them, lets them end.

use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use logical::Remote;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// Largest head of a request, headers included.
const HEAD_MAX: usize = 128 * 1024;

/// Pause after a connection that could not be accepted: a process without file descriptors must not spin.
const PAUSE: Duration = Duration::from_millis(200);

/// Where connections come from, and how long each of them is waited for.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    timeouts: Timeouts,
}

/// How long a connection is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For the head of a request, also while a connection idles between two requests.
    pub head: Duration,
    /// For requests that are still being answered when the server stops.
    pub goodbye: Duration,
}

impl Listener {
    /// Speaks HTTP in clear text.
    pub fn plain(tcp: TcpListener) -> Self {
        Self {
            tcp,
            tls: None,
            timeouts: Timeouts::default(),
        }
    }

    /// Speaks HTTP over TLS. HTTP/2 is spoken only if the configuration offers `h2` by ALPN.
    pub fn tls(tcp: TcpListener, config: Arc<ServerConfig>) -> Self {
        Self {
            tls: Some(TlsAcceptor::from(config)),
            ..Self::plain(tcp)
        }
    }

    /// The same, with other timeouts.
    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(60),
            goodbye: Duration::from_secs(30),
        }
    }
}

/// Serves connections until it is told to stop; returns when the last answer is sent or waited for in vain.
pub async fn serve(listener: Listener, router: axum::Router, shutdown: CancellationToken) {
    let connections = TaskTracker::new();
    while let Some(accepted) = shutdown.run_until_cancelled(listener.tcp.accept()).await {
        match accepted {
            Ok((stream, peer)) => {
                let connection = Connection {
                    peer,
                    router: router.clone(),
                    timeouts: listener.timeouts,
                    shutdown: shutdown.clone(),
                };
                connections.spawn(connection.run(stream, listener.tls.clone()));
            }
            Err(error) => {
                tracing::warn!(error = %error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
    let goodbye = listener.timeouts.goodbye;
    drop(listener);
    connections.close();
    if timeout(goodbye, connections.wait()).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "stopped before every request was answered"
        );
    }
}

struct Connection {
    peer: SocketAddr,
    router: axum::Router,
    timeouts: Timeouts,
    shutdown: CancellationToken,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        // Answers are written at once, so there is nothing to collect them for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(client.address = %self.peer, error = %error, "cannot set TCP_NODELAY");
        }
        let Some(tls) = tls else {
            return self.speak(stream).await;
        };
        match timeout(self.timeouts.handshake, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.speak(stream).await,
            Ok(Err(error)) => {
                tracing::debug!(client.address = %self.peer, error = %error, "TLS handshake failed")
            }
            Err(_) => tracing::debug!(client.address = %self.peer, "TLS handshake took too long"),
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let asked = Arc::new(AtomicBool::new(false));
        let remote = Remote {
            address: self.peer.ip().to_canonical(),
            port: self.peer.port(),
        };
        let service = service_fn({
            let (router, asked) = (self.router, Arc::clone(&asked));
            move |mut request: hyper::Request<Incoming>| {
                asked.store(true, Ordering::Relaxed);
                request.extensions_mut().insert(remote);
                router.clone().call(request.map(Body::new))
            }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        let head = self.timeouts.head;
        let timer = TokioTimer::new();
        builder
            .http1()
            .timer(timer.clone())
            .header_read_timeout(head)
            .max_buf_size(HEAD_MAX);
        builder.http2().timer(timer).keep_alive_interval(head);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        // hyper waits for ever for the bytes that tell HTTP/1 from HTTP/2.
        let mut silence = pin!(sleep(head));
        let mut stopping = pin!(self.shutdown.cancelled());
        let (mut waited, mut stopped) = (false, false);
        let ended = loop {
            tokio::select! {
                ended = connection.as_mut() => break ended,
                () = silence.as_mut(), if !waited => {
                    waited = true;
                    if !asked.load(Ordering::Relaxed) {
                        return;
                    }
                }
                () = stopping.as_mut(), if !stopped => {
                    stopped = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(client.address = %self.peer, error = %error, "a connection broke");
        }
    }
}
