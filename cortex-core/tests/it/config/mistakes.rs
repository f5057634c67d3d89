//! Every mistake names the key, its source and what is accepted.

use super::*;

/// What is wrong with these files, variables and overrides, one problem per line.
fn problems(files: &[(&str, &str)], env: &[(&str, &str)], settings: &[&str]) -> Vec<String> {
    let folder = Folder::with(files);
    let builder = folder.builder().env(env.iter().copied()).set("database.column_key=k");
    let config = builder.set_all(settings.iter().copied()).load().unwrap();
    let lines = config.problems(&sections()).into_iter().map(|problem| match problem.help() {
        Some(help) => folder.local(&format!("{problem}; {help}")),
        None => folder.local(&problem),
    });
    lines.collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], env: &[(&str, &str)], settings: &[&str], expected: &[&str]) {
    assert_eq!(problems(files, env, settings), expected);
}

const WEB_KEYS: &str = "accepted keys: `host`, `port`, `timeout`, `body_limit`, `cookies`, `origins`, `compress`, \
                        `ratio`, `banner`, `limits`, `names`, `tls`";

#[test]
fn unknown_keys_name_the_nearest_and_all_accepted_ones() {
    check(
        &[("cortex.toml", "[web]\nhost = \"a\"\nprot = 1\n")],
        &[],
        &[],
        &[&format!("`web.prot`: unknown key (cortex.toml:3); did you mean `port`? {WEB_KEYS}")],
    );
    check(
        &[],
        &[("CORTEX_OWN__COLOR", "1")],
        &[],
        &["`own.color`: unknown key (environment variable `CORTEX_OWN__COLOR`); accepted keys: `size`"],
    );
    check(
        &[],
        &[],
        &["web.tls.passwort=x"],
        &["`web.tls.passwort`: unknown key (command line); did you mean `password`? \
         accepted keys: `certificate`, `password`"],
    );
    check(
        &[("cortex.toml", "[web.limits]\nbody = 1\nhaeder = 2\n")],
        &[],
        &[],
        &["`web.limits.haeder`: unknown key (cortex.toml:3); did you mean `header`? accepted keys: `body`, `header`"],
    );
}

#[test]
fn unknown_sections_name_the_nearest_and_all_accepted_ones() {
    let all = "accepted sections: `web`, `database`, `own`";
    check(
        &[("cortex.toml", "[databse]\nurl = \"x\"\n")],
        &[],
        &[],
        &[&format!("`databse`: unknown section (cortex.toml:1); did you mean `database`? {all}")],
    );
    check(&[("cortex.toml", "port = 1\n")], &[], &[], &[&format!("`port`: unknown section (cortex.toml:1); {all}")]);
    check(
        &[],
        &[("CORTEX_WEB_PORT", "1")],
        &[],
        &["`web_port`: unknown section (environment variable `CORTEX_WEB_PORT`); two underscores part \
         a section from its keys: did you mean `CORTEX_WEB__PORT`?"],
    );
    check(&[], &[], &["payroll.day=1"], &[&format!("`payroll`: unknown section (command line); {all}")]);
}

#[test]
fn a_section_is_not_a_value() {
    check(
        &[("cortex.toml", "\nown = 3\n")],
        &[],
        &[],
        &["`own`: expected a section of keys, found a single value (cortex.toml:2); accepted keys: `size`"],
    );
}

#[test]
fn wrong_types_name_what_is_expected_and_found() {
    for (setting, expected) in [
        ("port=http", "`web.port`: expected a whole number from 0 to 65535, found `http`"),
        ("port=65536", "`web.port`: expected a whole number from 0 to 65535, found `65536`"),
        ("port=-1", "`web.port`: expected a whole number from 0 to 65535, found `-1`"),
        ("port=1.5", "`web.port`: expected a whole number from 0 to 65535, found `1.5`"),
        ("compress=yes", "`web.compress`: expected `true` or `false`, found `yes`"),
        ("ratio=half", "`web.ratio`: expected a number, found `half`"),
        ("timeout=30", "`web.timeout`: expected a duration such as `250ms`, `30s`, `5m` or `1h 30m`, found `30`"),
        ("timeout=-5s", "`web.timeout`: expected a duration such as `250ms`, `30s`, `5m` or `1h 30m`, found `-5s`"),
        ("body_limit=2 MiX", "`web.body_limit`: expected a size such as `512 B`, `64 kB` or `2 MiB`, found `2 MiX`"),
        ("body_limit=0.5 B", "`web.body_limit`: expected a size such as `512 B`, `64 kB` or `2 MiB`, found `0.5 B`"),
        ("body_limit=-1", "`web.body_limit`: expected a size such as `512 B`, `64 kB` or `2 MiB`, found `-1`"),
        ("limits=1", "`web.limits`: expected a table, found `1`"),
        ("limits.header=256", "`web.limits.header`: expected a whole number from 0 to 255, found `256`"),
        (
            "names.a=b",
            "`web.names.a`: expected a whole number from -9223372036854775808 to 9223372036854775807, found `b`",
        ),
    ] {
        let (message, _) = refused::<Web>(&format!("web.{setting}"));
        assert_eq!(message, format!("{expected} (command line)"));
    }
}

