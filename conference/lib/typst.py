"""Documents on paper: a typst template of ours with data, as PDF. What people wrote goes in as data and is never read as markup.

The compiler reads below its root alone, which holds our templates and nothing else, loads no package (none is asked for) and
knows no font but ours, so that the same data gives the same bytes on every machine. The standard for documents that everybody
can read (PDF/UA-1) refuses a letter without a glyph: each of them becomes a box before.
"""

import functools
import json
import pathlib
import re
import tempfile
from typing import Any

import typst

from conference.lib.letters import FONTS, printable

_NO_PACKAGES = "/nonexistent"
_PAGE = re.compile(rb"/Type\s*/Page\b")  # one for each page, in what typst writes
_FOLDED = b"""
#set page(width: 297mm, height: 210mm, margin: 0mm)
#for side in json(bytes(sys.inputs.sides)) {
  page(grid(columns: (1fr, 1fr), ..side.map(n => align(center, image("pages.pdf", page: n, height: 100%)))))
}
"""


def pdf(template: pathlib.Path, data: dict[str, Any]) -> bytes:
    """Set `data` (plain JSON values) in a template; the same data give the same bytes."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": printable(json.dumps(data, ensure_ascii=False))},
        timestamp=0,
        package_path=_NO_PACKAGES,
        package_cache_path=_NO_PACKAGES,
        format="pdf",
        pdf_standards=["ua-1"],
    )


def folded(pages: bytes) -> bytes:
    """Put the A5 pages of a document that `pdf` set two on a side of A4, to print on both sides (turned on the short edge) and fold.

    They are pictures of the pages: who listens reads the document itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "pages.pdf").write_bytes(pages)
        (root / "folded.typ").write_bytes(_FOLDED)
        return typst.compile(
            str(root / "folded.typ"),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"sides": json.dumps(sides(len(_PAGE.findall(pages))))},
            timestamp=0,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
            format="pdf",
            pdf_tags=False,
        )


def sides(pages: int) -> list[tuple[int, int]]:
    """Give the left and right page of each side of the sheets, front then back, that fold into `pages` (a multiple of four)."""
    if pages % 4:
        raise ValueError(f"{pages} pages do not fill sheets of four")
    fronts = [((pages - n, 1 + n), (2 + n, pages - 1 - n)) for n in range(0, pages // 2, 2)]
    return [side for sheet in fronts for side in sheet]


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
