"""Messages as readers get them: subject, text and HTML from templates, in one reader's language."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.template import Context, loader
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference.lib.dates import date_in_words
from conference.lib.places import as_html, as_text, fill
from conference.lib.words import in_language
from events.emails.table import MESSAGES, PLACES
from events.models import Event, MessageText
from events.outbox import queue

LINKS = ("url",)


def compose(template: str, context: dict, language: str) -> tuple[str, str, str]:
    """Render `<template>.subject.txt`, `.txt` and `.html` (such as "delegates/emails/invitation") in a language.

    What people typed is data: text bodies show it as it is, HTML bodies escape it, and nothing in it is read as a template.
    HTML bodies extend "ui/emails/layout.html" and text bodies "ui/emails/layout.txt"; besides `context` they know
    `language`, `site_url` and `subject`. Give addresses through `link`.
    """
    language = known_language(language)
    with translation.override(language):
        known = {"language": language, "site_url": settings.SITE_URL} | context
        subject = " ".join(_as_text(f"{template}.subject.txt", known).split())
        text = _as_text(f"{template}.txt", known | {"subject": subject}).strip() + "\n"
        html = loader.render_to_string(f"{template}.html", known | {"subject": subject})
    return subject, text, html


def write(
    kind: str, event: Event, places: dict[str, str], language: str, *, own: Mapping[str, MessageText] | None = None
) -> tuple[str, str, str]:
    """Write a message of the table about an event: subject, text and HTML. `places` gives every name its text may use.

    For many of one kind, read the event's `own_texts` once and give them.
    """
    texts = own_texts(kind, event, language) if own is None else own
    mine = texts.get(language)
    return compose_own(mine.subject, mine.body, places, language) if mine else compose(MESSAGES[kind].template, places, language)


def own_texts(kind: str, event: Event, language: str = "") -> dict[str, MessageText]:
    """Give the organisers' own words for a message, by language (or in one alone). One query."""
    found = MessageText.objects.filter(event=event, kind=kind)
    return {text.language: text for text in (found.filter(language=language) if language else found)}


def compose_own(
    subject: str, body: str, places: dict[str, str], language: str, *, words_language: str = "", note: str = ""
) -> tuple[str, str, str]:
    """Write a message in the organisers' own words, which name places in braces.

    Words of another language than the reader's are marked with it, and `note` says so above them.
    """
    with translation.override(known_language(language)):
        line, text, shown = show_own(subject, body, places)
        known = {"language": language, "words_language": words_language or language, "note": note}
        known |= {"site_url": settings.SITE_URL, "subject": line}
        plain = _as_text("events/emails/own.txt", known | {"body": text}).strip() + "\n"
        return line, plain, loader.render_to_string("events/emails/own.html", known | {"body": shown})


def show_own(subject: str, body: str, places: dict[str, str]) -> tuple[str, str, SafeString]:
    """Fill the organisers' own words: subject, text and HTML without what every message has around them."""
    return " ".join(fill(subject, places).split()), as_text(body, places), as_html(body, places, links=LINKS)


def original(kind: str, language: str) -> tuple[str, str]:
    """Give the program's own words of a message, subject and body, with the names of places in braces."""
    row = MESSAGES[kind]
    subject, text, _html = compose(row.template, {name: f"{{{name}}}" for name in row.places}, language)
    return subject, text.partition("\n\n-- \n")[0].strip()


def examples(kind: str, language: str) -> dict[str, str]:
    """Give an example of every place of a message, in a language."""
    with translation.override(language):
        return {name: str(PLACES[name].example) for name in MESSAGES[kind].places}


def greeting(name: str) -> str:
    """Begin a letter, in the active language."""
    return _("Dear %(name)s,") % {"name": name} if name else _("Dear colleague,")


def moment_in_words(event: Event, moment: dt.datetime | None, language: str) -> str:
    """Write a moment on the event's wall clock with its zone, in a language; nothing for None."""
    if moment is None:
        return ""
    wall = event.local(moment)
    with translation.override(language):
        return f"{date_in_words(wall.date(), language)}, {wall:%H:%M} ({event.zone})"


def title_in(event: Event, language: str) -> str:
    """Give the event's title in a language, or in the one it falls back to."""
    return str(in_language(event, "title", language, event.working_language))


def link(name: str, *args, language: str) -> str:
    """Give the whole address of a page of the site in a language, for a mail: link("delegates:invitation", secret, language="fr")."""
    with translation.override(known_language(language)):
        return settings.SITE_URL + reverse(name, args=args)


def known_language(language: str) -> str:
    """Give a language the site speaks: the one asked for, else the site's own."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _as_text(name: str, context: dict) -> str:
    return loader.get_template(name).template.render(Context(context, autoescape=False))


def role_given(role) -> None:
    """Tell somebody that they have a role at an event, and how to enter; one message per role, in their language."""
    language = known_language(role.user.language if role.user else role.event.working_language)
    email = role.email or role.user.email
    with translation.override(language):
        places = {
            "event": title_in(role.event, language),
            "role": str(role.get_role_display()),
            "address": email,
            "url": settings.SITE_URL + reverse("admin:index"),
        }
    subject, text, html = write("staff.role", role.event, places, language)
    queue(
        kind="staff.role",
        to=email,
        language=language,
        subject=subject,
        text=text,
        html=html,
        dedup_key=f"staff.role:{role.public_id}",
        event=role.event,
        user=role.user,
        about=str(role),
    )
