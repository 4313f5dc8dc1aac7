"""The tags, the pieces every page is built of, and the limits of the look."""

import datetime as dt
import pathlib
import re

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import override

from conference.lib import dates
from conference.lib.words import Words
from tests.factories import EventFactory

STATIC = pathlib.Path(__file__).parents[2] / "conference" / "static" / "conference"
OPENING = dt.datetime(2024, 4, 25, 7, 30, tzinfo=dt.UTC)


def rendered(source, **context):
    return engines["django"].from_string(source).render(context).strip()


def test_words_in_the_language_of_the_page_carry_none_of_their_own():
    assert rendered("{% words text %}", text=Words("Opening", "en")) == "Opening"


def test_words_in_a_fallback_language_carry_it():
    with override("nl"):
        assert rendered("{% words text %}", text=Words("Ouverture", "fr")) == '<span lang="fr">Ouverture</span>'


def test_words_are_escaped():
    assert rendered("{% words text %}", text=Words("<b>", "fr")) == '<span lang="fr">&lt;b&gt;</span>'
    assert rendered("{% words text %}", text="<b>") == "&lt;b&gt;"


def test_rich_text_in_a_fallback_language_carries_it():
    with override("de"):
        assert rendered("{% richtext text %}", text=Words("*Oui*", "fr")) == '<div class="richtext" lang="fr"><p><em>Oui</em></p>\n</div>'


def test_rich_text_of_nothing_is_nothing():
    assert rendered("{% richtext text %}", text="") == ""


def test_clock_shows_the_time_of_the_zone():
    shown = rendered("{% clock at 'Europe/Brussels' %}", at=OPENING)
    assert shown == '<time datetime="2024-04-25T09:30+02:00">09:30</time>'


def test_moment_shows_date_and_time_of_the_zone():
    shown = rendered("{% moment at 'Asia/Tokyo' %}", at=dt.datetime(2024, 4, 25, 23, 5, tzinfo=dt.UTC))
    assert shown == '<time datetime="2024-04-26T08:05+09:00">26 April 2024, 08:05</time>'


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Thursday 25 April 2024"),
        ("fr", "jeudi 25 avril 2024"),
        ("nl", "donderdag 25 april 2024"),
        ("de", "Donnerstag, 25. April 2024"),
    ],
)
def test_day_is_written_as_the_language_writes_it(language, shown):
    with override(language):
        assert rendered("{% day date %}", date=dt.date(2024, 4, 25)) == f'<time datetime="2024-04-25">{shown}</time>'


@pytest.mark.parametrize(
    ("language", "first", "last", "shown"),
    [
        ("en", "2024-04-25", "2024-04-25", "25 April 2024"),
        ("en", "2024-04-25", "2024-04-26", "25–26 April 2024"),
        ("en", "2024-04-30", "2024-05-02", "30 April – 2 May 2024"),
        ("en", "2024-12-31", "2025-01-01", "31 December 2024 – 1 January 2025"),
        ("fr", "2024-05-01", "2024-05-02", "1er–2 mai 2024"),
        ("fr", "2024-04-30", "2024-05-01", "30 avril – 1er mai 2024"),
        ("nl", "2024-04-25", "2024-04-26", "25–26 april 2024"),
        ("de", "2024-04-25", "2024-04-26", "25.–26. April 2024"),
        ("de", "2024-04-30", "2024-05-02", "30. April – 2. Mai 2024"),
    ],
)
def test_period_says_month_and_year_once(language, first, last, shown):
    with override(language):
        assert dates.span_in_words(dt.date.fromisoformat(first), dt.date.fromisoformat(last), language) == shown


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("Europe/Brussels", OPENING, "Europe/Brussels, UTC+2"),
        ("Europe/Brussels", dt.date(2024, 1, 1), "Europe/Brussels, UTC+1"),
        ("America/New_York", OPENING, "America/New York, UTC−4"),
        ("Asia/Kolkata", OPENING, "Asia/Kolkata, UTC+5:30"),
        ("UTC", OPENING, "UTC, UTC"),
    ],
)
def test_zone_is_named_with_its_offset(zone, at, shown):
    assert rendered("{% zone name at %}", name=zone, at=at) == shown


def test_country_and_language_are_named_in_the_language_of_the_page():
    with override("fr"):
        assert rendered("{% country 'HU' %}, {% language_name 'nl' %}, {% language_name 'xx' %}") == "Hongrie, néerlandais, xx"


class Question(forms.Form):
    given_name = forms.CharField(help_text="As in your passport.")
    function = forms.CharField(required=False)
    answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def test_form_gathers_its_errors_with_links():
    html = render_to_string("ui/form.html", {"form": Question({"function": "Analyst"})})
    assert re.findall(r'<a href="(#[^"]+)"', html) == ["#id_given_name", "#id_answer", "#id_agreed"]
    assert all(f'id="{name}"' in html for name in ("id_given_name", "id_answer", "id_agreed"))


