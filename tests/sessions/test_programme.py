"""The programme on paper: a sheet a day and a booklet, of what each reader may see; what people wrote stays text."""

import datetime as dt
import json
import re

import pytest
import time_machine
import typst
from django.urls import reverse
from django.utils import timezone, translation

from conference.lib import clock
from conference.lib.markdown import paragraphs
from conference.lib.typst import folded, pdf
from conference.lib.viewer import ANYONE
from delegates.choices import RegistrationState
from events.choices import Audience
from events.models import ReadRecord
from sessions.choices import Label, SessionKind, ShownAsClosed
from sessions.exports.lines import lines_of
from sessions.exports.programme import TEMPLATE, programme_data
from sessions.models import Release, agenda_for
from tests.factories import (
    ContributionFactory,
    DelegationFactory,
    EventFactory,
    OrganisationFactory,
    RegistrationFactory,
    ReleaseFactory,
    RoomFactory,
    SessionFactory,
    SlotFactory,
    SpeakerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HOSTILE = [
    '#import "@preview/cetz:0.3.0": *',
    '#read("/etc/passwd")',
    "#panic()",
    '#eval("1+1")',
    "$x^2$ *bold* _soft_ `code` = heading",
    '")] #include "/etc/hosts" \\u{41} <label> @reference //comment /* more',
    '"}], "lang": "xx"',
    "#" * 200,
]


@pytest.fixture
def event():
    return EventFactory(first_date=dt.date(2027, 3, 18), last_date=dt.date(2027, 3, 19), title_en="The event")


def put(event, start="09:00", *, day=0, minutes=30, room=None, **facts):
    at = clock.moment(event.first_date + dt.timedelta(days=day), dt.time.fromisoformat(start), event.zone)
    times = {"released__start_at": at, "released__end_at": at + dt.timedelta(minutes=minutes), "released__room": room}
    return SessionFactory(**{"event": event, "audience": Audience.PUBLIC, "label": Label.CLEAR, "released": True} | times | facts)


def ask(client, event, name="programme", *, language="en", status=200):
    with translation.override(language):
        response = client.get(reverse(f"sessions:{name}", args=[event.slug]))
    assert response.status_code == status
    return response


def data_of(event, form="booklet", language="en", **options):
    with translation.override(language):
        lines = lines_of(agenda_for(event, ANYONE))
        options = {"on": dt.date(2027, 3, 1), "leaves_out_red": False} | options
        return programme_data(event, lines, Release.objects.filter(event=event).current().get(), form=form, **options)


def sheets(body):
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", body))


def headings(data):
    """The headings typst sets, as the text they hold."""
    found = json.loads(
        typst.query(str(TEMPLATE), "heading.where(level: 2)", sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True)
    )
    return [_text(one["body"]) for one in found]


def _text(content):
    if content["func"] == "text":
        return content["text"]
    if content["func"] == "space":
        return " "
    return "".join(_text(child) for child in content.get("children", [content.get("child") or content.get("body")]))


def participant(client, event, country="FR"):
    user = UserFactory()
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(country=country))
    RegistrationFactory(delegation=delegation, user=user, state=RegistrationState.APPROVED, invited_at=timezone.now())
    client.force_login(user)


@pytest.mark.parametrize(("name", "count", "is_tagged"), [("programme", 2, True), ("booklet", 4, True), ("booklet_sheets", 2, False)])
def test_it_has_a_sheet_a_day_or_folds(client, event, name, count, is_tagged):
    for hour in range(8, 20):
        put(event, f"{hour:02}:00", abstract_en="Words. " * 30)
    answer = ask(client, event, name)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"{event.slug}-{name.replace('_', '-')}-1-en.pdf" in answer["Content-Disposition"]
    assert (sheets(answer.content), b"/StructTreeRoot" in answer.content) == (count, is_tagged)


