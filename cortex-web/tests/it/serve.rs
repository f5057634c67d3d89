//! A server on a real port: taken ones are named, and nobody is cut off at the end.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::Method;
use cortex_core::Kind;
use cortex_web::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::fleet::Hold;
use crate::support::{Setup, TestServer};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn request(test: &TestServer, address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        test.token
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_the_way_out() {
    let taken = TcpListener::bind(ANY).await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = cortex_core::Error::from(Server::bind(address).await.unwrap_err());
    assert_eq!((error.kind(), error.code()), (Kind::Config, "server.port_taken"));
    assert_eq!(error.message(), format!("`{address}` is already in use by another program"));
    assert!(error.help().unwrap().contains("--listen 127.0.0.1:"), "{error:?}");
}

#[tokio::test]
async fn the_last_request_is_answered_before_the_end() {
    let test = Setup::default().build();
    let hold = test.container.get::<Hold>().unwrap();
    let listener = Server::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(test.server.clone().serve(listener, async { drop(stopped.await) }));

    let quick = answer(request(&test, address, "/api/v1/fleet/whoami").await).await;
    assert!(quick.starts_with("HTTP/1.1 200 OK"), "{quick}");
    test.bare(Method::GET, "/health/ready").send().await.expect(200);
    let held = request(&test, address, "/api/v1/fleet/held").await;
    hold.arrived.acquire().await.unwrap().forget();
    stop.send(()).unwrap();
    // Refused once the server has heard of the end; until then it is accepted and answered.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    test.bare(Method::GET, "/health/ready").send().await.expect(503);
    test.bare(Method::GET, "/health/live").send().await.expect(200);
    assert!(!serving.is_finished(), "somebody still waits for an answer");
    hold.go_on.add_permits(1);
    let last = answer(held).await;
    assert!(last.starts_with("HTTP/1.1 200 OK") && last.ends_with("\"done\""), "{last}");
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn requests_without_an_end_are_cut_off_and_counted() {
    let test = Setup::default().config("web.drain=5s").config("web.timeout=1h").build();
    let hold = test.container.get::<Hold>().unwrap();
    let listener = Server::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(test.server.clone().serve(listener, async { drop(stopped.await) }));
    let _held = request(&test, address, "/api/v1/fleet/forever").await;
    hold.arrived.acquire().await.unwrap().forget();
    stop.send(()).unwrap();
    let error = serving.await.unwrap().unwrap_err();
    assert_eq!(error.code(), "server.undrained");
    assert_eq!(error.message(), "1 requests were still running after 5 s and were cut off");
}

/// Sends a part of a request's head, and answers what comes back until the server closes, and when it did.
async fn half_a_head(address: SocketAddr, part: &str) -> (String, Duration) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(part.as_bytes()).await.unwrap();
    let answered = tokio::time::timeout(Duration::from_secs(3600), answer(stream)).await;
    (answered.expect("the server still waits"), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let test = Setup::default().config("web.header_timeout=3s").build();
    let listener = Server::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(test.server.clone().serve(listener, std::future::pending()));
    for part in ["", "G", "PRI * HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"] {
        let (text, took) = half_a_head(address, part).await;
        assert_eq!((text.as_str(), took.as_secs()), ("", 3), "{part}");
    }
    // One that sends a little now and then gains nothing.
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    while stream.write_all(b"X-Slow: a\r\n").await.is_ok() {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "the server still reads");
    }
    // Who sends its request in time is answered, however long that takes.
    let hold = test.container.get::<Hold>().unwrap();
    let held = request(&test, address, "/api/v1/fleet/held").await;
    hold.arrived.acquire().await.unwrap().forget();
    tokio::time::advance(Duration::from_secs(20)).await;
    hold.go_on.add_permits(1);
    let last = answer(held).await;
    assert!(last.starts_with("HTTP/1.1 200 OK") && last.ends_with("\"done\""), "{last}");
    assert!(!serving.is_finished());
}

#[tokio::test(start_paused = true)]
async fn connections_beyond_the_limit_wait_for_one_to_close() {
    let test = Setup::default().config("web.connections=2").config("web.header_timeout=1h").build();
    let listener = Server::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(test.server.clone().serve(listener, std::future::pending()));
    let ask = async |stream: &mut TcpStream, within: Duration| {
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut part = [0; 1024];
        tokio::time::timeout(within, stream.read(&mut part)).await.map(|length| length.unwrap() > 0)
    };
    let hour = Duration::from_secs(3600);
    let (mut first, mut second) = (connected(address).await, connected(address).await);
    assert_eq!((ask(&mut first, hour).await, ask(&mut second, hour).await), (Ok(true), Ok(true)));
    let mut third = connected(address).await;
    assert!(ask(&mut third, Duration::from_secs(60)).await.is_err(), "two are open already");
    drop(first);
    let mut part = [0; 1024];
    assert!(third.read(&mut part).await.unwrap() > 0, "its request waited");
    assert!(!serving.is_finished());
}

async fn connected(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn connections_without_a_request_do_not_hold_the_end_up() {
    let test = Setup::default().config("web.header_timeout=2h").config("web.drain=1h").build();
    let listener = Server::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(test.server.clone().serve(listener, async { drop(stopped.await) }));
    let silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    for _ in 0..2 {
        idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut part = [0; 1024];
        let length = idle.read(&mut part).await.unwrap();
        assert!(part[..length].starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&part[..length]));
    }
    let begun = Instant::now();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!((answer(idle).await, answer(silent).await), (String::new(), String::new()));
}

#[tokio::test]
async fn the_development_token_is_not_served_to_other_machines() {
    let test = Setup::default().build();
    let listener = Server::bind("0.0.0.0:0".parse().unwrap()).await.unwrap();
    let error = test.server.serve(listener, std::future::pending()).await.unwrap_err();
    assert_eq!(error.code(), "server.not_loopback");
}
