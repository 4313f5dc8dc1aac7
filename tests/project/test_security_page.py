"""The page on security names tests that exist."""

import ast
import re

from django.conf import settings

PAGE = settings.BASE_DIR / "docs" / "security.md"
NAMED = re.compile(r"`(?:(tests/[\w/.]+|test_\w+\.py))?(?:::(test_\w+))?`")


def missing(text: str) -> list[str]:
    """What a text names in backquotes, as a file of tests or a test (`::name` belongs to the file named last), that is not there."""
    gone, tests = [], set()
    for file, test in NAMED.findall(text):
        if file:
            found = list((settings.BASE_DIR / "tests").rglob(file.removeprefix("tests/")))
            gone += [file] * (not found)
            trees = [ast.parse(path.read_text(encoding="utf-8")) for path in found]
            tests = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
        if test and test not in tests:
            gone.append(f"{file}::{test}")
    return gone


def test_every_test_named_on_the_page_exists():
    text = PAGE.read_text(encoding="utf-8")
    assert len(NAMED.findall(text)) > 60
    assert missing(text) == []


def test_a_test_that_is_gone_is_found():
    assert missing("`test_access.py::test_get`, `::test_gone`, `test_nowhere.py`") == ["::test_gone", "test_nowhere.py"]