#[test]
fn wrong_types_name_their_source() {
    let port = "`web.port`: expected a whole number from 0 to 65535, found";
    check(&[("cortex.toml", "[web]\n\nport = \"80\"\n")], &[], &[], &[&format!("{port} `80` (cortex.toml:3)")]);
    check(&[("cortex.toml", "[web]\nport = [1]\n")], &[], &[], &[&format!("{port} a list (cortex.toml:2)")]);
    check(&[], &[("CORTEX_WEB__PORT", "a")], &[], &[&format!("{port} `a` (environment variable `CORTEX_WEB__PORT`)")]);
    check(
        &[("cortex.toml", "[web]\norigins = [\n  \"a\",\n  2,\n]\n")],
        &[],
        &[],
        &["`web.origins.2`: expected a text, found `2` (cortex.toml:2)"],
    );
    check(
        &[("cortex.toml", "[web]\nhost = 1\n")],
        &[("CORTEX_WEB__LIMITS__BODY", "x")],
        &[],
        &[
            "`web.host`: expected a text, found `1` (cortex.toml:2)",
            "`web.limits.body`: expected a whole number from 0 to 4294967295, found `x` \
         (environment variable `CORTEX_WEB__LIMITS__BODY`)",
        ],
    );
}

#[test]
fn closed_sets_list_the_accepted_values() {
    check(
        &[],
        &[],
        &["database.journal=wall"],
        &["`database.journal`: `wall` is not an accepted value (command line); \
         did you mean `wal`? accepted values: `wal`, `write_through`, `none`"],
    );
    check(
        &[("cortex.toml", "web.cookies = \"loose\"")],
        &[],
        &[],
        &["`web.cookies`: `loose` is not an accepted value (cortex.toml:1); accepted values: `off`, `lax`, `strict`"],
    );
}

#[test]
fn a_required_value_is_named_with_the_places_to_set_it() {
    let error = Config::builder().load().unwrap().check(&sections()).unwrap_err();
    assert_eq!(error.code(), "config.invalid");
    assert_eq!(error.message(), "`database.column_key`: a value is required");
    let places = "set `column_key` under `[database]` in cortex.toml, `CORTEX_DATABASE__COLUMN_KEY` in the \
                  environment, or `database.column_key=...` on the command line";
    assert_eq!(error.help(), Some(places));
}

#[test]
fn the_problems_of_all_sections_are_reported_together() {
    let folder = Folder::with(&[("cortex.toml", "[web]\nport = \"x\"\nhots = 1\n\n[databas]\n")]);
    let config = folder.builder().set("web.ratio=x").env([("CORTEX_OWN__SIZE", "-1")]).load().unwrap();
    let error = config.check(&sections()).unwrap_err();
    let expected = format!(
        "6 problems in the configuration\
         \n  `databas`: unknown section (cortex.toml:5); did you mean `database`? \
         accepted sections: `web`, `database`, `own`\
         \n  `web.hots`: unknown key (cortex.toml:3); did you mean `host`? {WEB_KEYS}\
         \n  `web.port`: expected a whole number from 0 to 65535, found `x` (cortex.toml:2)\
         \n  `web.ratio`: expected a number, found `x` (command line)\
         \n  `database.column_key`: a value is required; set `column_key` under `[database]` in cortex.toml, \
         `CORTEX_DATABASE__COLUMN_KEY` in the environment, or `database.column_key=...` on the command line\
         \n  `own.size`: expected a whole number from 0 to 18446744073709551615, found `-1` \
         (environment variable `CORTEX_OWN__SIZE`)"
    );
    assert_eq!(folder.local(error.message()), expected);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder =
        Folder::with(&[("cortex.toml", "[web]\nport = = 1\n"), ("cortex.prod.toml", ""), ("cortex.dev.toml", "")]);
    let error = folder.builder().load().unwrap_err();
    assert_eq!(error.code(), "config.syntax");
    let message = folder.local(error.message());
    assert!(message.starts_with("`cortex.toml` is not valid TOML: line 2, column 8: "), "{message}");

    let error = Config::builder().file(folder.path().join("other.toml")).load().unwrap_err();
    assert_eq!(error.code(), "config.read");
    assert_eq!(folder.local(error.message()), "cannot read the configuration file `other.toml`");

    let error = folder.builder().profile("prd").load().unwrap_err();
    assert_eq!(error.code(), "config.profile");
    assert_eq!(folder.local(error.message()), "the profile `prd` has no file `cortex.prd.toml`");
    assert_eq!(error.help(), Some("profiles with a file: `dev`, `prod`"));
}

#[test]
fn overrides_and_variables_without_a_key_are_refused() {
    for (setting, shown) in
        [("web.port", "web.port"), ("port=1", "port"), ("web..port=secret", "web..port"), ("=1", "")]
    {
        let error = Config::builder().set(setting).load().unwrap_err();
        assert_eq!(error.message(), format!("`{shown}` does not set a configuration value"));
        assert_eq!(error.help(), Some("write `section.key=value`, such as `web.port=8080`"));
    }
    for name in ["CORTEX_", "CORTEX_WEB__", "CORTEX_WEB____PORT"] {
        let error = Config::builder().env([(name, "1")]).load().unwrap_err();
        assert_eq!(error.message(), format!("the environment variable `{name}` names no configuration key"));
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_refused() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let value = OsString::from_vec(vec![0xff]);
    let error = Config::builder().env([(OsString::from("CORTEX_WEB__HOST"), value)]).load().unwrap_err();
    assert_eq!(error.message(), "the environment variable `CORTEX_WEB__HOST` is not valid UTF-8");
}

#[derive(Debug, Config)]
#[config(key = "careless", crate = cortex_core)]
struct Careless {
    #[config(default = "soon")]
    timeout: TimeSpan,
}

#[test]
#[should_panic(expected = "the built-in default of `careless.timeout` is wrong: expected a duration")]
fn a_wrong_default_in_the_source_is_found_at_once() {
    assert_eq!(Careless::default().timeout, TimeSpan::default());
}
