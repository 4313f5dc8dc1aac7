"""HTML in the texts of other tools, turned into the Markdown ours are written in; what has no place in it becomes plain text."""

import html.parser
import re

_TAG = re.compile(r"</?[a-z][a-z0-9]*[\s>/]", re.IGNORECASE)
_BLOCKS = {"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "table", "tr", "pre"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_DROPPED = {"script", "style", "head", "title"}


class _Writer(html.parser.HTMLParser):
    """Writes what it reads; never fails, whatever is left open."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.dropped = 0

    def handle_starttag(self, tag, attrs):
        if tag in _DROPPED:
            self.dropped += 1
        elif tag == "br":
            self.parts.append("  \n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            target = dict(attrs).get("href") or ""
            self.links.append(target if target.lower().startswith(("https:", "http:", "mailto:")) else "")
            self.parts.append("[" if self.links[-1] else "")
        else:
            self.parts.append(_MARKS.get(tag, ""))

    def handle_endtag(self, tag):
        if tag in _DROPPED:
            self.dropped = max(0, self.dropped - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            target = self.links.pop() if self.links else ""
            self.parts.append(f"]({target})" if target else "")
        else:
            self.parts.append(_MARKS.get(tag, ""))

    def handle_data(self, data):
        if not self.dropped:
            self.parts.append(re.sub(r"\s+", " ", data))


def to_markdown(text: str) -> str:
    """Give a text without HTML: as it is when it has none, else its paragraphs, lists, links and emphasis as Markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not _TAG.search(text):
        return text
    writer = _Writer()
    writer.feed(text)
    writer.close()
    written = "".join(writer.parts)
    return re.sub(
        r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n(?!\n)", lambda found: found.group() if found.group() == "  \n" else "\n", written)
    ).strip()
