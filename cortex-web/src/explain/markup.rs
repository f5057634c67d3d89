//! The little of Markdown that pages of errors are written in, as HTML: paragraphs, lists, and code between backticks.

/// What begins an element of a list.
const ELEMENT: &str = "- ";

/// Paragraphs and lists, with empty lines between them.
pub(super) fn blocks(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(block).collect()
}

fn block(block: &str) -> String {
    match block.strip_prefix(ELEMENT) {
        None => format!("<p>{}</p>\n", inline(block)),
        Some(elements) => {
            let elements = elements.split("\n- ").map(|element| format!("<li>{}</li>\n", inline(element)));
            format!("<ul>\n{}</ul>\n", elements.collect::<String>())
        }
    }
}

/// Text with code in it. A backtick without a second one stands for itself.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        out.push_str(&escaped(before));
        out.push_str(&format!("<code>{}</code>", escaped(code)));
        rest = after;
    }
    out.push_str(&escaped(rest));
    out
}

/// Text as it is, whatever is in it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(blocks(text), expected);
    }

    #[test]
    fn texts_become_html() {
        check("One,\nstill one.\n\nTwo.", "<p>One,\nstill one.</p>\n<p>Two.</p>\n");
        check("- a\n- `b`\n  more", "<ul>\n<li>a</li>\n<li><code>b</code>\n  more</li>\n</ul>\n");
        check("a `x` b `y`", "<p>a <code>x</code> b <code>y</code></p>\n");
        check("one ` alone", "<p>one ` alone</p>\n");
        check("a\r\n\r\nb", "<p>a</p>\n<p>b</p>\n");
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        check("<b> & `<i> \"x\"`", "<p>&lt;b&gt; &amp; <code>&lt;i&gt; &quot;x&quot;</code></p>\n");
    }
}
