//! A server that is killed while clients post: whatever was answered is there, once, under numbers without a gap.

mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use codexion::core::SystemClock;
use cortex_testing::TestDatabase;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use crate::imports::seed;
use server::{Door, Server, erp};

/// Clients that post at the same time.
const CLIENTS: usize = 4;
/// Times that the server is killed; more in full tests.
const DEATHS: usize = 5;
/// Answers after which a server is killed, at most.
const ANSWERS_MAX: usize = 60;
/// How much later, at most: anywhere within the next units of work.
const MOMENT_MAX: Duration = Duration::from_millis(30);
/// Longest wait for the next answer to anybody.
const HEARING_LIMIT: Duration = Duration::from_secs(60);
/// What each client still posts after the last death.
const LAST: usize = 3;
/// What every entry is about, in cents.
const AMOUNT: i64 = 12_34;
/// Entries of one page.
const PAGE: usize = 500;

const ENTRIES: &str = "/api/v1/finance/entries";

/// One client and what it knows.
#[derive(Default)]
struct Client {
    /// Texts of the entries that were answered, with their numbers.
    answered: BTreeMap<String, String>,
    /// The entry whose answer did not come.
    open: Option<String>,
    sent: usize,
}

impl Client {
    /// Posts until the server is gone, first what was not answered before: under the same key, so that it is
    /// posted once, whether it was or not.
    fn work(&mut self, name: usize, door: &Door, accounts: &[Json; 2], told: &mpsc::Sender<()>, most: usize) {
        for _ in 0..most {
            let text = self.open.take().unwrap_or_else(|| {
                self.sent += 1;
                format!("client {name}, entry {}", self.sent)
            });
            let amount = json!({ "amount": format!("{}.{:02}", AMOUNT / 100, AMOUNT % 100), "currency": "EUR" });
            let line = |account: &Json, side: &str| json!({ "account": account, "side": side, "amount": amount });
            let lines = [line(&accounts[0], "debit"), line(&accounts[1], "credit")];
            let entry = json!({ "date": "2026-03-02", "text": text, "lines": lines });
            let Some(reply) = door.post(ENTRIES, &text.replace([' ', ','], "-"), &entry) else {
                self.open = Some(text);
                return;
            };
            assert_eq!(reply.status, 200, "{}", reply.body);
            let number = reply.body["number"].as_str().unwrap().to_owned();
            assert_eq!(self.answered.insert(text, number), None);
            // Nobody counts any more once the server is killed.
            let _ = told.send(());
        }
    }
}

/// The books as a new server has them, against what clients were told.
fn check(door: &Door, clients: &[Client], deaths: usize) -> usize {
    let mut stored: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = door.get(&format!("{ENTRIES}?limit={PAGE}&select=text,sequence,number,state&{cursor}"));
        for entry in page["items"].as_array().unwrap() {
            let text = entry["text"].as_str().unwrap().to_owned();
            assert_eq!(entry["state"], "posted", "{text}");
            let numbered = (entry["sequence"].as_u64().unwrap(), entry["number"].as_str().unwrap().to_owned());
            assert_eq!(stored.insert(text.clone(), numbered), None, "`{text}` was posted twice");
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("cursor={next}"),
            None => break,
        }
    }
    let mut numbers: Vec<u64> = stored.values().map(|(sequence, _)| *sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>(), "a gap or a duplicate after {deaths} deaths");
    for (text, number) in clients.iter().flat_map(|client| &client.answered) {
        assert_eq!(stored.get(text).map(|(_, number)| number), Some(number), "`{text}` was answered and is lost");
    }
    // Besides those there is at most what each client was not answered.
    let open = clients.iter().filter_map(|client| client.open.as_ref()).filter(|text| stored.contains_key(*text));
    let answered: usize = clients.iter().map(|client| client.answered.len()).sum();
    assert_eq!(stored.len(), answered + open.count());
    let balance = door.get("/api/v1/finance/trial_balance?as_of=2026-12-31");
    let sum = AMOUNT * i64::try_from(stored.len()).unwrap();
    let expected = json!({ "amount": format!("{}.{:02}", sum / 100, sum % 100), "currency": "EUR" });
    assert_eq!((&balance["debit"], &balance["credit"]), (&expected, &expected));
    stored.len()
}

