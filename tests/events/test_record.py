"""The chain of acts: what was done cannot be altered, left out, added or cut off without being noticed."""

import datetime as dt

import pytest
from django.db import transaction

from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM, Actor
from events.actions import broken_link, chain_hash, names_behind, record
from events.models import ActorName, AuditEntry, Event
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    event = EventFactory()
    by = Actor(user=UserFactory(name="Ada Example"), hat="organiser:manager", on_behalf_of="delegation abc", source="Note 1")
    for n in range(5):
        record(by, "test.act", event, event=event, n=n, nested={"b": [1, None, "é"], "a": True})
    return event


def test_chain_of_an_event_is_whole_and_counted_by_its_stamp(chain):
    assert broken_link(chain) is None
    assert list(AuditEntry.objects.filter(event=chain).order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Event.objects.get(pk=chain.pk).stamp == 5


def test_entry_says_who_in_which_hat_for_whom_and_by_which_document(chain):
    entry = AuditEntry.objects.get(number=1)
    user = ActorName.objects.get()
    assert (entry.actor, entry.hat, entry.verb, entry.target) == (user.reference, "organiser:manager", "test.act", f"event {chain.slug}")
    assert entry.details == {"n": 0, "nested": {"b": [1, None, "é"], "a": True}, "on_behalf_of": "delegation abc", "source": "Note 1"}


@pytest.mark.parametrize(
    "alteration",
    [
        {"actor": "user 999"},
        {"hat": "public"},
        {"verb": "test.other"},
        {"target": "event other"},
        {"details": {"n": 9}},
        {"details": {}},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
        {"number": 30},
    ],
)
def test_altered_entry_is_noticed(chain, alteration):
    AuditEntry.objects.filter(event=chain, number=3).update(**alteration)
    assert broken_link(chain) in (3, 4)


def test_entry_altered_with_its_hash_is_noticed_at_the_next(chain):
    entry = AuditEntry.objects.get(event=chain, number=3)
    entry.verb = "test.other"
    entry.hash = chain_hash(entry)
    entry.save()
    assert broken_link(chain) == 4


@pytest.mark.parametrize(("number", "noticed"), [(1, 2), (3, 4), (5, 5)])
def test_missing_entry_is_noticed(chain, number, noticed):
    AuditEntry.objects.filter(event=chain, number=number).delete()
    assert broken_link(chain) == noticed


def test_added_and_exchanged_entries_are_noticed(chain):
    third, fourth = AuditEntry.objects.filter(event=chain, number__in=(3, 4)).order_by("number")
    AuditEntry.objects.filter(pk=third.pk).update(number=40)
    AuditEntry.objects.filter(pk=fourth.pk).update(number=3)
    AuditEntry.objects.filter(pk=third.pk).update(number=4)
    assert broken_link(chain) == 3


def test_all_entries_gone_is_noticed(chain):
    AuditEntry.objects.filter(event=chain).delete()
    assert broken_link(chain) == 1


def test_chains_of_events_and_of_the_instance_are_apart(chain):
    other = EventFactory()
    record(SYSTEM, "test.act", event=other)
    record(SYSTEM, "test.act")
    record(SYSTEM, "test.act")
    found = AuditEntry.objects.exclude(event=chain).order_by("pk").values_list("event", "number")
    assert list(found) == [(other.pk, 1), (None, 1), (None, 2)]
    AuditEntry.objects.filter(event=None, number=1).update(verb="test.other")
    assert (broken_link(None), broken_link(other), broken_link(chain)) == (1, None, None)


def test_refused_act_leaves_no_entry(chain):
    with transaction.atomic():
        record(SYSTEM, "test.act", event=chain)
        transaction.set_rollback(True)
    assert (AuditEntry.objects.filter(event=chain).count(), broken_link(chain)) == (5, None)


def test_names_are_sealed_apart_and_kept_once(chain, settings):
    row = ActorName.objects.get()
    assert "Ada" not in row.sealed_name + str(AuditEntry.objects.values()) + str(row)
    assert Sealer(settings.DATA_KEYS).open(row.sealed_name) == "Ada Example"
    assert names_behind([row.reference, "user 999", "system"]) == {row.reference: "Ada Example"}
    ActorName.objects.all().delete()
    assert (names_behind([row.reference]), broken_link(chain)) == ({}, None)


def test_program_itself_has_no_name():
    event = EventFactory()
    entry = record(SYSTEM, "test.act", event=event)
    assert (entry.actor, entry.hat, ActorName.objects.count()) == ("system", "system", 0)
