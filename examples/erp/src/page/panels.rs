//! The parts of the start page.

use codexion::prelude::*;

use super::chart;
use super::words::{escape, exact, grouped, units};
use crate::report::Report;

pub(super) fn all(report: &Report) -> Result<String> {
    let mut out = cards(report)?;
    out.push_str("<div class=\"panels\">\n");
    let key = "<p class=\"key\"><span><i class=\"a\"></i>revenue</span><span><i class=\"b\"></i>result</span></p>\n";
    let months = format!("<div class=\"scroll\">\n{}</div>\n", chart::months(&report.months));
    panel(&mut out, "panel wide", "Revenue and result by month", key, &months);
    let currency = report.balances.debit.currency();
    let about = format!("<p class=\"quiet\">net, last twelve months, in {currency}</p>\n");
    panel(&mut out, "panel", "Best-selling products", &about, &chart::ranking("products", &report.products));
    panel(&mut out, "panel", "Largest customers", &about, &chart::ranking("customers", &report.customers));
    let about = format!("<p class=\"quiet\">by days since they were due, in {currency}</p>\n");
    panel(&mut out, "panel", "Receivables", &about, &chart::ages(&report.ages()?));
    panel(&mut out, "panel", "The books tie out", "", &ties(report)?);
    panel(&mut out, "panel wide", "", "", &trial_balance(report));
    out.push_str("</div>\n");
    Ok(out)
}

fn panel(out: &mut String, class: &str, title: &str, about: &str, body: &str) {
    out.push_str(&format!("<section class=\"{class}\">\n"));
    if !title.is_empty() {
        out.push_str(&format!("<h2>{title}</h2>\n"));
    }
    out.push_str(about);
    out.push_str(body);
    out.push_str("</section>\n");
}

fn cards(report: &Report) -> Result<String> {
    let whole = |money: Money| grouped(units(money));
    let since = format!("since {}", report.year.strftime("%-d %b %Y"));
    let overdue = report.overdue()?;
    let late = if overdue.is_positive() {
        format!("<div class=\"note bad\">{} overdue</div>", whole(overdue))
    } else {
        "<div class=\"note\">nothing overdue</div>".to_owned()
    };
    let note = |text: &str| format!("<div class=\"note\">{}</div>", escape(text));
    let bills = format!("{} open bills", report.owed_by_us.items.len());
    let warehouses = match report.warehouses.len() {
        1 => "in one warehouse".to_owned(),
        many => format!("in {many} warehouses"),
    };
    let cards = [
        ("Bank", whole(report.cash), note("balance")),
        ("Receivables", whole(report.receivables), late),
        ("Payables", whole(report.payables.checked_neg()?), note(&bills)),
        ("Stock", whole(report.stock()?), note(&warehouses)),
        ("Revenue", whole(report.revenue), note(&since)),
        ("Result", whole(report.result), note(&since)),
        ("Orders to ship", grouped(report.open_orders), note(&format!("worth {}", whole(report.open_orders_net)))),
    ];
    let card = |(name, figure, note): &(&str, String, String)| {
        format!(
            "<div class=\"card\"><div class=\"name\">{name}</div><div class=\"figure\">{figure}</div>{note}</div>\n"
        )
    };
    Ok(format!("<div class=\"cards\">\n{}</div>\n", cards.iter().map(card).collect::<String>()))
}

fn ties(report: &Report) -> Result<String> {
    let mut out = "<table>\n".to_owned();
    for tie in report.ties()? {
        let (class, sign) = if tie.holds() { ("good", "✓") } else { ("bad", "✗") };
        let what = escape(tie.what);
        let amount = if tie.holds() { exact(tie.one) } else { format!("{} / {}", exact(tie.one), exact(tie.other)) };
        out.push_str(&format!(
            "<tr><td><span class=\"{class}\">{sign}</span> {what}</td><td class=\"n\">{amount}</td></tr>\n"
        ));
    }
    for (name, value) in &report.warehouses {
        out.push_str(&format!(
            "<tr><td class=\"quiet\">stock: {}</td><td class=\"n\">{}</td></tr>\n",
            escape(name),
            exact(*value)
        ));
    }
    out.push_str("</table>\n");
    Ok(out)
}

fn trial_balance(report: &Report) -> String {
    let mut out = "<details>\n<summary>Trial balance</summary>\n<div class=\"scroll\"><table>\n<tr><th>Account</th>\
                   <th></th><th class=\"n\">Debit</th><th class=\"n\">Credit</th><th class=\"n\">Balance</th></tr>\n"
        .to_owned();
    for row in &report.balances.rows {
        out.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            escape(&row.code),
            escape(&row.name),
            exact(row.debit),
            exact(row.credit),
            exact(row.balance)
        ));
    }
    out.push_str(&format!(
        "<tr><td></td><td class=\"quiet\">Sum</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\"></td></tr>\n\
         </table></div>\n</details>\n",
        exact(report.balances.debit),
        exact(report.balances.credit)
    ));
    out
}