/// Two accounts of new books.
fn set_up(door: &Door) -> [Json; 2] {
    let company = json!({ "name": "Mortal Ltd", "currency": "EUR", "first_year": 2026, "years": 1 });
    let reply = door.post("/api/v1/finance/companies", "company", &company).unwrap();
    assert!((200..300).contains(&reply.status), "{}", reply.body);
    let accounts =
        door.get("/api/v1/finance/accounts?limit=2&filter=heading%20%3D%20false%20and%20reconcilable%20%3D%20false");
    [0, 1].map(|place| accounts["items"][place]["id"].clone())
}

fn dies_and_goes_on(data: &Path, url: &str, random: &mut StdRng) {
    let rounds = if std::env::var_os("CORTEX_TEST_FULL").is_some() { 10 * DEATHS } else { DEATHS };
    let mut clients: Vec<Client> = (0..CLIENTS).map(|_| Client::default()).collect();
    let server = Server::start(data, url);
    let accounts = set_up(&server.door());
    let mut server = Some(server);
    for deaths in 0..rounds {
        let server = server.take().unwrap_or_else(|| Server::start(data, url));
        check(&server.door(), &clients, deaths);
        let (told, hears) = mpsc::channel();
        let threads = start(clients, &server.door(), &accounts, &told, usize::MAX);
        let (answers, moment) = (random.random_range(1..=ANSWERS_MAX), random.random_range(Duration::ZERO..MOMENT_MAX));
        for _ in 0..answers {
            hears.recv_timeout(HEARING_LIMIT).unwrap_or_else(|e| panic!("the clients are not answered: {e}"));
        }
        // An answer that comes meanwhile only makes it a little earlier.
        let _ = hears.recv_timeout(moment);
        server.kill();
        clients = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    }
    let server = Server::start(data, url);
    let before = check(&server.door(), &clients, rounds);
    let (told, _hears) = mpsc::channel();
    let threads = start(clients, &server.door(), &accounts, &told, LAST);
    clients = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(clients.iter().all(|client| client.open.is_none()), "posting does not go on");
    let after = check(&server.door(), &clients, rounds);
    assert!(after > before, "{before} entries before the last server, {after} after it");
    drop(server);
    let report = erp(data, url, &["report"]).output().unwrap();
    assert!(report.status.success(), "the books don't tie out: {}", String::from_utf8_lossy(&report.stdout));
    println!("{after} entries, {rounds} deaths");
}

/// Lets every client work in a thread of its own, which ends with what the client knows by then.
fn start(
    clients: Vec<Client>,
    door: &Door,
    accounts: &[Json; 2],
    told: &mpsc::Sender<()>,
    most: usize,
) -> Vec<JoinHandle<Client>> {
    let start = |(name, mut client): (usize, Client)| {
        let (door, accounts, told) = (door.clone(), accounts.clone(), told.clone());
        std::thread::spawn(move || {
            client.work(name, &door, &accounts, &told, most);
            client
        })
    };
    clients.into_iter().enumerate().map(start).collect()
}

#[test]
fn a_server_that_is_killed_while_clients_post_loses_nothing_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", data.path().join("erp.db").display());
    dies_and_goes_on(data.path(), &url, &mut StdRng::seed_from_u64(seed()));
}

#[test]
fn a_server_that_is_killed_while_clients_post_loses_nothing_on_postgresql() {
    let Some(database) = TestDatabase::postgres(Arc::new(SystemClock)) else { return };
    let data = tempfile::tempdir().unwrap();
    dies_and_goes_on(data.path(), database.url(), &mut StdRng::seed_from_u64(seed()));
}
