"""Columns of sessions: each is found by its heading in every language, and no heading means two."""

from django.utils.translation import override

from conference.lib.spreadsheets import Row, find_headings
from conference.lib.words import languages
from sessions.exports.columns import MARKS, SESSIONS

COLUMNS = SESSIONS | MARKS


def test_what_is_written_above_a_column_is_read_as_that_column():
    for language in languages():
        with override(language):
            written = [str(column.label) for column in COLUMNS.values()]
        found, _rows = find_headings(iter([Row(1, written)]), COLUMNS, ("title",))
        assert (found.problems, found.unread) == ([], [])
        assert list(found.places) == list(COLUMNS), language


def test_no_word_means_two_columns():
    meant: dict[str, str] = {}
    for name, column in COLUMNS.items():
        for word in column.words():
            assert meant.setdefault(word, name) == name, word
