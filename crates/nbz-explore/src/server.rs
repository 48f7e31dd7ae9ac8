//! The page for browsers of this machine.
//!
//! Listens on 127.0.0.1 alone, holds one page in memory, reads no file and writes none.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

use crate::error::{ExploreError, Result};
use crate::request::admit;

/// What every answer says of itself.
const HEADERS: [(HeaderName, &str); 5] = [
    // The page's own policy stands in the page; this one can't stand there.
    (CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A port that listens, before anything is answered.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port of 127.0.0.1; 0 takes any free one.
    ///
    /// # Errors
    /// [`ExploreError::Listen`] if another program has it.
    pub fn bind(port: u16) -> Result<Self> {
        let listen = |source| ExploreError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self { listener, address })
    }

    /// Where browsers find the page, `http://127.0.0.1:PORT/`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the program ends.
    ///
    /// # Errors
    /// [`ExploreError::Serve`] if the system takes no more connections.
    pub fn run(self, page: String) -> Result<Infallible> {
        let page = Bytes::from(page);
        let port = self.address.port();
        let runtime = Builder::new_current_thread()
            .enable_io()
            .build()
            .map_err(ExploreError::Serve)?;
        let accept = async move {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            loop {
                let (stream, _) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    // A browser that hung up before it was answered.
                    Err(e) if e.kind() == std::io::ErrorKind::ConnectionAborted => continue,
                    Err(e) => return Err(e),
                };
                let page = page.clone();
                let answer = service_fn(move |request| {
                    let page = page.clone();
                    async move { Ok::<_, Infallible>(answer(&request, page, port)) }
                });
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
                // A browser that breaks off harms itself alone.
                tokio::task::spawn_local(async { drop(connection.await) });
            }
        };
        LocalSet::new()
            .block_on(&runtime, accept)
            .map_err(ExploreError::Serve)
    }
}

fn answer(request: &Request<Incoming>, page: Bytes, port: u16) -> Response<Full<Bytes>> {
    let admitted = admit(
        request.method(),
        request.uri().path(),
        request.headers(),
        port,
    );
    let (status, kind, body) = match admitted {
        Ok(()) => (StatusCode::OK, "text/html; charset=utf-8", page),
        Err((status, why)) => (status, "text/plain; charset=utf-8", Bytes::from(why)),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in HEADERS.into_iter().chain([(CONTENT_TYPE, kind)]) {
        headers.insert(name, hyper::header::HeaderValue::from_static(value));
    }
    response
}
