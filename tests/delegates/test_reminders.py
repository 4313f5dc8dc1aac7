"""Reminders: who is reminded when, how often, and once whoever asks."""

import datetime as dt
import os
import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from delegates.actions import find_invitation
from delegates.actions.reminders import keep_plan, plan_of, remind_due, remind_now, reminded, silent_ones
from delegates.choices import Answer, ReminderKind
from delegates.models import EventFieldGroup, Registration, Reminder, ReminderPlan
from events import outbox
from events.actions import keep_text
from events.choices import EventState, Urgency
from events.models import Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
    hours_from_now,
)

KIND = ReminderKind
DAY = dt.timedelta(days=1)


def plan(event, kind=KIND.CONFIRM, *, days=(14, 7, 2), most=3, is_on=True):
    return keep_plan(event, kind=kind, is_on=is_on, days=list(days), most=most, by=SYSTEM)


def person(event, **fields):
    early = timezone.now() - 60 * DAY
    return RegistrationFactory(event=event, **{"state": "nominated", "invited_at": early} | fields)


def focal(event, answer=Answer.INVITED, **fields):
    early = timezone.now() - 60 * DAY
    return FocalPointFactory(delegation=DelegationFactory(event=event, answer=answer), **{"invited_at": early, "from_at": early} | fields)


def kinds():
    return [(mail.kind, mail.to) for mail in OutboxMail.objects.order_by("pk")]


# The moments


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days_before", "step", "next_step"),
    [(15, None, 14), (14, 14, 7), (8, 14, 7), (7, 7, 2), (2, 2, None), (0.01, 2, None), (0, None, None), (-1, None, None)],
)
def test_step_that_has_come_and_the_next(days_before, step, next_step):
    event = EventFactory()
    kept, at = plan(event), event.confirm_by_at - days_before * DAY
    assert kept.step_at(at) == (step and (step, event.confirm_by_at - step * DAY))
    assert kept.next_at(at) == (next_step and event.confirm_by_at - next_step * DAY)


@pytest.mark.django_db
def test_event_without_the_deadline_reminds_nobody():
    event = EventFactory(confirm_by_at=None)
    person(event)
    kept = plan(event)
    assert (kept.step_at(timezone.now()), kept.next_at(timezone.now()), remind_due(timezone.now())) == (None, None, 0)


# Who


@pytest.mark.django_db
def test_those_who_were_written_to_and_have_not_acted_are_reminded():
    event, at = EventFactory(), timezone.now()
    silent, undecided = focal(event), focal(event, Answer.UNDECIDED)
    focal(event, invited_at=None)
    focal(event, until_at=at)
    focal(event, Answer.DECLINED)
    coming, sent = focal(event, Answer.COMING), focal(event, Answer.COMING)
    sent.delegation.list_sent_at = at
    sent.delegation.save()
    host = focal(event)
    host.delegation.standing = "host"
    host.delegation.save()
    owing = [person(event, delegation=sent.delegation), person(event, delegation=sent.delegation, state="returned")]
    for fields in ({"invited_at": None}, {"state": "submitted"}, {"delegate__email": ""}):
        person(event, delegation=coming.delegation, **fields)
    person(EventFactory())
    assert silent_ones(event, KIND.ANSWER, at) == [silent, undecided]
    assert silent_ones(event, KIND.LIST, at) == [coming]
    assert silent_ones(event, KIND.CONFIRM, at) == owing


@pytest.mark.django_db
@pytest.mark.parametrize("asks", [True, False])
def test_approved_who_owe_the_second_form_are_reminded_where_the_event_asks_for_one(asks):
    event, at = EventFactory(), timezone.now()
    if asks:
        EventFieldGroup.objects.update_or_create(event=event, group="travel", defaults={"phase": "second", "days": 30})
    owing = person(event, state="approved", delegate__user=UserFactory())
    person(event, state="approved", details_at=at)
    person(event)
    assert silent_ones(event, KIND.TRAVEL, at) == ([owing] if asks else [])
    plan(event, KIND.TRAVEL, days=(60,))
    Registration.objects.update(submitted_at=at - 50 * DAY)
    assert remind_due(at) == int(asks)
    assert kinds() == ([("remind_travel", owing.delegate.email)] if asks else [])


# When and how often


