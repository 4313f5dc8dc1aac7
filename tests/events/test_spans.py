"""From when until when: what the tables of spans refuse, what the actions keep in them, and how they began."""

import datetime as dt
import importlib

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conference.lib.viewer import SYSTEM, Actor
from events.actions import (
    create_event,
    delete_venue,
    edit_event,
    publish_press_release,
    record,
    save_organisation,
    save_press_release,
    save_venue,
    withhold_press_release,
)
from events.choices import Audience
from events.models import AudienceSpan, Organisation, OrganisationSpan, PressRelease, Venue
from sessions.actions import add_paper, change_paper, remove_paper, set_joining
from sessions.models import Joining
from sessions.rules import Stale
from tests.events.test_models import changed, refused
from tests.factories import (
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    PaperFactory,
    PressReleaseFactory,
    SeriesFactory,
    SessionFactory,
    UserFactory,
    VenueFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def spans_of(thing, *names):
    """What is kept of a thing, in order: aspect, audience, the named facts, and whether it has ended."""
    rows = AudienceSpan.objects.filter(target=str(thing)).order_by("from_at", "pk")
    return [(row.aspect, row.audience, *(getattr(row, name) for name in names), row.until_at is not None) for row in rows]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"aspect": "colour"}, "audience_span_aspect_known"),
        ({"audience": "everybody"}, "audience_span_audience_known"),
        ({"audience": ""}, "audience_span_audience_known"),
        ({"audience": "", "aspect": "joining"}, "audience_span_audience_known"),  # of no session
        ({"shown": "half"}, "audience_span_shown_known"),
        ({"target": ""}, "audience_span_is_of_something"),
        ({"until_at": LONG_AGO}, "audience_span_ends_after_it_starts"),
    ],
)
def test_span_of_an_audience_refuses(values, name):
    EventFactory()
    assert refused(changed(AudienceSpan.objects.get(aspect="event"), **values), name)


def test_one_span_of_an_aspect_is_open():
    event = EventFactory()
    span = {"event": event, "target": str(event), "aspect": "event", "audience": "public", "from_at": timezone.now(), "actor": "system"}
    assert refused(lambda: AudienceSpan.objects.create(**span), "audience_span_one_open")
    AudienceSpan.objects.filter(aspect="event").update(until_at=timezone.now())
    assert AudienceSpan.objects.create(**span).pk


def test_span_of_an_organisation_refuses():
    organisation = OrganisationFactory()
    span = OrganisationSpan.objects.get()
    assert refused(changed(span, kind="club"), "organisation_span_kind_known")
    assert refused(changed(span, until_at=LONG_AGO), "organisation_span_ends_after_it_starts")
    again = {"organisation": organisation, "kind": "state", "from_at": timezone.now()}
    assert refused(lambda: OrganisationSpan.objects.create(**again), "organisation_span_one_open")


def test_event_keeps_its_audiences():
    facts = {"first_date": days_from_now(30), "last_date": days_from_now(31), "title_en": "Event"}
    event = create_event(series=SeriesFactory(), slug="new", facts=facts, by=Actor(user=UserFactory()))
    edit_event(event, facts={"title_en": "Another title"}, by=SYSTEM)
    edit_event(event, facts={"audience": Audience.PUBLIC, "delegations_shown": "number"}, by=SYSTEM)
    assert spans_of(event, "shown") == [
        ("event", "organisers", "", True),
        ("host", "organisers", "", False),
        ("delegations", "organisers", "none", True),
        ("event", "public", "", False),
        ("delegations", "organisers", "number", False),
    ]


def test_venue_keeps_its_audiences_until_it_is_deleted():
    event = EventFactory()
    venue = save_venue(event, Venue(name_en="House"), by=SYSTEM)
    venue.city_audience = Audience.EU
    save_venue(event, venue, by=SYSTEM)
    ended = [("city", "organisers", True), ("city", "eu", False)]
    assert [row for row in spans_of(venue) if row[0] == "city"] == ended
    delete_venue(Venue.objects.get(), by=SYSTEM)
    assert [row[-1] for row in spans_of(venue)] == [True] * 4


def test_press_release_keeps_audience_and_embargo():
    event = EventFactory()
    release = save_press_release(event, PressRelease(title_en="News", audience=Audience.PUBLIC), by=SYSTEM)
    later = timezone.now() + dt.timedelta(hours=1)
    publish_press_release(release, published_at=later, by=SYSTEM)
    withhold_press_release(release, by=SYSTEM)
    assert spans_of(release, "opens_at") == [
        ("press", "public", None, True),
        ("press", "public", later, True),
        ("press", "public", None, False),
    ]


def test_paper_keeps_audience_label_delegations_and_session_until_it_is_removed():
    event = EventFactory()
    delegation = DelegationFactory(event=event)
    paper = add_paper(event, file=SimpleUploadedFile("paper.pdf", b"%PDF-1.4\n%%EOF\n"), by=SYSTEM)
    change_paper(paper, by=SYSTEM, audience=Audience.SELECTED, label="TLP:AMBER", delegations=[delegation])
    change_paper(paper, by=SYSTEM, delegations=[delegation], title_en="Only the title")
    remove_paper(paper, by=SYSTEM)
    assert spans_of(paper, "label", "delegation_ids") == [
        ("paper", "organisers", "TLP:RED", [], True),
        ("paper", "selected", "TLP:AMBER", [delegation.pk], True),
    ]