def test_form_without_errors_gathers_none():
    assert 'class="errors"' not in render_to_string("ui/form.html", {"form": Question()})


def test_field_has_its_label_then_its_help_then_its_error_then_itself():
    html = Question({"given_name": ""})["given_name"].as_field_group()
    places = [
        html.index(part) for part in ('<label for="id_given_name"', 'id="id_given_name_helptext"', 'id="id_given_name_error"', "<input")
    ]
    assert places == sorted(places)
    assert 'aria-describedby="id_given_name_helptext id_given_name_error"' in html


def test_field_that_may_stay_empty_says_so():
    assert "(optional)" in Question()["function"].as_field_group()
    assert "(optional)" not in Question()["given_name"].as_field_group()


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = Question()["answer"].as_field_group()
    assert html.startswith("<fieldset")
    assert "<legend>Answer</legend>" in html


@pytest.mark.parametrize(
    ("label", "css"),
    [("TLP:RED", "red"), ("TLP:AMBER", "amber"), ("TLP:AMBER+STRICT", "amber"), ("TLP:GREEN", "green"), ("TLP:CLEAR", "clear")],
)
def test_tlp_label_is_never_translated(label, css):
    assert render_to_string("ui/tlp.html", {"label": label}).strip() == (
        f'<span class="tlp tlp--{css}" lang="en" translate="no">{label}</span>'
    )


def test_tlp_colours_are_those_of_the_standard():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    colours = dict(re.findall(r"--tlp-(\w+): (#\w{6});", tokens))
    assert colours == {"ground": "#000000", "red": "#ff2b2b", "amber": "#ffc000", "green": "#33ff00", "clear": "#ffffff"}


def test_empty_state_says_what_and_why():
    html = render_to_string("ui/empty.html", {"title": "No papers", "text": "None was attached yet."})
    assert "No papers" in html
    assert "<a" not in html


def test_fonts_stay_under_100_kb_and_carry_their_licences():
    fonts = STATIC / "fonts"
    assert sum(file.stat().st_size for file in fonts.glob("*.woff2")) < 100_000
    assert all("SIL OPEN FONT LICENSE" in (fonts / name).read_text() for name in ("OFL-sans.txt", "OFL-serif.txt"))


def test_every_font_file_is_used():
    css = (STATIC / "css" / "fonts.css").read_text()
    assert set(re.findall(r"fonts/([\w-]+\.woff2)", css)) == {file.name for file in (STATIC / "fonts").glob("*.woff2")}


def colour_rules():
    for file in sorted((STATIC / "css").glob("*.css")):
        if file.name not in ("tokens.css", "fonts.css"):
            yield from ((file.name, colour) for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, ])|rgba?\(", file.read_text()))


def test_colours_are_written_in_the_tokens_only():
    assert list(colour_rules()) == []


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    light, dark = tokens.split("prefers-color-scheme: dark")
    for name, part in (("light", light), ("dark", dark.split("@media print")[0])):
        yield pytest.param(dict(re.findall(r"--([\w-]+): (#\w{6});", part)), id=name)


@pytest.mark.parametrize("palette", list(palettes()))
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "wash", 7),
        ("ink-soft", "paper", 7),
        ("ink-soft", "wash", 7),
        ("accent", "paper", 7),
        ("alert", "paper", 7),
        ("alert", "alert-wash", 4.5),
        ("good", "paper", 4.5),
        ("on-accent", "accent", 7),
        ("rule-strong", "paper", 3),
        ("focus", "paper", 3),
    ],
)
def test_contrast_is_kept(palette, ink, ground, least):
    assert contrast(palette[ink], palette[ground]) >= least


@pytest.mark.parametrize(
    ("acts", "shown"),
    [
        ({"read"}, ["Overview", "Event", "Sessions", "Board", "Release", "Papers", "Press"]),
        ({"read", "mail"}, ["Overview", "Event", "Sessions", "Board", "Release", "Papers", "Mail", "Press"]),
        (set(), []),
    ],
)
def test_parts_of_an_event_are_those_the_acts_open(acts, shown):
    event = EventFactory.build(slug="some-event")
    source = "{% event_sections event acts 'event' as parts %}{% for part in parts %}{{ part.label }};{% endfor %}"
    html = rendered(source, event=event, acts=acts)
    assert html.split(";")[:-1] == shown


@pytest.mark.parametrize("sheet", sorted(path.name for path in (STATIC / "css").glob("*.css")))
def test_every_brace_of_a_style_sheet_is_closed(sheet):
    text = (STATIC / "css" / sheet).read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
