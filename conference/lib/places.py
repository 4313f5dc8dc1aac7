"""Texts that organisers write, with names in braces such as `{event}`: looked up in a dict, never read as a format or a template."""

import html
import re
from collections.abc import Collection, Mapping

from django.utils.safestring import SafeString, mark_safe

from conference.lib import markdown

_NAME = re.compile(r"\{([a-z_]+)\}")
_BRACED = re.compile(r"\{[^{}\n]*\}|[{}]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
# What stands for a name while Markdown is read: characters for private use, which no writer may type.
_OPEN, _CLOSE = "\ue000", "\ue001"


def names_in(text: str) -> set[str]:
    """List the names a text uses."""
    return set(_NAME.findall(text))


def strangers(text: str, known: Collection[str]) -> list[str]:
    """List what stands in braces and is no known name, stray braces included, in the order of the text and each once."""
    found = [braced for braced in _BRACED.findall(text) if braced.strip("{}") not in known or not _NAME.fullmatch(braced)]
    return list(dict.fromkeys(found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of their names; a value is data and is never searched for names."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), text)


def as_text(body: str, values: Mapping[str, str]) -> str:
    """Fill a text; a paragraph whose names all have nothing to say is left out."""
    return "\n\n".join(fill(paragraph, values) for paragraph in _said(body, values))


def as_html(body: str, values: Mapping[str, str], *, links: Collection[str] = ()) -> SafeString:
    """Turn a text in Markdown into safe HTML, its names filled: values are escaped, those in `links` become links.

    Values take no part in the Markdown, so that nothing in a person's name becomes markup.
    """
    marked = "\n\n".join(_NAME.sub(lambda match: f"{_OPEN}{match[1]}{_CLOSE}", paragraph) for paragraph in _said(_plain(body), values))
    shown: str = markdown.render(marked)
    for name, value in values.items():
        escaped = html.escape(_plain(value))
        filled = f'<a href="{escaped}">{escaped}</a>' if name in links else escaped.replace("\n", "<br>")
        shown = shown.replace(f"{_OPEN}{name}{_CLOSE}", filled)
    return mark_safe(shown)  # noqa: S308 -- cleaned by `markdown.render`; every value put in is escaped above


def is_lost_in_html(body: str, name: str) -> bool:
    """Say whether a name stands where HTML cannot show it, such as in the target of a link."""
    shown = as_html(body, {name: "shown"} | {other: f"{{{other}}}" for other in names_in(body) - {name}})
    return shown.count("shown") - _plain(body).count("shown") < body.count(f"{{{name}}}")


def _said(body: str, values: Mapping[str, str]) -> list[str]:
    paragraphs = _PARAGRAPHS.split(body.replace("\r\n", "\n").strip())
    return [text for text in paragraphs if not (names := names_in(text)) or any(values.get(name, "-") for name in names)]


def _plain(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")
