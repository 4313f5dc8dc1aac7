"""The handful of tags templates may use."""

import datetime as dt

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from conference.lib import clock, countries, dates, markdown
from conference.lib.verbs import act_in_words

register = template.Library()


def _language() -> str:
    return get_language() or "en"


def _foreign(text: str) -> str:
    """The language of a text when it is not the page's, else an empty text."""
    language = getattr(text, "lang", "")
    return language if text and language != _language() else ""


@register.simple_tag
def words(text: str) -> str:
    """Print public text; in a fallback language it carries its own `lang` (WCAG 3.1.2)."""
    if language := _foreign(text):
        return format_html('<span lang="{}">{}</span>', language, text)
    return conditional_escape(text)


@register.simple_tag
def described(person) -> SafeString:
    """Print somebody of the agenda in one line: name, function, organisation; without a name the function alone."""
    parts = (person.name, words(person.function) if person.function else "", person.organisation)
    return SafeString(", ".join(conditional_escape(part) for part in parts if part))


@register.simple_tag
def richtext(text: str, level: int = 3) -> SafeString:
    """Print Markdown as clean HTML, with its own `lang` in a fallback language; nothing for an empty text.

    `level` is the one its headings start at: 3 below a heading of the page, 2 right below its title.
    """
    if not text:
        return SafeString("")
    body = markdown.render(text, level)
    if language := _foreign(text):
        return format_html('<div class="richtext" lang="{}">{}</div>', language, body)
    return format_html('<div class="richtext">{}</div>', body)


_MOST_REMEMBERED = 20_000  # pieces, of a kilobyte or so each
_remembered: dict[tuple, SafeString] = {}


class Remember(template.Node):
    """A piece of a page that is written out once for the same values in the same language."""

    def __init__(self, place, values, nodelist):
        self.place, self.values, self.nodelist = place, values, nodelist

    def render(self, context):
        """Give what was written for these values, or write it."""
        key = (self.place, get_language(), *(value.resolve(context) for value in self.values))
        piece = _remembered.get(key)
        if piece is None:
            piece = self.nodelist.render(context)
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = piece
        return piece


@register.tag
def remember(parser, token):
    """Remember a piece of a page by value: `{% remember facts zone %}…{% endremember %}`.

    The values must be hashable and all that the piece depends on besides the language. Nothing has to be forgotten when something
    changes: other values are another piece.
    """
    values = [parser.compile_filter(part) for part in token.split_contents()[1:]]
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remember((parser.origin.name, token.lineno), values, nodelist)


def forget_pieces() -> None:
    """Write every piece anew from now on: for tests that change what templates are made of."""
    _remembered.clear()


@register.filter
def act_words(verb: str) -> str:
    """Give what the record calls an act."""
    return act_in_words(verb)


@register.filter
def detail(value) -> str:
    """Write a detail of an act: several after commas, yes or no, a dash for nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "—"
    return "—" if value in (None, "") else str(value)


@register.simple_tag(name="clock")
def clock_tag(moment: dt.datetime, zone: str) -> SafeString:
    """Print the wall-clock time of a moment in a zone: 09:30."""
    wall = clock.local(moment, zone).isoformat(timespec="minutes")
    return SafeString(f'<time datetime="{wall}">{wall[11:16]}</time>')  # digits alone: nothing to escape


@register.simple_tag
def day(date: dt.date) -> SafeString:
    """Print weekday and date: Thursday 25 April 2024."""
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), dates.weekday_and_date(date, _language()))


@register.simple_tag
def short_day(date: dt.date) -> SafeString:
    """Print a day in the row of days: Thu 25 April."""
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), dates.short_day(date, _language()))


@register.simple_tag
def moment(at: dt.datetime, zone: str) -> SafeString:
    """Print the date and time of a moment in a zone: 25 April 2024, 09:30."""
    wall = clock.local(at, zone)
    written = f"{dates.date_in_words(wall.date(), _language())}, {wall:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', wall.isoformat(timespec="minutes"), written)


@register.simple_tag(name="dates")
def dates_tag(first: dt.date, last: dt.date) -> str:
    """Print a period: 25–26 April 2024."""
    return dates.span_in_words(first, last, _language())


@register.simple_tag
def zone(name: str, at: dt.date) -> str:
    """Print the name of a zone and its offset at a moment, or at noon of a day: Europe/Brussels, UTC+2."""
    wall = clock.local(at if isinstance(at, dt.datetime) else clock.moment(at, dt.time(12), name), name)
    return f"{name.replace('_', ' ')}, {dates.offset_in_words(wall)}"


@register.simple_tag
def language_name(code: str) -> str:
    """Print the name of a language in the reader's language; a code Django does not know stays as it is."""
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code


@register.simple_tag
def country(code: str) -> str:
    """Print the name of a state in the reader's language."""
    return countries.name(code, _language())


def _sections():
    """Parts of an event in the organisers' site, in the order of the work: name, label, the act that opens it."""
    return [
        ("dashboard", _("Overview"), "read"),
        ("event", pgettext("part of the organisers' site", "Event"), "read"),
        ("delegations", _("Delegations"), "people"),
        ("people", _("People"), "people"),
        ("queue", pgettext("part of the organisers' site", "Decisions"), "decide"),
        ("asking", pgettext("part of the organisers' site", "Form"), "people"),
        ("sessions", _("Sessions"), "read"),
        ("board", _("Board"), "read"),
        ("release", _("Release"), "read"),
        ("papers", _("Papers"), "read"),
        ("mails", _("Mail"), "mail"),
        ("press", _("Press"), "read"),
        ("staff", _("Team"), "staff"),
        ("audit", _("Record"), "audit"),
        ("privacy", _("Privacy"), "audit"),
    ]


@register.simple_tag
def event_sections(event, acts, section: str) -> list[dict]:
    """List the parts of an event that these acts open: url, label, is_current."""
    return [
        {"url": reverse(f"organise:{name}", args=[event.slug]), "label": label, "is_current": name == section}
        for name, label, act in _sections()
        if act in acts
    ]