@pytest.mark.django_db
def test_each_step_reminds_once_until_the_person_acts(time_machine):
    event = EventFactory()
    waiting, acting = person(event), person(event)
    plan(event)
    for days_before, sent in ((15, 0), (14, 2), (13.9, 0), (7, 1), (1, 1), (0.5, 0), (-1, 0)):
        time_machine.move_to(event.confirm_by_at - days_before * DAY)
        assert remind_due(timezone.now()) == sent
        assert remind_due(timezone.now()) == 0
        if sent == 2:
            acting.state = "submitted"
            acting.save()
    assert [(row.about, row.number, row.step) for row in Reminder.objects.filter(about=str(waiting)).order_by("number")] == [
        (str(waiting), 1, 14),
        (str(waiting), 2, 7),
        (str(waiting), 3, 2),
    ]
    assert len(kinds()) == 4
    assert set(OutboxMail.objects.values_list("urgency", flat=True)) == {Urgency.BULK}
    assert set(OutboxMail.objects.values_list("expires_at", flat=True)) == {event.confirm_by_at}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"is_on": False}, {"most": 1}, {"days": []}], ids=["switched off", "reminded as often as allowed", "no step"]
)
def test_plan_that_says_no_is_obeyed(fields):
    event = EventFactory()
    someone = person(event)
    plan(event, **{"days": (50,), "most": 2} | fields)
    if "most" in fields:
        remind_now(event, kind=KIND.CONFIRM, things=[someone], by=SYSTEM)
    before = OutboxMail.objects.count()
    assert remind_due(timezone.now()) == 0
    assert OutboxMail.objects.count() == before


@pytest.mark.django_db
def test_person_first_written_to_after_the_step_is_left_in_peace():
    event = EventFactory()
    person(event, invited_at=timezone.now())
    plan(event, days=(50,))
    assert remind_due(timezone.now()) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CLOSED, EventState.CANCELLED])
def test_event_that_is_not_under_way_reminds_nobody(state):
    event = EventFactory()
    person(event)
    plan(event, days=(50,))
    Event.objects.update(state=state)
    assert remind_due(timezone.now()) == 0


@pytest.mark.django_db
def test_moved_deadline_is_another_one(time_machine):
    event = EventFactory()
    someone = person(event)
    plan(event, days=(50,), most=1)
    assert remind_due(timezone.now()) == 1
    Event.objects.update(confirm_by_at=event.confirm_by_at + DAY)
    assert remind_due(timezone.now()) == 1
    assert reminded(event, KIND.CONFIRM, event.confirm_by_at) == {str(someone): 1}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_reminder_of_one_without_account_holds_a_new_link_and_ends_the_old(language):
    event = EventFactory(title_en="Spring", title_fr="Printemps", title_nl="Lente", title_de="Frühling")
    accepted = person(event, delegate__language=language, delegate__user=UserFactory())
    asked = person(event, delegate__language=language)
    plan(event, days=(50,))
    assert remind_due(timezone.now()) == 2
    letters = {mail.about: outbox.letter(mail) for mail in OutboxMail.objects.all()}
    assert reverse("delegates:registration", args=[event.slug, accepted.public_id]).split("/", 2)[2] in letters[str(accepted)].text
    secret = asked.invitations.get().secret_digest
    address = next(word for word in letters[str(asked)].text.split() if word.startswith("http") and "/invitation" in word)
    found = find_invitation(address.rstrip("/").rpartition("/")[2])
    assert found.secret_digest == secret
    remind_now(event, kind=KIND.CONFIRM, things=[asked], by=SYSTEM)
    assert find_invitation(address.rstrip("/").rpartition("/")[2]) is None
    assert asked.invitations.count() == 2
    assert {mail.language for mail in OutboxMail.objects.all()} == {language}


@pytest.mark.django_db
def test_reminders_to_focal_points_leave_in_the_events_own_words():
    event = EventFactory()
    keep_text(event, kind="remind_answer", language="en", subject="Well, {organisation}?", body="{url}", by=SYSTEM)
    silent, coming = focal(event), focal(event, Answer.COMING)
    for kind in (KIND.ANSWER, KIND.LIST):
        plan(event, kind, days=(50,))
    assert remind_due(timezone.now()) == 2
    assert kinds() == [("remind_answer", silent.email), ("remind_list", coming.email)]
    assert OutboxMail.objects.order_by("pk").first().subject == f"Well, {silent.delegation.organisation.name}?"


# By hand


