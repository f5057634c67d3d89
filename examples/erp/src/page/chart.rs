//! Charts as inline SVG. Coordinates are whole pixels: nothing here needs a fraction.

use codexion::prelude::Money;

use super::words::{brief, escape, grouped, short, units, whole};
use crate::report::{Age, Month};

/// Width of a wide chart and of the others.
const WIDE: i64 = 1_080;
const NARROW: i64 = 520;
/// Height of charts with bars that stand.
const HEIGHT: i64 = 250;
/// Room for the labels of the axes.
const LEFT: i64 = 52;
const BOTTOM: i64 = 26;
const TOP: i64 = 22;

/// The scale of an upright axis: from a low to a high value in steps.
struct Axis {
    low: i64,
    high: i64,
    step: i64,
}

impl Axis {
    /// About four steps of a round size that cover all values and zero.
    fn covering(values: impl Iterator<Item = i64> + Clone) -> Self {
        let high = values.clone().max().unwrap_or(0).max(0);
        let low = values.min().unwrap_or(0).min(0);
        let step = round_up(((high - low) / 4).max(1));
        let up = |value: i64| (value + step - 1) / step * step;
        Self { low: -up(-low), high: up(high).max(step), step }
    }

    fn y(&self, value: i64) -> i64 {
        let height = HEIGHT - TOP - BOTTOM;
        TOP + height * (self.high - value) / (self.high - self.low).max(1)
    }

    fn lines(&self, width: i64) -> String {
        let mut out = String::new();
        let mut value = self.low;
        while value <= self.high {
            let y = self.y(value);
            let class = if value == 0 { "axis" } else { "grid" };
            out.push_str(&format!(
                "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                LEFT - 8,
                y + 4,
                brief(value)
            ));
            value += self.step;
        }
        out
    }

    /// A bar from zero to `value`.
    fn bar(&self, x: i64, width: i64, value: i64, class: &str, title: &str) -> String {
        let (from, to) = (self.y(value.max(0)), self.y(value.min(0)));
        let height = (to - from).max(i64::from(value != 0));
        let title = escape(title);
        format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{from}\" width=\"{width}\" height=\"{height}\" rx=\"2\">\
             <title>{title}</title></rect>\n"
        )
    }
}

/// 1, 2, 2.5 or 5 times a power of ten.
fn round_up(step: i64) -> i64 {
    let mut ten = 1;
    while ten * 10 < step {
        ten *= 10;
    }
    let round = [ten, ten * 2, ten * 5 / 2, ten * 5].into_iter().find(|round| *round >= step);
    round.unwrap_or(ten * 10).max(1)
}

/// Revenue and result, month by month.
pub(super) fn months(months: &[Month]) -> String {
    let figures = months.iter().flat_map(|month| [units(month.revenue), units(month.result)]);
    let axis = Axis::covering(figures);
    let room = (WIDE - LEFT) / i64::try_from(months.len()).unwrap_or(1).max(1);
    let bar = (room * 3 / 10).min(40);
    let mut out = begin(WIDE, HEIGHT, "revenue and result by month");
    out.push_str(&axis.lines(WIDE));
    for (month, place) in months.iter().zip(0..) {
        let x = LEFT + room * place + (room - bar * 2 - 3) / 2;
        let name = month.first.strftime("%B %Y").to_string();
        let (revenue, result) = (units(month.revenue), units(month.result));
        out.push_str(&axis.bar(x, bar, revenue, "first", &format!("{name}: revenue {}", whole(month.revenue))));
        let class = if result < 0 { "worse" } else { "second" };
        out.push_str(&axis.bar(x + bar + 3, bar, result, class, &format!("{name}: result {}", whole(month.result))));
        let label = month.first.strftime(if place == 0 || month.first.month() == 1 { "%b %Y" } else { "%b" });
        out.push_str(&below(x + bar + 1, &label.to_string()));
    }
    out.push_str("</svg>\n");
    out
}

/// What customers owe by how long it is due.
pub(super) fn ages(ages: &[Age]) -> String {
    let axis = Axis::covering(ages.iter().map(|age| units(age.amount)));
    let room = (NARROW - LEFT) / i64::try_from(ages.len()).unwrap_or(1).max(1);
    let bar = room * 6 / 10;
    let mut out = begin(NARROW, HEIGHT, "receivables by age");
    out.push_str(&axis.lines(NARROW));
    for (age, place) in ages.iter().zip(0..) {
        let x = LEFT + room * place + (room - bar) / 2;
        let class = match place {
            0 => "first",
            1 | 2 => "late",
            _ => "worse",
        };
        let value = units(age.amount);
        out.push_str(&axis.bar(x, bar, value, class, &format!("{}: {}", age.label, whole(age.amount))));
        let (middle, y) = (x + bar / 2, axis.y(value.max(0)) - 6);
        out.push_str(&format!(
            "<text class=\"strong\" x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n",
            grouped(value)
        ));
        out.push_str(&below(middle, age.label));
    }
    out.push_str("</svg>\n");
    out
}

/// The largest first, one below the other.
pub(super) fn ranking(about: &str, rows: &[(String, Money)]) -> String {
    const ROW: i64 = 33;
    let count = i64::try_from(rows.len()).unwrap_or(0);
    let most = rows.iter().map(|(_, amount)| units(*amount)).max().unwrap_or(0).max(1);
    let mut out = begin(NARROW, ROW * count.max(1), about);
    for ((name, amount), place) in rows.iter().zip(0..) {
        let (text, bar, value) = (ROW * place + 14, ROW * place + 20, units(*amount));
        let width = (NARROW * value.max(0) / most).max(2);
        out.push_str(&format!(
            "<text class=\"strong\" x=\"0\" y=\"{text}\">{}</text>\
             <text x=\"{NARROW}\" y=\"{text}\" text-anchor=\"end\">{}</text>\
             <rect class=\"track\" x=\"0\" y=\"{bar}\" width=\"{NARROW}\" height=\"6\" rx=\"3\"/>\
             <rect class=\"first\" x=\"0\" y=\"{bar}\" width=\"{width}\" height=\"6\" rx=\"3\"/>\n",
            escape(&short(name, 48)),
            grouped(value)
        ));
    }
    out.push_str("</svg>\n");
    out
}

fn begin(width: i64, height: i64, about: &str) -> String {
    format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n", escape(about))
}

/// A label below the axis.
fn below(x: i64, text: &str) -> String {
    format!("<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", HEIGHT - 6, escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([1, 3, 7, 12, 24, 26, 51, 999].map(round_up), [1, 5, 10, 20, 25, 50, 100, 1_000]);
    }

    #[test]
    fn an_axis_covers_its_values_and_zero() {
        let check = |values: &[i64]| {
            let axis = Axis::covering(values.iter().copied());
            assert!(axis.low <= 0 && axis.high > 0 && axis.low % axis.step == 0, "{values:?}");
            assert!(values.iter().all(|value| axis.low <= *value && *value <= axis.high), "{values:?}");
            assert!((axis.high - axis.low) / axis.step <= 7, "{values:?}");
            assert!(axis.y(axis.high) == TOP && axis.y(axis.low) == HEIGHT - BOTTOM, "{values:?}");
        };
        check(&[]);
        check(&[0, 0]);
        check(&[98_311, -1_250, 4]);
        check(&[-5, -900]);
        check(&[1]);
    }

    #[test]
    fn names_are_text_and_not_markup() {
        let rows = [("<script>".to_owned(), "5.00 EUR".parse().unwrap())];
        let svg = ranking("products", &rows);
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script>"), "{svg}");
    }
}
