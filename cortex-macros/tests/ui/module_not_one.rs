use cortex_core::Application;

struct Fleet;

fn main() {
    let _ = Application::new().module(Fleet);
}
