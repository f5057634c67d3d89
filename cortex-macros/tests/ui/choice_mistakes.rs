//! Several mistakes in one choice are all reported, each at its place.

use cortex_core::Choice;

#[derive(Choice)]
#[choice(crate = cortex_core, core_only)]
enum State {
    Draft,
    Sent(u32),
    #[choice(name = "draft")]
    Again,
    #[choice(name = " ")]
    Blank,
    #[choice(rename = "x")]
    Renamed,
}

fn main() {
    let _ = State::Draft.as_str();
}
