"""The demonstration: real facts, every state, and nothing doubled."""

import datetime as dt
import io
import json

import pytest
import time_machine
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from conference.demo.coming import coming_first_date
from conference.demo.pdf import one_page_pdf
from delegates.choices import (
    Answer,
    Category,
    FileKind,
    FormPhase,
    LateKind,
    ReasonKind,
    RegistrationState,
    ReminderKind,
    SecurityDecision,
    Standing,
)
from delegates.models import (
    Circular,
    Delegate,
    Delegation,
    DelegationNote,
    ErasureRequest,
    InvitationLetter,
    LateRequest,
    PendingChange,
    PersonalFile,
    PlaceRequest,
    Quota,
    Registration,
)
from events.choices import Audience, EventState
from events.models import Event, MessageText, OutboxMail, PressRelease
from sessions.choices import Label, PublicIdentity, SessionKind, ShownAsClosed
from sessions.models import Intervention, Session, SignUp, Slot, Speaker, Star

TODAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


def load() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def dump() -> dict[str, list]:
    tables = {}
    for name in sorted(connection.introspection.django_table_names(only_existing=True)):
        model = next((m for m in connection.introspection.installed_models([name])), None)
        if model:
            tables[name] = json.loads(serializers.serialize("json", model.objects.order_by("pk")))
    return tables


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once: each test runs in a savepoint on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(TODAY, tick=False):
            load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The demonstration, to be changed at will."""


def values(rows, field: str) -> set:
    return set(rows.values_list(field, flat=True))


def test_demo_shows_every_state_answer_audience_and_label(demo):
    assert values(Registration.objects, "state") == set(RegistrationState.values)
    assert values(Registration.objects, "category") == set(Category.values)
    assert values(Delegation.objects, "answer") == set(Answer.values)
    assert values(Delegation.objects, "standing") == set(Standing.values)
    assert values(Session.objects, "audience") == set(Audience.values)
    assert values(Session.objects, "label") == set(Label.values)
    assert values(Session.objects, "kind") == set(SessionKind.values)
    assert values(Session.objects, "shown_as_closed") == set(ShownAsClosed.values)
    assert values(Speaker.objects, "public_identity") == set(PublicIdentity.values)


def test_demo_holds_the_public_facts_of_brussels(demo):
    brussels = Event.objects.get(slug="brussels-2024")
    slots = list(Slot.objects.current().filter(event=brussels).order_by("start_at").select_related("session"))
    opening, tour = slots[0].session, slots[1].session
    speakers = Speaker.objects.filter(event=brussels)
    guests = Delegation.objects.filter(event=brussels, standing=Standing.GUEST)

    assert brussels.state == EventState.CLOSED
    assert brussels.first_date.isocalendar()[:2] == dt.date(2024, 4, 22).isocalendar()[:2]
    assert Delegation.objects.get(event=brussels, standing=Standing.HOST).organisation.abbreviation == "OCAM-OCAD"
    assert {speaker.name for speaker in speakers} == {"Paul Van Tigchelt", "Gert Vercauteren"}
    assert (opening.kind, tour.kind, slots[-1].session.kind) == (SessionKind.OPENING, SessionKind.TOUR_DE_TABLE, SessionKind.CLOSING)
    assert len([slot for slot in slots if slot.session.kind == SessionKind.PLENARY]) == 4
    assert {delegation.organisation.country for delegation in guests} == {"US", "CA", "AU", "JP"}
    release = PressRelease.objects.get(event=brussels)
    assert all("Paul Van Tigchelt" in getattr(release, f"text_{language}") for language in ("en", "fr", "nl", "de"))
    hungary = brussels.follow_up
    assert (hungary.is_external, hungary.first_date.year) == (True, 2024)
    assert Delegation.objects.get(event=hungary, standing=Standing.HOST).organisation.country == "HU"


def test_demo_has_one_coming_edition_under_the_presidency_of_its_semester(demo):
    coming = Event.objects.get(state=EventState.OPEN, audience=Audience.PUBLIC)
    host = Delegation.objects.get(event=coming, standing=Standing.HOST).organisation

    assert coming.first_date == coming_first_date(TODAY.date()) == dt.date(2027, 1, 19)
    assert host.country == "LT"
    assert coming.delegations.count() >= 30
    assert {"US", "CA", "AU", "JP", "GB", "NO", "CH"} <= set(coming.delegations.values_list("organisation__country", flat=True))
    for quota in Quota.objects.filter(delegation__isnull=False, category="", mode=""):
        assert quota.taken <= quota.seats


def test_demo_leaves_work_on_every_page_of_the_organisers(demo):
    coming = Event.objects.get(slug="vilnius-2027")
    hungary = Delegation.objects.get(event=coming, organisation__country="HU")
    people = Registration.objects.filter(event=coming).select_related("delegate")

    assert coming.security_decides
    assert values(people.filter(state=RegistrationState.SUBMITTED), "security_decision") == set(SecurityDecision.values)
    assert values(PendingChange.objects.open(), "field") == {"family_name", "badge_name", "nationalities", "identity_document"}
    assert len([person for person in people.active() if people.doubles_of(person)]) == 2
    assert [len(group) for group in Delegate.objects.alike(coming)] == [2, 2]
    assert Delegate.objects.former_of(hungary).count() == 4
    assert values(PersonalFile.objects, "kind") == {FileKind.PHOTO, FileKind.CREDENTIAL}
    assert people.filter(state=RegistrationState.APPROVED, details_at__isnull=True).exists()
    assert values(coming.questions, "phase") == set(FormPhase.values)
    assert values(coming.reasons, "kind") == set(ReasonKind.values)
    assert values(coming.reminder_plans.filter(is_on=True), "kind") == set(ReminderKind.values)
    assert values(MessageText.objects, "kind") == {"approved"}
    assert [circular.sent_at is not None for circular in Circular.objects.order_by("pk")] == [True, False]
    assert OutboxMail.objects.needing_somebody().filter(event=coming).count() == 1
    assert DelegationNote.objects.filter(delegation__follow_up_date__isnull=False).exists()
    assert InvitationLetter.objects.filter(event=coming).count() == 2
    assert PlaceRequest.objects.filter(event=coming).count() == 2
    assert ErasureRequest.objects.open().filter(event=coming).count() == 1
    assert Intervention.objects.filter(slot__session__event=coming).exists()
    assert (SignUp.objects.seated().count(), SignUp.objects.waiting().count()) == (6, 2)
    assert values(Star.objects, "registration__delegation__organisation__country") == {"HU", "US"}


def test_demo_postponed_a_meeting_that_is_not_public(demo):
    meeting = Event.objects.get(slug="preparation-2027")
    asked = LateRequest.objects.open()

    assert (meeting.audience, meeting.state) == (Audience.PARTICIPANTS, EventState.OPEN)
    assert meeting.first_date - meeting.former_first_date == dt.timedelta(weeks=2)
    assert meeting.nominate_by_at < TODAY < meeting.confirm_by_at
    assert set(asked.values_list("event__slug", "kind")) == {(meeting.slug, kind) for kind in LateKind.values}
    assert values(Registration.objects.filter(event=meeting), "state") == {RegistrationState.NOMINATED, RegistrationState.APPROVED}


def test_demo_writes_only_to_invented_addresses(demo):
    assert OutboxMail.objects.exists()
    assert [mail.to for mail in OutboxMail.objects.all() if not mail.to.endswith("example.org")] == []


def test_demo_loaded_again_a_day_later_changes_nothing(demo):
    before = dump()
    with time_machine.travel(TODAY + dt.timedelta(days=1), tick=False):
        printed = load()

    assert dump() == before
    assert "manager@example.org" in printed


def test_one_page_pdf_names_where_its_table_starts():
    pdf = one_page_pdf("A title (with brackets)")
    start = int(pdf.split(b"startxref\n")[1].split(b"\n")[0])

    assert pdf[start : start + 4] == b"xref"
