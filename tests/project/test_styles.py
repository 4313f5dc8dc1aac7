"""Every stylesheet closes what it opens: a brace lost in a merge would silently put the rest of the file under one condition."""

import pathlib
import re

import pytest
from django.conf import settings

STYLES = sorted((pathlib.Path(settings.BASE_DIR) / "conference/static/conference/css").glob("*.css"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_braces_close_and_only_conditions_hold_other_rules(path):
    depth, holder = 0, ""
    for opened, sign in re.findall(r"([^{}]*)([{}])", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)):
        if sign == "{":
            assert depth == 0 or holder.startswith("@"), f"{path.name}: {opened.strip()} stands in {holder}"
            holder = opened.strip() if depth == 0 else holder
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
