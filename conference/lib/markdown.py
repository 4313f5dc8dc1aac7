"""Rich text: Markdown with HTML switched off, then cleaned against an allow-list."""

import functools

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "br", "hr"}
_UPPER = ("h1", "h2", "h3")  # writers start with any of them
_SCHEMES = ("https://", "mailto:")
MAX_LENGTH = 50_000


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")


def _safe_link(element: str, attribute: str, value: str) -> str | None:
    """Keep the target of a link when it is absolute and safe; drop it when relative (also `//host`), and every other attribute."""
    return value if (element, attribute) == ("a", "href") and value.lower().startswith(_SCHEMES) else None


def render(text: str, level: int = 3) -> SafeString:
    """Turn Markdown of at most 50,000 characters into safe HTML: no HTML of the writer, links only https and mailto.

    Its headings stand at `level` of the page and one below, whatever the writer used.
    """
    tokens = _parser().parse(text[:MAX_LENGTH])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level if token.tag in _UPPER else level + 1}"
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}}, attribute_filter=_safe_link, url_schemes={"https", "mailto"}, link_rel=None
    )
    return mark_safe(clean)  # noqa: S308 -- cleaned against the allow-list in the line above


def paragraphs(text: str) -> list[str]:
    """Give the words of Markdown, a paragraph (or an item of a list, with its dash) each, without any mark of form: for paper."""
    found: list[str] = []
    items = 0
    for token in _parser().parse(text[:MAX_LENGTH]):
        if token.type in ("list_item_open", "list_item_close"):
            items += 1 if token.type == "list_item_open" else -1
        words = token.content if token.type in ("code_block", "fence") else _words_of(token.children or [])
        if words.strip():
            found.append(f"– {words}" if items else words)
    return found


def _words_of(children: list[Token]) -> str:
    """The text of a line, a break of it as a space."""
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
