"""A person's form from several devices at once: sent once, taken over once, and no step lost."""

import collections
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connections

from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import accept_late, drafts, give_data, save_step, send_late
from delegates.models import GivenGroup, QuestionAnswer, RegistrationDraft, RegistrationMove
from events.models import OutboxMail
from events.rules import NotAllowed
from tests.factories import QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {"given_name": "A", "family_name": "B", "function": "C", "consent": "hidden"}


def together(acts) -> dict[str, int]:
    """Do all acts at once, each with a connection of its own; count the errors by name."""
    start = threading.Barrier(len(acts))

    def work(act) -> str:
        start.wait()
        try:
            act()
        except (DatabaseError, NotAllowed) as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return dict(collections.Counter(name for name in pool.map(work, acts) if name))


def whole(registration):
    question = QuestionFactory(event=registration.event)
    groups = {"emergency": {"contact_name": "D", "contact_phone": "+32 2 123 45 67"}, "identity_document": {"document_number": "X"}}
    return NAMES | {"groups": groups, "questions": {question.public_id: "Yes"}}


def test_whole_form_sent_from_twelve_windows_at_once_is_one():
    registration = RegistrationFactory()
    data, by = whole(registration), Actor(hat=f"registration:{registration.public_id}")
    assert together([lambda: give_data(registration, data=data, by=by)] * 12) == {}
    assert RegistrationMove.objects.filter(to_state="submitted").count() == 1
    assert OutboxMail.objects.filter(kind="received").count() == 1
    assert (GivenGroup.objects.count(), QuestionAnswer.objects.count()) == (2, 1)


def test_steps_kept_from_several_devices_at_once_are_all_kept():
    registration = RegistrationFactory()
    steps = [f"step-{number}" for number in range(12)]
    saving = [lambda step=step: save_step(registration, phase="first", step=step, typed={"name": [step]}) for step in steps]
    assert together(saving) == {}
    assert RegistrationDraft.objects.get().typed == {step: {"name": [step]} for step in steps}


def test_late_form_taken_over_by_two_officers_at_once_is_taken_over_once():
    registration = RegistrationFactory()
    send_late(registration, phase="first", answers=whole(registration), by=SYSTEM)
    seen_at = registration.drafts.get().late_at
    assert together([lambda: accept_late(registration, phase="first", seen_at=seen_at, by=SYSTEM)] * 8) == {"NotAllowed": 7}
    assert RegistrationMove.objects.filter(to_state="submitted").count() == 1


def test_without_its_lock_a_step_is_lost(monkeypatch):
    """The control: two savings that read before either writes lose one of the steps."""
    registration = RegistrationFactory()
    save_step(registration, phase="first", step="one", typed={})
    stale = registration.drafts.get()
    save_step(registration, phase="first", step="two", typed={})
    monkeypatch.setattr(drafts, "_draft", lambda locked, phase: stale)
    save_step(registration, phase="first", step="three", typed={})
    assert sorted(registration.drafts.get().typed) == ["one", "three"]
