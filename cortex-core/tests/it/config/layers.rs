//! Five layers and how text becomes values.

use proptest::prelude::*;

use super::*;

#[test]
fn without_any_layer_the_defaults_hold() {
    let web: Web = read(&[]);
    assert_eq!(web, Web::default());
    assert_eq!((web.host.as_str(), web.port, web.timeout), ("127.0.0.1", 8080, TimeSpan::seconds(30)));
    assert_eq!(web.body_limit, ByteSize::mib(2));
    assert_eq!(web.tls.certificate, "cert.pem");
    assert_eq!(read::<Own>(&[]), Own { size: 7 });
}

#[test]
fn text_is_read_as_what_the_field_asks_for() {
    let web: Web = read(&[
        "web.host=12345",
        "web.port= 9000 ",
        "web.timeout=1m 30s",
        "web.body_limit=1.5 MiB",
        "web.cookies=strict",
        "web.origins=https://a, https://b",
        "web.compress=true",
        "web.ratio=2",
        "web.banner=",
        "web.limits={ body = 1, header = 2 }",
        "web.names.a=1",
        "web.names.b=-2",
        "web.tls.password=007",
    ]);
    assert_eq!(web.host, "12345");
    assert_eq!(web.port, 9000);
    assert_eq!(web.timeout, TimeSpan::seconds(90));
    assert_eq!(web.body_limit.bytes(), 1_572_864);
    assert_eq!(web.cookies, "strict");
    assert_eq!(web.origins, ["https://a", "https://b"]);
    assert!(web.compress);
    assert_eq!(web.ratio.to_bits(), 2.0_f64.to_bits());
    assert_eq!(web.banner, None);
    assert_eq!(web.limits, Limits { body: 1, header: 2 });
    assert_eq!(web.names, BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), -2)]));
    assert_eq!(web.tls.password.unwrap().expose(), "007");
    assert_eq!(read::<Web>(&["web.origins=[1, true, \"c\"]"]).origins, ["1", "true", "c"]);
    assert_eq!(read::<Web>(&["web.body_limit=512"]).body_limit, ByteSize::new(512));
    let database: Database = read(&["database.column_key=x", "database.journal=write_through"]);
    assert_eq!(database.journal, Journal::WriteThrough);
}

#[test]
fn a_table_is_merged_key_by_key_and_each_knows_its_source() {
    let folder = Folder::with(&[
        ("cortex.toml", "# first\n[web]\nlimits = { body = 10 }\n\n[web.tls]\ncertificate = \"a.pem\"\n"),
        ("cortex.prod.toml", "web.limits.body = 11\n"),
    ]);
    let config = folder.builder().profile("prod").env([("CORTEX_WEB__LIMITS__HEADER", "12")]).load().unwrap();
    let web: Web = config.section().unwrap();
    assert_eq!(web.limits, Limits { body: 11, header: 12 });
    assert_eq!(web.tls.certificate, "a.pem");
    assert_eq!(folder.local(&config.source("web.limits.body")), "cortex.prod.toml:1");
    assert_eq!(folder.local(&config.source("web.tls.certificate")), "cortex.toml:6");
    assert_eq!(config.source("web.limits.header"), ConfigSource::Environment("CORTEX_WEB__LIMITS__HEADER".to_owned()));
    assert_eq!(config.source("web.port"), ConfigSource::Default);
}

#[test]
fn the_profile_may_come_from_the_environment() {
    let folder = Folder::with(&[("cortex.prod.toml", "own.size = 1"), ("cortex.test.toml", "own.size = 2")]);
    let size = |builder: ConfigBuilder| builder.load().unwrap().section::<Own>().unwrap().size;
    assert_eq!(size(folder.builder()), 7);
    assert_eq!(size(folder.builder().env([("CORTEX_PROFILE", "prod")])), 1);
    assert_eq!(size(folder.builder().env([("CORTEX_PROFILE", "")])), 7);
    assert_eq!(size(folder.builder().env([("CORTEX_PROFILE", "prod")]).profile("test")), 2);
    assert_eq!(size(Config::builder().file(folder.path().join("cortex.test.toml"))), 2);
}

#[test]
fn variables_of_others_are_ignored() {
    let env = [("HOME", "/"), ("OWN__SIZE", "1"), ("CORTEX_TEST_URL", "x"), ("XCORTEX_OWN__SIZE", "2")];
    Config::builder().env(env).load().unwrap().check(&sections()[2..]).unwrap();
}

/// What each of the five layers says about a number; `None` where it says nothing.
type Says = [Option<u32>; 5];

fn table(section: &str, keys: &[&str], says: &[Says], layer: usize) -> String {
    let lines = keys.iter().zip(says).filter_map(|(key, says)| says[layer].map(|value| format!("{key} = {value}\n")));
    format!("[{section}]\n{}", lines.collect::<String>())
}

proptest! {
    #[test]
    fn the_last_layer_that_speaks_wins(
        all in prop::collection::vec(prop::array::uniform5(prop::option::of(0_u32..100)), 3),
    ) {
        let keys = ["size", "color", "weight"];
        let folder = Folder::with(&[
            ("cortex.toml", &table("thing", &keys, &all, 1)),
            ("cortex.prod.toml", &table("thing", &keys, &all, 2)),
        ]);
        let mut builder = folder.builder().profile("prod");
        for (key, says) in keys.iter().zip(&all) {
            if let Some(value) = says[0] {
                builder = builder.default_value(format!("thing.{key}={value}"));
            }
            if let Some(value) = says[3] {
                builder = builder.env([(format!("CORTEX_THING__{}", key.to_uppercase()), value.to_string())]);
            }
            if let Some(value) = says[4] {
                builder = builder.set(format!("thing.{key}={value}"));
            }
        }
        let config = builder.load().unwrap();
        let thing: Thing = config.section().unwrap();
        for ((key, says), read) in keys.iter().zip(&all).zip([thing.size, thing.color, thing.weight]) {
            let winner = (0..5).rev().find(|layer| says[*layer].is_some());
            prop_assert_eq!(read, winner.map_or(1000, |layer| says[layer].unwrap()));
            let source = folder.local(&config.source(&format!("thing.{key}")));
            let expected = match winner {
                None | Some(0) => "built-in default".to_owned(),
                Some(1 | 2) => {
                    let layer = winner.unwrap();
                    let text = table("thing", &keys, &all, layer);
                    let line = 1 + text.lines().position(|line| line.starts_with(key)).unwrap();
                    format!("{}:{line}", if layer == 1 { "cortex.toml" } else { "cortex.prod.toml" })
                }
                Some(3) => format!("environment variable `CORTEX_THING__{}`", key.to_uppercase()),
                Some(_) => "command line".to_owned(),
            };
            prop_assert_eq!(source, expected);
        }
    }
}

#[derive(Debug, Config)]
#[config(key = "thing", crate = cortex_core)]
struct Thing {
    #[config(default = 1000)]
    size: u32,
    #[config(default = 1000)]
    color: u32,
    #[config(default = 1000)]
    weight: u32,
}
