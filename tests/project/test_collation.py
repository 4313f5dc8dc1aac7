"""Words in the order readers expect, whatever their script and accents, and search that finds them without accents."""

import random

import pytest

from conference.lib.collation import sort_key
from conference.lib.searching import folded


@pytest.mark.parametrize(
    "ordered",
    [
        ["Oman", "Österreich", "Pakistan", "Zypern"],
        ["cote", "coté", "côte", "côté"],
        ["Éire", "Ellada", "España"],
        ["a", "B", "c", "Ć", "D"],
        ["Latvia", "Łódź", "Lublin"],
        ["resume", "résumé", "resumes"],
        ["Zagreb", "Αθήνα", "София"],
        ["", "1", "10", "2", "a"],
    ],
)
def test_order(ordered):
    shuffled = ordered[:]
    random.Random(3).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łukasz", "lukasz"),
        ("ØRSTED", "orsted"),
        ("Đorđe", "dorde"),
        ("Straße", "strasse"),
        ("Æther œuvre", "aether oeuvre"),
        ("İstanbul", "istanbul"),
        ("Ελλάδα", "ελλαδα"),
        ("  two\t words \n", "two words"),
        ("é", "e"),
        ("ﬁle １２", "file 12"),
        ("", ""),
    ],
)
def test_folding(text, expected):
    assert folded(text) == expected
    assert folded(folded(text)) == expected
