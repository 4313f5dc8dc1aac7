"""Messages as readers get them."""

import copy

import pytest
from django.utils import translation

from events.emails import compose, known_language, link

HOSTILE = "{x} {{x}} {% now 'Y' %} %(x)s [a](http://evil.example) <a href='http://evil.example'>& “ł”"


@pytest.fixture
def letter(settings, tmp_path):
    """A message made of three templates."""
    (tmp_path / "letter.subject.txt").write_text("{% translate 'English' %}:\n {{ name }}\n")
    (tmp_path / "letter.txt").write_text(
        "{% extends 'ui/emails/layout.txt' %}{% block content %}"
        "{% blocktranslate trimmed %}Dear {{ name }},{% endblocktranslate %}\n\n{{ name }}{% endblock %}"
    )
    (tmp_path / "letter.html").write_text(
        "{% extends 'ui/emails/layout.html' %}{% block content %}<p>{{ name }}</p>"
        "<p>{% blocktranslate trimmed %}Dear {{ name }},{% endblocktranslate %}</p>"
        "{% include 'ui/emails/button.html' with url='https://conference.example.org/x' label=name %}{% endblock %}"
    )
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    return "letter"


def test_compose_with_a_hostile_name_keeps_it_literal(letter):
    subject, text, html = compose(letter, {"name": HOSTILE}, "en")
    assert subject == f"English: {HOSTILE}"
    assert text.startswith(f"Dear {HOSTILE},\n\n{HOSTILE}\n")
    escaped = "{x} {{x}} {% now &#x27;Y&#x27; %} %(x)s [a](http://evil.example) &lt;a href=&#x27;http://evil.example&#x27;&gt;&amp; “ł”"
    assert f"<p>{escaped}</p><p>Dear {escaped},</p>" in html
    assert html.count("<a ") == 1
    assert f">{escaped}</a>" in html


def test_compose_with_a_line_break_in_a_name_gives_one_subject_line(letter):
    subject, _text, _html = compose(letter, {"name": "A\r\nBcc: everybody@example.org"}, "en")
    assert subject == "English: A Bcc: everybody@example.org"


@pytest.mark.parametrize(("language", "given"), [("fr", "fr"), ("de", "de"), ("", "en"), ("xx", "en")])
def test_compose_in_a_language_marks_the_html_with_it(letter, language, given):
    _subject, _text, html = compose(letter, {"name": "A"}, language)
    assert f'<html lang="{given}">' in html
    assert known_language(language) == given


def test_compose_leaves_the_language_of_the_page_alone(letter):
    with translation.override("nl"):
        compose(letter, {"name": "A"}, "fr")
        assert translation.get_language() == "nl"


def test_link_in_a_language_is_whole(settings):
    assert link("account_login", language="fr") == f"{settings.SITE_URL}/fr/accounts/login/"
