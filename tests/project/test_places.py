"""Names in braces: looked up, never executed, safe in HTML."""

import pytest

from conference.lib import places

VALUES = {"name": "Ann *A* <b> {event}", "event": "Spring & Co", "reason": "", "url": "https://example.org/?a=1&b=2"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{name} at {event}", []),
        ("{nme} and {nme} and { name }", ["{nme}", "{ name }"]),
        ("{name.__class__} {0} {} {name!r} {name:>9}", ["{name.__class__}", "{0}", "{}", "{name!r}", "{name:>9}"]),
        ("{{name}} %(name)s {% now %}", ["{", "}", "{% now %}"]),
        ("a { b", ["{"]),
    ],
)
def test_what_is_no_known_name_is_found(text, found):
    assert places.strangers(text, ("name", "event")) == found


def test_values_are_data_and_are_filled_once():
    assert places.fill("{name}: {event} {other}", VALUES) == "Ann *A* <b> {event}: Spring & Co {other}"


def test_paragraph_that_has_nothing_to_say_is_left_out():
    assert places.as_text("Dear {name},\r\n\r\nReason: {reason}\n\nEnd.", VALUES) == "Dear Ann *A* <b> {event},\n\nEnd."
    assert "Reason" not in places.as_html("Dear {name},\n\nReason: {reason}\n\nEnd.", VALUES)


def test_html_reads_the_writers_markdown_and_never_the_values():
    shown = places.as_html("# Hello\n\n**Dear** {name}, <script>x</script>\n\n{url}", VALUES, links=("url",))
    assert shown == (
        "<h3>Hello</h3>\n<p><strong>Dear</strong> Ann *A* &lt;b&gt; {event}, &lt;script&gt;x&lt;/script&gt;</p>\n"
        '<p><a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a></p>\n'
    )


def test_marks_of_ours_typed_by_a_writer_are_taken_out():
    assert places.as_html("\ue000url\ue001", VALUES, links=("url",)) == "<p>url</p>\n"


@pytest.mark.parametrize(
    ("body", "is_lost"), [("See {url}", False), ("[here]({url})", True), ("`{url}`", False), ("    {url}", False), ("shown {url}", False)]
)
def test_name_that_html_cannot_show_is_found(body, is_lost):
    assert places.is_lost_in_html(body, "url") is is_lost
