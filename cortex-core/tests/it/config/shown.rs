//! What is shown of a configuration, and what never is.

use super::*;

const PASSWORD: &str = "hunter2";

#[test]
fn every_value_is_shown_with_its_source() {
    let folder = Folder::with(&[("cortex.toml", "[web]\norigins = [\"a\", \"b\"]\n")]);
    let env = [("CORTEX_DATABASE__COLUMN_KEY", PASSWORD), ("CORTEX_DATABASE__URL", "postgres://me:hunter2@db/erp")];
    let config = folder.builder().env(env).set("web.limits.body=5").load().unwrap();
    let explained = config.explain(&sections());
    let expected = "\
KEY                  VALUE                     SOURCE                                              HELP
web.host             127.0.0.1                 built-in default                                    Address to listen on
web.port             8080                      built-in default                                    port to listen on
web.timeout          30s                       built-in default
web.body_limit       2 MiB                     built-in default
web.cookies          off                       built-in default
web.origins          [a, b]                    cortex.toml:2
web.compress         false                     built-in default
web.ratio            0                         built-in default
web.banner           -                         built-in default
web.limits.body      5                         command line
web.names            {}                        built-in default
web.tls.certificate  cert.pem                  built-in default
web.tls.password     -                         built-in default                                    Opens the key
database.url         postgres://me:***@db/erp  environment variable `CORTEX_DATABASE__URL`
database.journal     wal                       built-in default
database.column_key  ***                       environment variable `CORTEX_DATABASE__COLUMN_KEY`  encrypts columns
database.pin         ***                       built-in default
own.size             7                         built-in default
";
    // The folder's name widens the column.
    let squeezed =
        |text: &str| text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(squeezed(&folder.local(&explained)), squeezed(expected));
    assert_eq!(explained.get("database.column_key").unwrap().value, "***");
    assert_eq!(explained.get("database.nothing"), None);
    let json = serde_json::to_value(&explained).unwrap();
    assert_eq!(json[1]["key"], "web.port");
    assert_eq!(json[9]["source"], "command line");
}

#[test]
fn a_wrong_configuration_is_explained_too() {
    let config = Config::builder().set("web.port=http").load().unwrap();
    let explained = config.explain(&sections());
    assert_eq!(explained.get("web.port").unwrap().value, "http");
    assert_eq!(explained.get("database.column_key").unwrap().value, "");
}

/// Every text that a program may print of a configuration.
fn printed(config: &Config) -> String {
    let explained = config.explain(&sections());
    let json = serde_json::to_string(&explained).unwrap();
    let error = config.check(&sections()).err();
    let own = config.section::<Database>().map(|database| database.column_key);
    format!("{config:?} {explained} {explained:?} {json} {error:?} {own:?} {:?}", config.problems(&sections()))
}

#[test]
fn secrets_never_print() {
    let place = "database.column_key";
    let right = Config::builder().set(format!("{place}={PASSWORD}")).set("database.pin=77077").load().unwrap();
    assert_eq!(right.section::<Database>().unwrap().column_key.expose(), PASSWORD);
    assert!(!printed(&right).contains(PASSWORD));
    assert!(!printed(&right).contains("77077"));

    let folder = Folder::with(&[(
        "cortex.toml",
        "[database]\ncolumn_key = 77077\npin = \"hunter2\"\n[web.tls.password]\nhunter2 = \"hunter2\"\n",
    )]);
    let wrong = folder.builder().set("web.port=postgres://me:hunter2@db").load().unwrap();
    let text = folder.local(&printed(&wrong).replace("web.tls.password.hunter2", ""));
    assert!(
        text.contains("`database.column_key`: expected a text; the value is secret and not shown (cortex.toml:2)"),
        "{text}"
    );
    assert!(
        text.contains(
            "`database.pin`: expected a whole number from 0 to 4294967295; the value is secret and not shown \
         (cortex.toml:3)"
        ),
        "{text}"
    );
    assert!(text.contains("found `postgres://me:***@db`"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
    assert!(!text.contains("77077"), "{text}");

    let builder = format!("{:?}", Config::builder().set("a.b=hunter2").env([("CORTEX_A__C", PASSWORD)]));
    assert!(!builder.contains(PASSWORD));
}

#[test]
fn a_secret_prints_as_stars_everywhere() {
    let secret = Secret::new(PASSWORD);
    assert_eq!(format!("{secret} {secret:?} {}", serde_json::to_string(&secret).unwrap()), "*** *** \"***\"");
    assert_eq!(serde_json::from_str::<Secret>("\"hunter2\"").unwrap(), secret);
}

#[test]
fn units_print_what_they_read() {
    for text in ["0 B", "1 B", "1000 B", "64 kB", "1 KiB", "1536 KiB", "2 MiB", "3 GB", "1 TiB"] {
        let size: ByteSize = text.parse().unwrap();
        assert_eq!(size.to_string().parse::<ByteSize>().unwrap(), size, "{text}");
    }
    assert_eq!("64kb".parse::<ByteSize>().unwrap().to_string(), "64 kB");
    assert_eq!("18446744073709551615".parse::<ByteSize>().unwrap().bytes(), u64::MAX);
    for text in ["", "MiB", "1 QB", "18446744073709551616", "1 2", "1e3", "99999999 TiB"] {
        let error = text.parse::<ByteSize>().unwrap_err();
        assert_eq!(error.to_string(), format!("`{text}` is not a size such as `512 B`, `64 kB` or `2 MiB`"));
    }
    for text in ["0s", "250ms", "1m 30s", "36h"] {
        assert_eq!(text.parse::<TimeSpan>().unwrap().to_string(), text);
    }
}