def test_sheets_to_fold_are_those_of_the_booklet(client, event):
    """The pages of the booklet as the same reader gets it, two on a side of A4."""
    put(event, title_en="Opening")
    with time_machine.travel(dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC), tick=False):
        on_sheets, booklet = ask(client, event, "booklet_sheets").content, ask(client, event, "booklet").content
    assert on_sheets == folded(booklet)
    assert set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", on_sheets)) == {b"0 0 841.8898 595.2756"}


def test_a_crowded_day_goes_on_and_a_booklet_has_whole_sheets(event):
    for n in range(120):
        put(event, f"{8 + n // 12:02}:{n % 12 * 5:02}", abstract_en="Words. " * 40)
    assert sheets(pdf(TEMPLATE, data_of(event, "days"))) > len(event.days)
    assert sheets(pdf(TEMPLATE, data_of(event))) % 4 == 0


def test_before_any_release_there_is_none(client, event):
    SlotFactory(session=SessionFactory(event=event, audience=Audience.PUBLIC), release=ReleaseFactory(event=event, number=None))
    ask(client, event, status=404)
    assert "programme.pdf" not in client.get(reverse("sessions:agenda", args=[event.slug])).content.decode()


def test_agenda_links_to_all_three(client, event):
    put(event)
    body = client.get(reverse("sessions:agenda", args=[event.slug])).content.decode()
    assert [name in body for name in ("programme.pdf", "booklet.pdf", "booklet-sheets.pdf")] == [True] * 3


def test_what_stands_on_it(event):
    room = RoomFactory(event=event, name_en="Great hall")
    session = put(
        event, "09:30", room=room, title_en="Opening", languages=["fr"], interpretation=["nl"], abstract_en="First.\n\n- one\n- *two*"
    )
    ContributionFactory(slot=session.slots.get(), speaker=SpeakerFactory(event=event, name="Ada Example", function_en="Minister"))
    put(event, "10:00", kind=SessionKind.BREAK, title_en="Coffee", day=1)
    data = data_of(event)
    first, second = data["days"]
    assert (data["label"], data["dates"], first["name"]) == ("TLP:CLEAR", "18–19 March 2027", "Thursday 18 March 2027")
    assert data["issued"].endswith("· printed on 1 March 2027")
    one = first["items"][0]
    assert (one["start"], one["end"], one["title"]["text"], one["room"]["text"]) == ("09:30", "10:00", "Opening", "Great hall")
    assert one["languages"] == "French ⇄ Dutch"
    assert one["people"][0][0]["text"] == "Ada Example"
    assert [part["text"] for part in one["abstract"]] == ["First.", "– one", "– two"]
    assert [item["quiet"] for item in second["items"]] == [True]


def test_it_is_in_the_readers_language_with_what_is_not_marked(event):
    put(event, title_en="Opening", title_fr="Ouverture", abstract_en="Words.")
    data = data_of(event, language="fr")
    one = data["days"][0]["items"][0]
    assert (data["lang"], one["title"], one["abstract"]) == (
        "fr",
        {"text": "Ouverture", "lang": "fr"},
        [{"text": "Words.", "lang": "en"}],
    )
    assert data["days"][0]["name"] == "jeudi 18 mars 2027"


@pytest.mark.parametrize("form", ["days", "booklet"])
def test_hostile_titles_stay_text(event, form):
    """Nothing of them is run, read or fetched; the negative control shows that the same text as markup is refused."""
    for n, title in enumerate(HOSTILE):
        put(event, f"{8 + n:02}:00", title_en=title, abstract_en=title)
    body = pdf(TEMPLATE, data_of(event, form))
    assert (body[:5], b"root:x" in body) == (b"%PDF-", False)
    if form == "booklet":
        assert headings(data_of(event, form)) == HOSTILE