@pytest.mark.django_db
def test_reminder_by_hand_counts_towards_the_cap():
    event = EventFactory()
    someone = person(event)
    plan(event, most=2, is_on=False)
    assert [remind_now(event, kind=KIND.CONFIRM, things=[someone], by=SYSTEM) for _ in range(2)] == [1, 1]
    with pytest.raises(NotAllowed, match="as often as this event allows"):
        remind_now(event, kind=KIND.CONFIRM, things=[someone], by=SYSTEM)
    assert [mail.urgency for mail in OutboxMail.objects.all()] == [Urgency.PERSONAL] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "of_event", "said"),
    [
        ({"state": "submitted"}, {}, "No reply is outstanding"),
        ({}, {"confirm_by_at": None}, "no deadline"),
        ({"invited_at": None}, {}, "nobody has been contacted yet"),
    ],
)
def test_reminder_by_hand_of_nothing_is_refused(fields, of_event, said):
    event = EventFactory(**of_event)
    with pytest.raises(NotAllowed, match=said):
        remind_now(event, kind=KIND.CONFIRM, things=[person(event, **fields)], by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("row", [{"number": 0}, {"kind": "other"}, {"number": 1}, {"step": 7, "number": 2}])
def test_table_takes_each_reminder_once(row):
    event = EventFactory()
    given = {"event": event, "kind": "confirm", "about": "registration a", "deadline_at": event.confirm_by_at, "number": 1, "step": 7}
    Reminder.objects.create(**given, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**given | {"step": None} | row, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("row", [{"kind": "answer"}, {"kind": "other"}, {"most": 0}, {"most": 11}])
def test_table_takes_one_sensible_plan_a_kind(row):
    event = EventFactory()
    ReminderPlan.objects.create(event=event, kind="answer", days=[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderPlan.objects.create(**{"event": event, "kind": "list", "days": [1]} | row)


# Whoever asks at the same time


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["worker", "hand"])
def test_eight_at_once_keep_the_cap_and_send_each_step_once(act):
    event = EventFactory()
    people = [person(event) for _ in range(5)]
    plan(event, days=(50,), most=2)
    start, refused = threading.Barrier(8), []

    def ask():
        try:
            start.wait()
            if act == "worker":
                remind_due(timezone.now())
            else:
                remind_now(event, kind=KIND.CONFIRM, things=people[:1], by=SYSTEM)
        except NotAllowed as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OutboxMail.objects.count() == Reminder.objects.count() == (5 if act == "worker" else 2)
    assert len(refused) == (0 if act == "worker" else 6)


@pytest.mark.django_db(transaction=True)
def test_worker_sends_reminders_and_a_second_run_none(settings, tmp_path):
    settings.MAIL_SERVER = {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(tmp_path)}
    event = EventFactory()
    person(event)
    plan(event, days=(50,))
    for _ in range(2):
        call_command("worker", once=True)
    assert len([name for name in os.listdir(tmp_path) if name.endswith(".eml")]) == 1


# The pages


@pytest.fixture
def organiser(client):
    event = EventFactory()
    client.force_login(StaffRoleFactory(event=event).user)
    return client, event


def page(event, name="reminders", *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(organiser, count, django_assert_num_queries):
    client, event = organiser
    for _ in range(count):
        person(event)
        focal(event)
    with django_assert_num_queries(18):
        response = client.get(page(event))
    assert [row["reachable"] for row in response.context["rows"]] == [count, 0, count, 0]


@pytest.mark.django_db
def test_page_keeps_a_plan_and_refuses_days_that_are_none(organiser):
    client, event = organiser
    client.post(page(event), {"kind": "confirm", "confirm-is_on": "on", "confirm-days": "2, 14;7", "confirm-most": "2"})
    kept = plan_of(event, KIND.CONFIRM)
    assert (kept.is_on, kept.days, kept.most) == (True, [14, 7, 2], 2)
    for wrong in ("soon", "0", "200", "1,2,3,4,5,6,7,8,9", "-1", ""):
        response = client.post(page(event), {"kind": "confirm", "confirm-is_on": "on", "confirm-days": wrong, "confirm-most": "2"})
        assert list(response.context["rows"][2]["form"].errors) == ["days"]
    assert client.post(page(event), {"kind": "nonsense"}).status_code == 200


@pytest.mark.django_db
def test_person_and_delegation_are_reminded_from_their_pages(organiser):
    client, event = organiser
    someone, silent = person(event), focal(event)
    assert "Remind to confirm now" in client.get(page(event, "person", someone.public_id)).content.decode()
    client.post(page(event, "person_remind", someone.public_id))
    assert "Remind the focal points now" in client.get(page(event, "delegation", silent.delegation.public_id)).content.decode()
    client.post(page(event, "delegation_remind", silent.delegation.public_id))
    assert kinds() == [("remind_confirm", someone.delegate.email), ("remind_answer", silent.email)]
    assert client.post(page(event, "person_remind", person(EventFactory()).public_id)).status_code == 404


@pytest.mark.django_db
def test_approved_person_is_reminded_of_the_second_form_from_their_page(organiser):
    client, event = organiser
    someone = person(event, state="approved")
    words = "Remind of the second form now"
    assert words not in client.get(page(event, "person", someone.public_id)).content.decode()  # the event has no second form
    EventFieldGroup.objects.create(event=event, group="travel", is_on=True, phase="second", days=9)
    Event.objects.filter(pk=event.pk).update(travel_by_at=hours_from_now(48))
    assert words in client.get(page(event, "person", someone.public_id)).content.decode()
    client.post(page(event, "person_remind", someone.public_id))
    assert kinds() == [("remind_travel", someone.delegate.email)]
    someone.details_at = timezone.now()
    someone.save(update_fields=["details_at"])
    assert words not in client.get(page(event, "person", someone.public_id)).content.decode()
