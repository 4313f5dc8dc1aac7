"""Messages as readers get them: subject, text and HTML from templates, in one reader's language."""

from django.conf import settings
from django.template import Context, loader
from django.urls import reverse
from django.utils import translation

from events.outbox import queue


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
        context = {
            "title": role.event.title,
            "role": role.get_role_display(),
            "email": email,
            "url": settings.SITE_URL + reverse("admin:index"),
        }
    subject, text, html = compose("events/emails/role_given", context, language)
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
