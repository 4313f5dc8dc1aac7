"""One letter's code typed by many at once: one request, one message, whoever comes first; with a control that takes the lock out."""

import types

import pytest
from django.db import transaction

from conference.lib.viewer import SYSTEM
from delegates.actions import confirm_letter, letters, make_letter, use_letter
from delegates.models import FocalPoint, InvitationLetter
from events.models import AuditEntry, OutboxMail
from tests.delegates.test_form_concurrency import together
from tests.factories import DelegationFactory, EventFactory

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def typing(code, number):
    """The act of typing a code as holder `number`."""
    return lambda: use_letter(code, name=f"Holder {number}", email=f"h{number}@example.org", language="en")


@pytest.fixture
def delegation():
    return DelegationFactory(event=EventFactory(mailbox="desk@example.org"))


def test_code_typed_by_many_at_once_makes_one_request(delegation):
    _letter, code = make_letter(delegation, key="k", by=SYSTEM)
    errors = together([typing(code, number) for number in range(MANY)])
    used = InvitationLetter.objects.get()
    assert errors == {"NotAllowed": MANY - 1}
    assert (used.email == f"h{used.name[-1]}@example.org", OutboxMail.objects.filter(kind="letter_used").count()) == (True, 1)
    assert AuditEntry.objects.filter(verb="letter.use").count() == 1


def test_two_organisers_confirm_at_once_and_one_focal_point_is_made(delegation):
    letter, code = make_letter(delegation, key="k", by=SYSTEM)
    use_letter(code, name="Ada", email="ada@example.org", language="en")
    errors = together([lambda: confirm_letter(letter, by=SYSTEM)] * 2)
    assert (errors, FocalPoint.objects.count()) == ({"NotAllowed": 1}, 1)
    assert OutboxMail.objects.filter(kind="focal_point_invited").count() == 1


def test_many_letters_made_at_once_leave_one_code_alive(delegation):
    errors = together([lambda n=n: make_letter(delegation, key=f"k{n}", by=SYSTEM) for n in range(MANY)])
    assert (errors, InvitationLetter.objects.count(), InvitationLetter.objects.unspent().count()) == ({}, MANY, 1)


def test_without_the_second_look_under_the_lock_a_code_is_used_twice(delegation, monkeypatch):
    """The control: somebody else uses the code between the first look and the lock, and what was read first is believed."""
    _letter, code = make_letter(delegation, key="k", by=SYSTEM)
    others = [typing(code, 1)]

    def after_somebody_else():
        if others:
            assert together([others.pop()]) == {}
        return transaction.atomic()

    monkeypatch.setattr(letters, "_still_usable", lambda found, at: found)
    monkeypatch.setattr(letters, "transaction", types.SimpleNamespace(atomic=after_somebody_else))
    use_letter(code, name="Holder 2", email="h2@example.org", language="en")
    assert AuditEntry.objects.filter(verb="letter.use").count() == 2
