"""Documents on paper: a typst template of ours with data, as PDF. What people wrote goes in as data and is never read as markup.

The compiler reads below its root alone, which holds our templates and nothing else, loads no package (none is asked for) and
knows no font but ours and its own, so that the same data gives the same bytes on every machine.
"""

import json
import pathlib
from typing import Any

import typst

_FONTS = pathlib.Path(__file__).resolve().parent.parent / "fonts"
_NO_PACKAGES = "/nonexistent"


def pdf(template: pathlib.Path, data: dict[str, Any]) -> bytes:
    """Set `data` (plain JSON values) in a template; the same data give the same bytes."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
        package_path=_NO_PACKAGES,
        package_cache_path=_NO_PACKAGES,
        format="pdf",
    )
