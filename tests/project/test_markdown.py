"""Rich text lets nothing through but a few elements and safe links."""

import re

import pytest

from conference.lib import markdown

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox(1))",
    "[click](//example.org/path)",
    "[click](http://example.org/)",
    "[click](/en/accounts/logout/)",
    "[click][ref]\n\n[ref]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![picture](https://example.org/pixel.png)",
    "[x](https://example.org/ \"onmouseover='alert(1)'\")",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>`",
    "<details open ontoggle=alert(1)>",
    "<!--><script>alert(1)</script>-->",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_comes_through(payload):
    html = markdown.render(payload)
    tags = set(re.findall(r"<\s*([a-z0-9!]+)", html))
    assert tags <= {"p", "em", "strong", "ul", "ol", "li", "a", "h3", "h4", "blockquote", "br", "hr"}
    assert re.findall(r"<[^>]+\s(?:on\w+|style|src|srcset|id|class|title)\s*=", html) == []
    assert all(href.startswith(("https://", "mailto:")) for href in re.findall(r'href="([^"]*)"', html))


def test_safe_links_stay():
    assert markdown.render("[site](https://example.org/)") == '<p><a href="https://example.org/">site</a></p>\n'
    assert markdown.render("<mailto:press@example.org>") == ('<p><a href="mailto:press@example.org">mailto:press@example.org</a></p>\n')


def test_headings_stand_below_those_of_the_page():
    html = markdown.render("# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\n###### Six")
    assert re.findall(r"<(h\d)>(\w+)", html) == [
        ("h3", "One"),
        ("h3", "Two"),
        ("h3", "Three"),
        ("h4", "Four"),
        ("h4", "Five"),
        ("h4", "Six"),
    ]


@pytest.mark.parametrize("piece", ["[", "> ", "*a_ ", "`", "- ", "<", "![x](", "\n\n# ", "&", "[a](<b"])
def test_hostile_text_costs_no_more_than_its_limit(piece):
    text = piece * (1_000_000 // len(piece))
    assert markdown.render(text) == markdown.render(text[: markdown.MAX_LENGTH])


def test_text_is_cut_at_its_limit():
    assert len(markdown.render("a" * 60_000)) == len("<p></p>\n") + markdown.MAX_LENGTH


def test_headings_start_where_the_page_wants_them():
    assert re.findall(r"<(h\d)>", markdown.render("### One\n\n#### Two", 2)) == ["h2", "h3"]
