"""What people typed never becomes markup: every text of the world turns hostile, and every page still shows it as text."""

import functools
import operator
import re

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.template import engines

from tests.matrix import ROWS, body
from tests.personas import World

pytestmark = pytest.mark.django_db
HOSTILE = "\"'><zqx onfocus=alert(1)>{{7*7}}[zq](javascript:alert(1))"
PACKAGES = ("conference", "events", "delegates", "sessions")
# Columns a person's words stand in, by name or by its beginning (`title_en`); keys, codes, addresses and what is sealed are not typed.
TYPED = (
    "title name text summary practical notice description abstract biography note notes function label help city address contact".split()
)
TYPED += (
    "given_name family_name native_name badge_name abbreviation organisation network reason needs phone file_name subject source".split()
)
READERS = ("focal", "EU", "manager")  # who reads most on each side of the site
MARKUP = re.compile(rb"<zqx|href=[\"']?javascript:", re.IGNORECASE)


def typed_columns() -> list[tuple[type[models.Model], str, int]]:
    """Every column that holds what somebody typed, with its length (0 where it has none)."""
    found = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in PACKAGES:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if is_text and (field.name in TYPED or re.sub("_(en|fr|nl|de)$", "", field.name) in TYPED):
                found.append((model, field.name, field.max_length or 0))
    return found


def make_hostile() -> int:
    """Put the hostile text behind every text of the database that is not empty; say how many columns took it."""
    taken = 0
    for model, name, length in typed_columns():
        end = Value(HOSTILE)
        value = Concat(Substr(F(name), 1, max(length - len(HOSTILE), 1)), end) if length else Concat(F(name), end)
        try:
            with transaction.atomic():
                taken += bool(model._base_manager.exclude(**{name: ""}).update(**{name: value}))
        except DatabaseError:
            continue  # a column with a form of its own, such as an audit's, which the table guards
    return taken


def pages(world: World, persona: str):
    """Every address a persona may open, with its answer; what opening wrote is taken back."""
    for name, row in ROWS.items():
        if persona in row.opens and row.status == 200 and not row.only_post:
            with transaction.atomic():
                response = world.client(persona).get(row.url(name, world))
                yield name, response.headers.get("Content-Type", ""), body(response)
                transaction.set_rollback(True)


@pytest.mark.parametrize("persona", READERS)
def test_no_text_becomes_markup(world: World, persona):
    assert make_hostile() > 30
    harmed, shown = [], 0
    for name, kind, text in pages(world, persona):
        if kind.startswith("text/html"):
            harmed += [name] * bool(MARKUP.search(text))
            shown += b"&lt;zqx" in text
            assert b"49[zq]" not in text, name
    assert harmed == []
    assert shown >= 3  # the text did reach the pages, as text


def test_a_page_that_trusts_a_text_is_found():
    trusting = engines["django"].from_string("<p>{{ title|safe }}</p>").render({"title": HOSTILE})
    escaping = engines["django"].from_string("<p>{{ title }}</p>").render({"title": HOSTILE})
    assert [bool(MARKUP.search(page.encode())) for page in (trusting, escaping)] == [True, False]


def test_columns_are_those_of_every_app():
    by_app = functools.reduce(operator.or_, ({model._meta.app_label} for model, _name, _length in typed_columns()))
    assert by_app >= {"events", "delegates", "agenda"}
