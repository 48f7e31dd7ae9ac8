//! The server as a browser, and as somebody with other plans, would find it: requests written byte by byte.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use nbz_explore::{ExploreError, Server};

/// A server of a small page that runs until the test's process ends.
fn served() -> SocketAddr {
    let server = Server::bind(0).expect("a free port");
    let address = server.address();
    std::thread::spawn(move || server.run("<p>the page</p>".to_owned()));
    address
}

/// Sends a request's lines and reads the whole answer.
fn ask(address: SocketAddr, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn a_browser_of_this_machine_gets_the_page() {
    let address = served();
    assert!(address.ip().is_loopback());
    for host in ["127.0.0.1", "localhost", "LOCALHOST"] {
        let host = format!("Host: {host}:{}", address.port());
        let answer = ask(address, &["GET / HTTP/1.1", &host]);
        assert_eq!(status(&answer), "200", "{answer}");
        assert!(answer.ends_with("<p>the page</p>"));
        assert!(answer.contains("content-type: text/html; charset=utf-8"));
        assert!(answer.contains("frame-ancestors 'none'"));
        let head = ask(address, &["HEAD /index.html HTTP/1.1", &host]);
        assert_eq!((status(&head), head.contains("the page")), ("200", false));
        let own = format!("Origin: http://localhost:{}", address.port());
        assert_eq!(
            status(&ask(address, &["GET /?x=1 HTTP/1.1", &host, &own])),
            "200"
        );
    }
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let address = served();
    let port = address.port();
    // Whose name resolves to 127.0.0.1 is asked for under that name (DNS rebinding).
    let own = format!("Host: 127.0.0.1:{port}");
    let foreign = [
        format!("Host: evil.example:{port}"),
        format!("Host: 127.0.0.1.evil.example:{port}"),
        "Host: 127.0.0.1".to_owned(),
        "Host: 127.0.0.1:1".to_owned(),
        "Host:".to_owned(),
    ];
    for host in &foreign {
        let answer = ask(address, &["GET / HTTP/1.1", host]);
        assert_eq!(status(&answer), "421", "{host}: {answer}");
        assert!(!answer.contains("the page"));
    }
    let both = ask(address, &["GET / HTTP/1.1", &own, &foreign[0]]);
    assert_ne!(status(&both), "200");
    for origin in [
        "http://evil.example",
        "null",
        "https://127.0.0.1",
        "file://",
    ] {
        let origin = format!("Origin: {origin}");
        let answer = ask(address, &["GET / HTTP/1.1", &own, &origin]);
        assert_eq!(status(&answer), "403", "{origin}: {answer}");
        assert!(!answer.contains("the page"));
    }
}

#[test]
fn no_path_leads_out_of_the_page_and_nothing_is_written() {
    let address = served();
    let host = format!("Host: 127.0.0.1:{}", address.port());
    let paths = [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/index.html/../../etc/passwd",
        "//etc/passwd",
        "/..\\..\\etc\\passwd",
        "/explorer.html",
    ];
    for path in paths {
        let answer = ask(address, &[&format!("GET {path} HTTP/1.1"), &host]);
        assert!(matches!(status(&answer), "400" | "404"), "{path}: {answer}");
        assert!(!answer.contains("root:"));
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let line = format!("{method} / HTTP/1.1");
        let answer = ask(address, &[&line, &host, "Content-Length: 0"]);
        assert_eq!(status(&answer), "405", "{method}: {answer}");
    }
    assert_eq!(status(&ask(address, &["nonsense"])), "400");
    // And the server is still there.
    assert_eq!(status(&ask(address, &["GET / HTTP/1.1", &host])), "200");
}

#[test]
fn a_port_that_is_taken_is_said() {
    let address = served();
    let refused = Server::bind(address.port()).expect_err("it is taken");
    assert!(matches!(refused, ExploreError::Listen { port, .. } if port == address.port()));
    assert!(
        refused
            .to_string()
            .starts_with(&format!("cannot listen on 127.0.0.1:{}: ", address.port()))
    );
    assert!(refused.hint().is_some_and(|hint| hint.contains("--port 0")));
}
