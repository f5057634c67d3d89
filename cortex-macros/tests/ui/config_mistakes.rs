//! Several mistakes in one section are all reported, each at its place.

use cortex_core::Config;

#[derive(Config)]
#[config(key = "Web Server", crate = cortex_core)]
struct Web {
    #[config(default = 8080, required)]
    port: u16,
    #[config(defualt = 1)]
    size: u16,
    #[config(default = "loose", one_of = ["lax", "strict"])]
    cookies: String,
    #[config(one_of = [])]
    mode: String,
    #[config(one_of = [1, 2])]
    level: u8,
    #[allow(non_snake_case)]
    bodyLimit: u32,
}

fn main() {
    let web = Web::default();
    let _: u16 = web.port;
}
