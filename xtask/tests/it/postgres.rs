//! A server really starts, answers, and is gone afterwards.

use std::net::TcpStream;
use std::process::Command;

use xtask::Runner;
use xtask::postgres::{Installation, Server};

/// Whether a process with this id is there.
fn alive(id: u32) -> bool {
    std::path::Path::new(&format!("/proc/{id}")).exists()
}

#[test]
fn a_server_answers_while_it_lives_and_leaves_nothing() {
    let Some(installation) = Installation::find() else {
        println!("PostgreSQL is not installed: nothing to start");
        return;
    };
    let server = Server::start(&Runner::new().unwrap(), &installation).unwrap();
    let (id, folder) = (server.process_id(), server.folder().to_owned());
    let address = server.url().split_once('@').unwrap().1.split_once('/').unwrap().0.to_owned();

    let question = "SELECT current_setting('fsync') || current_setting('max_connections')";
    let mut psql = Command::new(installation.program("psql"));
    let output = psql.args(["--no-psqlrc", "-Atc", question, server.url()]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "on200", "{output:?}");
    assert!(alive(id));

    drop(server);
    assert!(!alive(id), "the server still runs");
    assert!(!folder.exists(), "its folder is still there");
    assert!(TcpStream::connect(address).is_err(), "the port still answers");
}
