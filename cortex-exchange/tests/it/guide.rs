//! The guide, step by step: its files are written, its commands run, and what they write is what it says.

use std::path::Path;

use codexion::core::Command;
use cortex_testing::TestApp;

use crate::shop::each;

const GUIDE: &str = include_str!("../../../docs/guides/import-export.md");

/// The fenced blocks: what stands behind the fence, and the text.
fn blocks() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&str, String)> = Vec::new();
    let mut open = false;
    for line in GUIDE.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                all.push((info, String::new()));
            }
            None if open => {
                let text = &mut all.last_mut().unwrap().1;
                text.push_str(line);
                text.push('\n');
            }
            None => {}
        }
    }
    all
}

/// The words of a command line, with `"` around those that have blanks.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut letters) = (Vec::new(), String::new(), false, line.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.extend(letters.next()),
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words
}

fn run(app: &TestApp, folder: &Path, line: &str) -> Result<(), codexion::core::Error> {
    let mut words = words(line.strip_prefix("$ erp data ").unwrap());
    words[2] = folder.join(&words[2]).display().to_string();
    if let Some(at) = words.iter().position(|word| word == "--report") {
        words[at + 1] = folder.join(&words[at + 1]).display().to_string();
    }
    words.extend(["--tenant".to_owned(), app.tenant().to_string()]);
    let contributions = app.assembled().contributions();
    let (_, command) = contributions.of::<Command>().find(|(_, command)| command.name() == "data").unwrap();
    let done = command.run(app.container().clone(), words);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(done)
}

#[test]
fn the_guide_does_what_it_says() {
    each(|app| {
        let folder = tempfile::tempdir().unwrap();
        let mut steps = 0;
        for (info, text) in blocks() {
            let info: Vec<&str> = info.split_whitespace().collect();
            match info.as_slice() {
                ["csv", "in", name] => std::fs::write(folder.path().join(name), text).unwrap(),
                ["csv", "out", name] => {
                    let found = std::fs::read_to_string(folder.path().join(name)).unwrap();
                    assert_eq!(found, text, "{name} on {}", app.kind());
                }
                ["console"] => {
                    text.lines()
                        .for_each(|line| run(app, folder.path(), line).unwrap_or_else(|e| panic!("{line}: {e:?}")));
                    steps += 1;
                }
                ["console", "fails", code] => {
                    text.lines().for_each(|line| assert_eq!(run(app, folder.path(), line).unwrap_err().code(), *code));
                }
                _ => {}
            }
        }
        assert_eq!(steps, 6, "the guide has other commands than this test knows");
        assert_eq!(crate::shop::brands(app).len(), 2, "{}", app.kind());
    });
}
