"""Rows that become objects without a constructor are what the constructor would have made of them."""

import pytest
from django.db import models
from django.db.models import Value

from conference.lib.rows import ReadOften
from sessions.models import Contribution, Session, Slot, Speaker
from tests.factories import ContributionFactory, InterventionFactory, SessionFactory, SpeakerFactory

pytestmark = pytest.mark.django_db
READ_OFTEN = [Contribution, Session, Slot, Speaker]


@pytest.fixture(autouse=True)
def rows():
    session = SessionFactory(title_en="Round", languages=["en", "fr"], released=True)
    slot = session.slots.first()
    ContributionFactory(slot=slot)
    ContributionFactory(slot=slot, speaker=SpeakerFactory(event=session.event, registration=None, name="Ana"))
    InterventionFactory(slot=slot)


def test_these_are_all_of_them():
    assert set(ReadOften.__subclasses__()) == set(READ_OFTEN)


@pytest.mark.parametrize("model", READ_OFTEN)
def test_object_is_what_the_constructor_makes(model, monkeypatch):
    found = [vars(row) for row in model.objects.order_by("pk")]
    monkeypatch.setattr(model, "from_db", classmethod(lambda cls, *row: models.Model.from_db.__func__(cls, *row)))
    made = [vars(row) for row in model.objects.order_by("pk")]
    for row in (*found, *made):
        row["_state"] = {"fields_cache": row["_state"].fields_cache} | vars(row["_state"])
    assert found == made
    assert found


def test_joined_rows_columns_left_out_and_columns_added_come_as_usual(django_assert_num_queries):
    slot = Slot.objects.select_related("session", "room").annotate(sign=Value("x")).defer("session__abstract_en").first()
    with django_assert_num_queries(0):
        assert (slot.sign, slot.session.title_en, slot.room) == ("x", "Round", None)
    with django_assert_num_queries(1):
        assert slot.session.abstract_en.startswith("What")
    slot.session.title_en = "Changed"
    slot.session.save()
    assert Session.objects.get(pk=slot.session_id).title_en == "Changed"


def test_row_as_short_as_it_should_not_be_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        Slot.from_db("default", ["id", "event_id"], [1])
