//! Which requests are answered: those for the page, from a browser of this machine that means this server.
//!
//! A page of the web may send requests to loopback. Its script can't read the answer, unless its own name resolves to
//! 127.0.0.1 (DNS rebinding): then the browser takes both for one origin, and only the `Host` header tells them apart.
//! So requests are answered only under this server's own names, and only without a foreign `Origin`.

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, StatusCode};

/// The names by which browsers of this machine know it.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];
/// Paths of the page; there is nothing else, so no path leads out of anything.
const PATHS: [&str; 2] = ["/", "/index.html"];

/// Whether a request gets the page; else the status and the words of the refusal.
pub(crate) fn admit(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    port: u16,
) -> Result<(), (StatusCode, &'static str)> {
    let mut hosts = NAMES.map(|name| format!("{name}:{port}")).to_vec();
    if port == 80 {
        // The port that browsers leave out.
        hosts.extend(NAMES.map(str::to_owned));
    }
    if !one_of(headers, &HOST, &hosts).unwrap_or(false) {
        return Err((
            StatusCode::MISDIRECTED_REQUEST,
            "this server answers to 127.0.0.1 and localhost alone\n",
        ));
    }
    let origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}")).collect();
    if !one_of(headers, &ORIGIN, &origins).unwrap_or(true) {
        return Err((
            StatusCode::FORBIDDEN,
            "this server answers no page but its own\n",
        ));
    }
    if method != Method::GET && method != Method::HEAD {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "this server is only read\n"));
    }
    if !PATHS.contains(&path) {
        return Err((StatusCode::NOT_FOUND, "there is one page here: /\n"));
    }
    Ok(())
}

/// Whether a header has one of some values, and no other beside it; `None` without the header.
fn one_of(headers: &HeaderMap, name: &HeaderName, known: &[String]) -> Option<bool> {
    let mut given = headers.get_all(name).iter().peekable();
    given.peek()?;
    Some(given.all(|value| {
        let value = value.to_str().unwrap_or_default();
        known.iter().any(|k| k.eq_ignore_ascii_case(value))
    }))
}
