//! Ratios between what criterion measured in one run.

use std::fs;
use std::path::PathBuf;

/// Ours against a floor, both by the names they have in criterion: `group/function`.
#[derive(Debug, Clone)]
pub struct Ratio {
    /// What is compared.
    pub what: String,
    /// Our benchmark.
    pub ours: String,
    /// The floor's.
    pub floor: String,
    /// The goal, in words.
    pub goal: &'static str,
}

/// Prints one line for each pair: both medians, the ratio of times, and the ratio of throughputs.
///
/// # Panics
/// When criterion left no estimate, which means that the benchmark did not run.
pub fn print_ratios(ratios: &[Ratio]) {
    println!("\n{:<44} {:>11} {:>11} {:>7} {:>10}  goal", "", "ours", "floor", "time", "throughput");
    for Ratio { what, ours, floor, goal } in ratios {
        let (Some(ours), Some(floor)) = (median(ours), median(floor)) else { continue };
        let (time, throughput) = (ours / floor, floor / ours);
        println!("{what:<44} {:>11} {:>11} {time:>6.2}x {throughput:>9.2}x  {goal}", short(ours), short(floor));
    }
}

/// Nanoseconds of the median; `None` where a filter left the benchmark out.
fn median(name: &str) -> Option<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("../target"), PathBuf::from);
    let file = target.join("criterion").join(name).join("new").join("estimates.json");
    let text = fs::read_to_string(file).ok()?;
    let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}

fn short(nanos: f64) -> String {
    match nanos {
        n if n < 1e3 => format!("{n:.1} ns"),
        n if n < 1e6 => format!("{:.1} us", n / 1e3),
        n => format!("{:.1} ms", n / 1e6),
    }
}
