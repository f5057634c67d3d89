//! How the server listens and what it lets through.

use std::net::{Ipv4Addr, SocketAddr};

use cortex_core::{ByteSize, Config, TimeSpan};

/// Long enough for a head that crosses a bad line, and short enough that connections which never send one don't pile
/// up.
const HEADER_TIMEOUT: TimeSpan = TimeSpan::seconds(10);
/// Few enough for the handles that a process is given, with the database's beside them.
const CONNECTIONS: u32 = 4096;
/// More than people and most programs send; a program that sends more is told when to go on.
const RATE: u32 = 100;
/// A page that asks for many things at once is let through.
const BURST: u32 = 200;

/// The section `[web]` of the configuration.
#[derive(Debug, Clone, Config)]
#[config(key = "web", crate = cortex_core)]
pub struct WebConfig {
    /// Address and port to listen on.
    #[config(default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)))]
    pub listen: SocketAddr,
    /// Largest body of a request.
    #[config(default = "2 MiB")]
    pub body_limit: ByteSize,
    /// Connections open at the same time; more wait until one is closed; 0 sets no limit.
    #[config(default = CONNECTIONS)]
    pub connections: u32,
    /// Longest time that a connection takes to send the head of a request, idle time before it included.
    #[config(default = HEADER_TIMEOUT)]
    pub header_timeout: TimeSpan,
    /// Longest time for one request, reading it included.
    #[config(default = "30s")]
    pub timeout: TimeSpan,
    /// Requests handled at the same time; more are told to come back.
    #[config(default = 512)]
    pub concurrency: u32,
    /// Requests per second that one actor may send for long, more are told to wait; 0 sets no limit.
    #[config(default = RATE)]
    pub rate: u32,
    /// Requests that one actor may send at once after a pause, where `rate` sets a limit.
    #[config(default = BURST)]
    pub burst: u32,
    /// Origins of browser applications that may call the API, such as `https://shop.example`; `*` for all.
    pub cors_origins: Vec<String>,
    /// Longest wait at the end for requests that are still running.
    #[config(default = "15s")]
    pub drain: TimeSpan,
}

impl WebConfig {
    /// How many connections are open at most.
    pub(crate) fn most_connections(&self) -> usize {
        match self.connections {
            0 => usize::MAX,
            limit => usize::try_from(limit).unwrap_or(usize::MAX),
        }
    }
}
