//! Text for people: amounts, days, and what HTML must not take for markup.

use codexion::prelude::{Date, Money};

/// Text that HTML shows as it is.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// At most so many characters, with dots where something is left out.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// `1 March 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `1,234,568 EUR`: rounded to whole units of its currency.
pub(super) fn whole(money: Money) -> String {
    format!("{} {}", grouped(units(money)), money.currency().code())
}

/// `1,234.50`: without its currency.
pub(super) fn exact(money: Money) -> String {
    let text = money.to_string();
    text.rsplit_once(' ').map_or(text.as_str(), |(amount, _)| amount).to_owned()
}

/// Whole units of its currency, rounded half up.
pub(super) fn units(money: Money) -> i64 {
    let unit = 10_i64.pow(money.currency().minor_units());
    (money.minor() + unit / 2).div_euclid(unit)
}

/// `1,234,568`
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    if number < 0 {
        out.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `120k`, `1.5M`: for axes.
pub(super) fn brief(units: i64) -> String {
    let (sign, size) = (if units < 0 { "−" } else { "" }, units.abs());
    match size {
        0..1_000 => format!("{sign}{size}"),
        1_000..1_000_000 => tenths(sign, size / 100, "k"),
        _ => tenths(sign, size / 100_000, "M"),
    }
}

fn tenths(sign: &str, tenths: i64, suffix: &str) -> String {
    match tenths % 10 {
        0 => format!("{sign}{}{suffix}", tenths / 10),
        rest => format!("{sign}{}.{rest}{suffix}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_and_grouped() {
        let check = |text: &str, expected: &str| {
            let money: Money = text.parse().unwrap();
            assert_eq!(whole(money), expected);
        };
        check("1234567.50 EUR", "1,234,568 EUR");
        check("0.49 EUR", "0 EUR");
        check("-1234.50 EUR", "−1,234 EUR");
        check("1234567 JPY", "1,234,567 JPY");
        assert_eq!(exact("1234.50 EUR".parse().unwrap()), "1,234.50");
    }

    #[test]
    fn axes_are_brief() {
        assert_eq!([0, 950, 1_000, 12_500, -20_000, 1_500_000].map(brief), ["0", "950", "1k", "12.5k", "−20k", "1.5M"]);
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(escape("<b>\"R&D\"</b>"), "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;");
        assert_eq!(short("Zelt & Rucksack", 8), "Zelt & …");
    }
}