@pytest.mark.parametrize("markup", ['#import "@preview/cetz:0.3.0": *', '#read("/etc/passwd")', "#panic()"])
def test_as_markup_they_would_be_refused(tmp_path, markup):
    template = tmp_path / "markup.typ"
    template.write_text(markup)
    with pytest.raises(RuntimeError):
        pdf(template, {})


def test_every_script_of_europe_is_set_in_our_fonts(event):
    put(event, title_en="Žygimantas Šimkus Łódź Ærø Þór Ğ ş Ő Ůž Æ ß", abstract_en="Ελληνική Δημοκρατία · България · Україна · Ștefan")
    names = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+(\w+)", pdf(TEMPLATE, data_of(event))))
    assert names == {b"PlenarySans", b"PlenarySerif"}


def test_names_of_guests_are_set_in_their_scripts(event):
    session = put(event, title_en="Opening")
    for position, name in enumerate(("髙橋 結衣", "김민준", "王小明", "ياسمين العلي", "דוד כהן", "Արմեն", "გიორგი", "🎉")):
        ContributionFactory(slot=session.slots.get(), speaker=SpeakerFactory(event=event, name=name), position=position)
    body = pdf(TEMPLATE, data_of(event))
    fonts = {name.decode() for name in re.findall(rb"/FontName\s*/[A-Z]{6}\+([\w-]+)", body)}
    scripts = {"CJKjp", "Arabic", "Hebrew", "Armenian", "Georgian"}
    assert fonts == {"PlenarySans", "PlenarySerif"} | {f"NotoSans{script}-Regular" for script in scripts}
    assert b"<pdfuaid:part>1" in body


def test_same_facts_give_the_same_bytes(client, event):
    put(event, title_en="Opening")
    with time_machine.travel(dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC), tick=False):
        first = ask(client, event).content
        assert pdf(TEMPLATE, data_of(event, "days")) == first
    put(event, "10:00", audience=Audience.EU, title_en="Zqhidden")
    with time_machine.travel(dt.datetime(2027, 3, 1, 20, tzinfo=dt.UTC), tick=False):
        assert ask(client, event).content == first
    with time_machine.travel(dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC), tick=False):
        assert ask(client, event).content != first  # printed on another day


def test_each_reads_what_they_may_and_papers_above_clear_are_recorded(client, event):
    put(event, title_en="Opening")
    put(event, "10:00", audience=Audience.EU, label=Label.AMBER, shown_as_closed=ShownAsClosed.TIME, title_en="Inner")
    public = ask(client, event).content
    participant(client, event)
    mine = ask(client, event).content
    assert (mine != public, ReadRecord.objects.filter(verb="export").count()) == (True, 1)
    client.logout()
    assert (ask(client, event).content, ReadRecord.objects.count()) == (public, 1)
    assert [item["title"]["text"] for item in data_of(event)["days"][0]["items"]] == ["Opening", "Closed session"]


def test_red_stands_on_no_paper(client, event):
    """A participant who sees a RED session on the agenda gets the paper of one for whom it is not there, with a word that says so."""
    put(event, title_en="Opening")
    red = put(event, "10:00", audience=Audience.EU, label=Label.RED, title_en="Zqred")
    participant(client, event)
    with_red = ask(client, event).content
    red.label = Label.GREEN
    red.save()
    event.stamp += 1
    event.save()
    assert ask(client, event).content != with_red
    assert data_of(event, leaves_out_red=True)["red"] is True


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_sessions(client, event, count, django_assert_num_queries):
    for n in range(count):
        put(event, f"{9 + n:02}:00")
    with django_assert_num_queries(6):  # event, release, slots, rooms, tracks, people
        ask(client, event)
    with django_assert_num_queries(1):  # the event's stamp
        ask(client, event)


def test_paragraphs_are_words_alone():
    assert paragraphs("# Head\n\nSome **bold** [link](https://example.org)\nand more\n\n1. one\n\n```\ncode\n```") == [
        "Head",
        "Some bold link and more",
        "– one",
        "code\n",
    ]
