"""Every act the code records has words for those who read the record."""

import ast
import pathlib
import re

from conference.lib.verbs import VERBS, act_in_words

APPS = [pathlib.Path(__file__).parents[2] / name for name in ("conference", "events", "delegates", "sessions")]


def recorded() -> dict[str, str]:
    """The verbs of all calls of `record`, as patterns: what a call puts together may be anything there. Each with its file."""
    found = {}
    for path in (path for app in APPS for path in app.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record" and len(call.args) > 1:
                found |= dict.fromkeys(patterns(call.args[1]), path.name)
    return found


def patterns(verb: ast.expr) -> list[str]:
    if isinstance(verb, ast.Constant):
        return [re.escape(verb.value)]
    if isinstance(verb, ast.IfExp):
        return [*patterns(verb.body), *patterns(verb.orelse)]
    if isinstance(verb, ast.JoinedStr):
        return ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in verb.values)]
    return []  # a name: its values are literals elsewhere


def test_every_recorded_act_has_words():
    found = recorded()
    assert len(found) > 60
    assert {pattern: name for pattern, name in found.items() if not any(re.fullmatch(pattern, verb) for verb in VERBS)} == {}


def test_an_act_without_words_is_called_by_its_verb():
    assert act_in_words("session.place") == "Session placed"
    assert act_in_words("long.gone") == "long.gone"
