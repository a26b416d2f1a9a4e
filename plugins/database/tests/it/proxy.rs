//! A database that can be out of reach: a port that leads to it, or to nobody, or to somebody who never answers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const UP: u8 = 0;
const DOWN: u8 = 1;
const SILENT: u8 = 2;

pub(crate) struct Proxy {
    pub(crate) port: u16,
    state: Arc<AtomicU8>,
    cut: tokio::sync::broadcast::Sender<()>,
}

impl Proxy {
    pub(crate) async fn to(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let state = Arc::new(AtomicU8::new(UP));
        let (cut, _) = tokio::sync::broadcast::channel(1);
        let proxy = Self {
            port: listener.local_addr()?.port(),
            state: Arc::clone(&state),
            cut: cut.clone(),
        };
        tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (state, mut cut) = (state.load(Ordering::SeqCst), cut.subscribe());
                open.spawn(async move {
                    tokio::select! {
                        () = relay(client, port, state) => {}
                        _ = cut.recv() => {}
                    }
                });
            }
        });
        Ok(proxy)
    }

    pub(crate) fn up(&self) {
        self.state.store(UP, Ordering::SeqCst);
    }

    /// Cuts what is open and refuses what comes.
    pub(crate) fn down(&self) {
        self.state.store(DOWN, Ordering::SeqCst);
        let _nobody_there = self.cut.send(());
    }

    /// Cuts what is open and lets everybody in and wait.
    pub(crate) fn silent(&self) {
        self.state.store(SILENT, Ordering::SeqCst);
        let _nobody_there = self.cut.send(());
    }
}

async fn relay(mut client: TcpStream, port: u16, state: u8) {
    match state {
        UP => {
            if let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await {
                drop(copy_bidirectional(&mut client, &mut server).await);
            }
        }
        SILENT => std::future::pending().await,
        _ => drop(client),
    }
}