def test_join_details_keep_audience_and_minutes_until_they_are_removed():
    session = SessionFactory()
    joined = {"by": SYSTEM, "link": "https://meet.example.org/", "words": ""}
    set_joining(session, **joined, audience="", minutes_before=15)
    set_joining(session, **joined | {"words": "Only the words"}, audience="", minutes_before=15)
    set_joining(session, **joined, audience="eu", minutes_before=15)
    set_joining(session, **joined, audience="eu", minutes_before=30)
    set_joining(session, **joined | {"link": ""}, audience="eu", minutes_before=30)
    set_joining(session, **joined, audience="members", minutes_before=30)
    assert spans_of(Joining.objects.get(), "within", "minutes_before") == [
        ("joining", "", str(session), 15, True),
        ("joining", "eu", str(session), 15, True),
        ("joining", "eu", str(session), 30, True),
        ("joining", "members", str(session), 30, False),
    ]
    kept = AudienceSpan.objects.filter(aspect="joining").order_by("pk")
    assert kept[0].until_at == kept[1].from_at


def test_join_details_that_are_not_saved_keep_nothing():
    """Somebody else's change refuses the save, and with it the span."""
    session = SessionFactory()
    joined = {"by": SYSTEM, "link": "https://meet.example.org/", "words": "", "minutes_before": 15}
    set_joining(session, **joined, audience="")
    with pytest.raises(Stale):
        set_joining(session, **joined, audience="eu", seen={"audience": "of before"})
    assert spans_of(Joining.objects.get()) == [("joining", "", False)]


def test_join_details_of_before_get_their_spans_and_lose_them():
    migration = importlib.import_module("sessions.migrations.0012_fill_joining_spans")
    sessions = [SessionFactory(), SessionFactory()]
    for session in sessions:
        row = Joining(event=session.event, session=session, audience="", minutes_before=20)
        row.put(link="https://meet.example.org/", words="")
        row.save()
    recorded = record(SYSTEM, "session.join", sessions[0], event=sessions[0].event)
    migration.fill(apps, None)
    spans = AudienceSpan.objects.filter(aspect="joining").order_by("pk")
    assert [spans_of(one.joining, "within", "minutes_before") for one in sessions] == [
        [("joining", "", str(one), 20, False)] for one in sessions
    ]
    assert (spans[0].from_at == recorded.at, spans[1].from_at > recorded.at) == (True, True)
    set_joining(sessions[0], by=SYSTEM, link="", words="", audience="", minutes_before=20)
    assert spans_of(sessions[0].joining) == [("joining", "", True)]
    others = AudienceSpan.objects.exclude(aspect="joining").count()
    migration.empty(apps, None)
    assert (spans.count(), AudienceSpan.objects.count()) == (0, others)


def test_organisation_keeps_what_it_was():
    organisation = save_organisation(Organisation(name_en="Service", kind="state", country="GB"), by=SYSTEM)
    organisation.abbreviation = "S"
    save_organisation(organisation, by=SYSTEM)
    organisation.country = "FR"
    save_organisation(organisation, by=SYSTEM)
    rows = organisation.spans.order_by("pk")
    assert [(row.kind, row.country, row.until_at is None) for row in rows] == [("state", "GB", False), ("state", "FR", True)]


def test_a_clock_set_back_ends_no_span_before_it_began():
    with time_machine.travel(dt.datetime(2026, 5, 1, tzinfo=dt.UTC), tick=False) as travel:
        event = EventFactory()
        edit_event(event, facts={"audience": Audience.EU}, by=SYSTEM)
        travel.shift(-3600)
        edit_event(event, facts={"audience": Audience.PUBLIC}, by=SYSTEM)
    spans = AudienceSpan.objects.filter(aspect="event").order_by("pk")
    assert [(span.audience, span.until_at == span.from_at) for span in spans] == [("public", False), ("eu", True), ("public", False)]


def test_what_was_there_before_gets_its_spans():
    """The migrations begin a span at the last act recorded on a thing; without one, when they run."""
    event, organisation = EventFactory(delegations_shown="number"), OrganisationFactory()
    venue, release = VenueFactory(event=event), PressReleaseFactory(event=event)
    delegation = DelegationFactory(event=event, organisation=organisation)
    paper = PaperFactory(event=event, audience=Audience.SELECTED)
    paper.delegations.set([delegation])
    recorded = record(SYSTEM, "venue.edit", venue, event=event)
    AudienceSpan.objects.all().delete()
    OrganisationSpan.objects.all().delete()
    for name in ("events.migrations.0003_fill_spans", "sessions.migrations.0002_fill_spans"):
        importlib.import_module(name).fill(apps, None)
    kept = {thing: spans_of(thing, "shown", "label", "delegation_ids", "opens_at") for thing in (event, venue, release, paper)}
    assert kept == {
        event: [
            ("event", "public", "", "", [], None, False),
            ("host", "organisers", "", "", [], None, False),
            ("delegations", "organisers", "number", "", [], None, False),
        ],
        venue: [(part, "organisers", "", "", [], None, False) for part in ("country", "city", "address")],
        release: [("press", "public", "", "", [], release.published_at, False)],
        paper: [("paper", "selected", "", "TLP:GREEN", [delegation.pk], None, False)],
    }
    assert set(AudienceSpan.objects.filter(target=str(venue)).values_list("from_at", flat=True)) == {recorded.at}
    assert (OrganisationSpan.objects.get().country, AudienceSpan.objects.count()) == (organisation.country, 8)
